#pragma once
// A journal, a store and their client on a simulated disk, living through kills and power failures, and what must hold
// whenever they come back. One thread; everything follows from the seed.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/random.h"
#include "journal/segment_log.h"
#include "journal/simulated_disk.h"

namespace leeway {

/// Reads the records after `after` as a store would. Errors: what SegmentReader gives.
Result<std::map<uint64_t, std::string>> read_records(const Files& files, const SegmentLog& log, uint64_t after);

class CrashWorld {
 public:
  explicit CrashWorld(uint64_t seed);

  SimulatedDisk disk;
  double kills_at_start = 0;            ///< Probability that a process is killed while it starts.
  bool release_before_commit = false;   ///< A mutant of the caller: deletes before the store has committed.

  /// Starts the process and checks what it finds. True if it runs; else broken_promise() says why not, if it was not
  /// killed meanwhile.
  bool start();
  /// One action of the process, drawn from the seed. False when the process has ended.
  bool step();
  void append(bool disk_full);
  void apply();
  void close();
  /// Ends the process; everything written stays.
  void kill();
  /// Ends the process and the power.
  void crash();

  const std::optional<std::string>& broken_promise() const { return broken_; }
  bool running() const { return log_.has_value(); }
  bool failed() const { return log_ && log_->failure(); }
  int acknowledged() const { return static_cast<int>(acknowledged_.size()); }

 private:
  void broken(std::string promise);
  void end();
  void check_found(const std::map<uint64_t, std::string>& found);

  Random random_;
  std::shared_ptr<Files> files_;
  std::optional<SegmentLog> log_;
  std::map<uint64_t, std::string> store_;         // committed
  uint64_t position_ = 0;                         // committed in the same transaction
  std::map<uint64_t, std::string> acknowledged_;
  std::map<std::string, int> refused_;
  uint64_t sent_ = 0;
  bool closed_ = false;                           // the last thing that happened
  std::optional<std::string> broken_;
};

}  // namespace leeway
