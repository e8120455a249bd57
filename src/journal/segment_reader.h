#pragma once
// The records of one segment, front to back.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "journal/files.h"
#include "journal/record.h"

namespace leeway {

/// One record as it stands in its segment. The payload is valid until the reader moves on.
struct FramedRecord {
  RecordHeader header;
  uint64_t offset = 0;
  std::string_view payload;
};

/// Reads ahead in large pieces. A record may be appended behind the reader's back; refresh() before relying on that.
/// Not thread safe.
class SegmentReader {
 public:
  /// Errors: invalid_data (no header, or not the one of this name), failed_precondition (newer), what reading gives.
  static Result<SegmentReader> open(const Files& files, const std::string& name);

  enum class Step { record, end, broken };
  /// Moves to the next record. `end`: the file ends here. `broken`: what stands at offset() is not the record expected
  /// (sequence, order and checksums); the reader stays there. Errors: what reading gives.
  Result<Step> next();
  const FramedRecord& record() const { return record_; }

  /// The greatest durable_up_to of any record that can be recognised beyond offset(); 0 if there is none.
  Result<uint64_t> vouched_beyond();
  /// Forgets what was read ahead.
  void refresh() { buffer_.clear(); }

  const SegmentHeader& header() const { return header_; }
  const std::string& path() const { return path_; }
  uint64_t offset() const { return offset_; }                    ///< Where the next record begins.
  uint64_t next_sequence() const { return next_sequence_; }      ///< Of the next data record.

 private:
  SegmentReader(std::unique_ptr<File> file, std::string path, SegmentHeader header)
      : file_(std::move(file)), path_(std::move(path)), header_(std::move(header)),
        next_sequence_(header_.first_sequence) {}
  /// `size` bytes at `offset`, fewer at the end of the file.
  Result<std::string_view> bytes_at(uint64_t offset, size_t size);

  std::unique_ptr<File> file_;
  std::string path_;
  SegmentHeader header_;
  uint64_t next_sequence_;
  uint64_t offset_ = segment_header_bytes;
  FramedRecord record_;
  std::string buffer_;
  uint64_t buffer_offset_ = 0;
};

/// "00000000000000000001.journal"
std::string segment_name(uint64_t first_sequence);
/// Nothing if `name` is not such a name.
std::optional<uint64_t> segment_of_name(std::string_view name);

}  // namespace leeway
