#pragma once
// The journal: many threads append, one syncs, and an append succeeds only when its record survives power loss.
//
// A record that is appended while a sync runs waits for that one and its own: 0.4 ms at the median where a sync takes
// 0.2 ms. The bytes are those of api/journal_format.md.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "journal/files.h"
#include "journal/segment_log.h"
#include "journal/segment_reader.h"

namespace leeway {

struct JournalRecord {
  uint64_t sequence = 0;
  std::string payload;

  bool operator==(const JournalRecord&) const = default;
};

struct JournalState {
  uint64_t durable = 0;     ///< Every record up to this one is on the disk.
  uint64_t released = 0;    ///< The applied position last given to release().
  uint64_t bytes = 0;       ///< Of all segments.
  uint64_t waiting_bytes = 0;  ///< Of records that no sync covers yet.
  std::optional<Error> failure;  ///< Set for good by the first failed sync: stop the process with this.
};

/// Thread safe. One per directory.
class Journal {
 public:
  /// As SegmentLog::open.
  static Result<std::unique_ptr<Journal>> open(std::unique_ptr<Files> files, const JournalOptions& options,
                                               const AppliedPosition& applied);
  /// Without close(), as a kill would leave it: records not yet synced are answered `cancelled`.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  const std::string& id() const { return log_.id(); }
  const JournalRecovery& recovery() const { return log_.recovery(); }

  /// Given the record's sequence number once it is on the disk, or why it is not kept: resource_exhausted (disk, size
  /// bound or queue full: try again later), invalid_argument (beyond max_record_bytes), unavailable (the journal has
  /// failed; the record may or may not be found at the next start), cancelled (closed).
  using Done = std::function<void(Result<uint64_t>)>;
  /// Returns at once. `done` is called exactly once: by this thread if the record is refused, else by the journal's, in
  /// order; it must not block or throw.
  void append(std::string payload, Done done);
  /// The same, waiting.
  Result<uint64_t> append(std::string payload);

  /// Durable records after `after`, in order, until their payloads exceed `max_bytes`; at least one if there is any.
  /// Requires that release() was not called beyond `after`. Errors: invalid_data, what reading gives. Each caller reads
  /// by a cursor of its own, so that going on costs what the new records cost.
  class Cursor {
   public:
    Result<std::vector<JournalRecord>> next(size_t max_bytes);

   private:
    friend class Journal;
    Cursor(const Journal& journal, uint64_t after) : journal_(&journal), after_(after) {}
    Status open_segment();
    const Journal* journal_;
    uint64_t after_;
    std::optional<SegmentReader> reader_;
  };
  Cursor after(uint64_t sequence) const { return Cursor(*this, sequence); }

  /// Waits until a record after `sequence` is durable; false if none came in time, or none will.
  bool wait_beyond(uint64_t sequence, std::chrono::milliseconds patience) const;

  /// As SegmentLog::release.
  Status release(uint64_t applied);

  /// Takes no more, syncs what waits and writes the closing record. Reading goes on.
  Status close();

  JournalState state() const;

 private:
  struct Waiting {
    std::string payload;
    Done done;
  };
  Journal(std::shared_ptr<Files> files, const JournalOptions& options, SegmentLog log);
  std::optional<Error> refusal(size_t payload_bytes) const;
  void run();
  void commit(std::vector<Waiting> batch);
  void publish();

  const std::shared_ptr<Files> files_;
  const JournalOptions options_;

  std::mutex log_mutex_;           // held while the disk is written; taken before mutex_
  SegmentLog log_;

  mutable std::mutex mutex_;       // guards all below
  mutable std::condition_variable changed_;
  std::vector<Waiting> waiting_;
  JournalState state_;
  std::vector<JournalSegment> segments_;
  bool closing_ = false;           // no more appends
  bool stopping_ = false;          // the thread is to end
  bool busy_ = false;              // a batch is on its way

  std::thread thread_;
};

}  // namespace leeway
