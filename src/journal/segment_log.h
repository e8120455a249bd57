#pragma once
// The journal on one thread: segments, group commit, recovery. journal.h puts threads around it.
//
// Invariants
//  1. A segment's name appears only when its header is on the disk, and its name is on the disk before a record in it
//     is acknowledged.
//  2. Each segment but the last is on the disk whole: the next one is begun only after that.
//  3. append() returns without an error only when its records are on the disk.
//  4. What open() found is on the disk before it returns, so that what is replayed cannot vanish in a later power
//     failure.
//  5. After the first failed sync, or any other failure that leaves the disk's state unknown, nothing is written or
//     synced again.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "journal/files.h"
#include "journal/record.h"

namespace leeway {

class SegmentReader;

/// Every place that syncs, as File::sync and Files::sync_directory are told. A test leaves each out in turn and must
/// see promises broken.
namespace journal_sync {
inline constexpr std::string_view records = "the records";
inline constexpr std::string_view new_segment = "the new segment";
inline constexpr std::string_view new_name = "the new segment's name";
inline constexpr std::string_view found = "the records found at the start";
inline constexpr std::string_view found_names = "the segments found at the start";
inline constexpr std::string_view refused = "the cut after a refused write";
inline constexpr std::string_view closing = "the closing record";
inline constexpr std::string_view all[] = {records, new_segment, new_name, found, found_names, refused, closing};
}  // namespace journal_sync

struct JournalOptions {
  uint64_t segment_bytes = 64u << 20;       ///< A segment is full beyond this.
  uint64_t max_bytes = uint64_t{8} << 30;   ///< Of all segments; beyond it records are refused.
  double reserve = 0.15;                    ///< Share of the disk that stays free; below it records are refused.
  uint64_t seed = 0;                        ///< For ids and salts: take it from the system's random source.
};

/// What open() met.
struct JournalRecovery {
  bool clean = true;        ///< The journal is new, or was closed.
  uint64_t records = 0;     ///< Records beyond the applied position.
  uint64_t cut_bytes = 0;   ///< Of a torn tail, which was never acknowledged.
  std::string cut_file;
  uint64_t cut_offset = 0;
};

/// The position that the store has applied for the journal of this id: 0 if it has none.
using AppliedPosition = std::function<Result<uint64_t>(const std::string& id)>;

struct JournalSegment {
  uint64_t first_sequence = 0;
  uint64_t bytes = 0;
};

/// Not thread safe, but for files(). Sequence numbers begin at 1 and have no gaps.
class SegmentLog {
 public:
  /// Opens what the directory holds, or begins a journal. Segments that are applied whole are removed; a torn tail is
  /// cut. Reads everything that is not applied. Errors: invalid_data for damage below what was acknowledged (the file
  /// and the offset), which no start repairs; failed_precondition if the journal ends before the applied position (an
  /// older copy), begins beyond it (another store), or is of a newer release; what the files give.
  static Result<SegmentLog> open(std::shared_ptr<Files> files, const JournalOptions& options,
                                 const AppliedPosition& applied);

  /// Appends the payloads in order and syncs once. Returns the sequence number of the last. Errors: resource_exhausted
  /// (disk or reserve): nothing of it was kept and the next attempt may succeed; unavailable: see failure().
  /// Requires payloads of at most max_record_bytes, at least one.
  Result<uint64_t> append(std::span<const std::string> payloads);

  /// Removes segments whose records are all at or below `applied`, a position read back from the store after its
  /// commit.
  Status release(uint64_t applied);

  /// Vouches for everything before. Appending afterwards is allowed.
  Status close();

  const std::string& id() const { return id_; }
  uint64_t last() const { return last_; }                 ///< The last sequence number given; 0 if none.
  std::span<const JournalSegment> segments() const { return segments_; }
  uint64_t bytes() const;
  const JournalRecovery& recovery() const { return recovery_; }
  /// Set once and for all when the state of the disk is unknown.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  SegmentLog(std::shared_ptr<Files> files, const JournalOptions& options);

  Status find_segments(std::vector<uint64_t>& firsts);
  Status scan(std::span<const uint64_t> firsts, uint64_t applied);
  Status settle_tail(SegmentReader& reader, uint64_t group, bool broken);
  Status cut_tail(SegmentReader& reader, File& file);
  Status begin_segment();
  Status room_for(uint64_t bytes) const;
  Status write_synced(std::string_view bytes, std::string_view why);
  Status undo_write(Error cause);
  std::unexpected<Error> fatal(Error error);

  std::shared_ptr<Files> files_;
  JournalOptions options_;
  Random random_;
  std::string id_;
  std::vector<JournalSegment> segments_;
  std::unique_ptr<File> active_;    // the last segment
  uint64_t salt_ = 0;               // of the last segment
  uint64_t last_ = 0;
  uint64_t durable_ = 0;
  JournalRecovery recovery_;
  std::optional<Error> failure_;
};

}  // namespace leeway
