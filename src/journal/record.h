#pragma once
// The bytes of a journal (api/journal_format.md): the header of a segment and the frame of a record. Pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace leeway {

inline constexpr uint32_t journal_format_version = 1;
inline constexpr size_t segment_header_bytes = 64;
inline constexpr size_t record_header_bytes = 32;
inline constexpr uint32_t max_record_bytes = 64u << 20;   ///< The longest payload.

struct SegmentHeader {
  std::string id;               ///< Of the journal: 32 hex digits.
  uint64_t salt = 0;            ///< Enters the checksums, so that nothing a client sends can pass for a record.
  uint64_t first_sequence = 0;  ///< Of the first record, whether it is written yet or not.

  bool operator==(const SegmentHeader&) const = default;
};

/// Requires an id of 32 hex digits. 64 bytes.
std::string encode_segment_header(const SegmentHeader& header);
/// Errors: invalid_data (not one, damaged), failed_precondition (of a newer release).
Result<SegmentHeader> decode_segment_header(std::string_view bytes);

/// The values are part of the format.
enum class RecordKind : uint32_t {
  data = 1,
  closing = 2,   ///< Without payload: what is before it was all there when the journal was closed.
};

struct RecordHeader {
  uint32_t length = 0;          ///< Of the payload, without padding.
  RecordKind kind = RecordKind::data;
  uint64_t sequence = 0;        ///< Data: one more than that of the data record before. Closing: that of the next data.
  uint64_t durable_up_to = 0;   ///< Every record up to this one was on the disk when this one was written.
  uint32_t payload_checksum = 0;

  bool operator==(const RecordHeader&) const = default;
};

/// The bytes that a record takes: header, payload, and zeros up to a multiple of 8.
constexpr uint64_t framed_bytes(uint64_t length) { return record_header_bytes + (length + 7) / 8 * 8; }

/// Appends the record as it stands at `offset` of its segment; fills in the length and the payload's checksum.
void encode_record(RecordHeader header, std::string_view payload, uint64_t offset, uint64_t salt, std::string& out);

/// The header at the beginning of `bytes` (32 at least), if they are one that was written at `offset`.
std::optional<RecordHeader> decode_record_header(std::string_view bytes, uint64_t offset, uint64_t salt);
/// True if `body` (payload and padding) is the one that was written with the header.
bool payload_matches(const RecordHeader& header, std::string_view body);

}  // namespace leeway
