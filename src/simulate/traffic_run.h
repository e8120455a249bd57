#pragma once
// Sends messages when they are due, over several connections, and keeps the tally.

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "simulate/traffic.h"

namespace leeway::simulate {

/// The time, so that tests need not wait. Thread safe.
class TrafficClock {
 public:
  virtual ~TrafficClock() = default;
  virtual int64_t now() = 0;                     ///< Nanoseconds since 1970.
  virtual void sleep_until(int64_t time) = 0;    ///< May return early.
};

struct Answer {
  int status = 0;       ///< HTTP status; 0 where there was none.
  size_t rejected = 0;  ///< Rows of an accepted request that were not taken.
  std::string failure;  ///< Why there was none.
};

/// One connection, used by one thread at a time.
class TrafficTarget {
 public:
  virtual ~TrafficTarget() = default;
  virtual Answer send(const TrafficMessage& message) = 0;
};

/// Counts of durations, in buckets that are 9 % wide.
class Latencies {
 public:
  void add(int64_t nanoseconds);
  int64_t count() const { return count_; }
  /// Nanoseconds, the upper end of the bucket; 0 when there are none. 0 < share <= 1.
  double percentile(double share) const;

 private:
  static constexpr int per_octave = 8;
  std::array<int64_t, 64 * per_octave> buckets_ = {};
  int64_t count_ = 0;
};

struct TrafficTally {
  int64_t sent = 0;             ///< Requests of all kinds.
  int64_t rows = 0, outcomes = 0;  ///< Taken, duplicates too.
  int64_t rejected = 0;         ///< Rows and outcomes that the server said it did not take.
  int64_t accepted = 0;         ///< 2xx
  int64_t refused = 0;          ///< 4xx to a well-formed request.
  int64_t failed = 0;           ///< 5xx
  int64_t lost = 0;             ///< No answer.
  int64_t malformed = 0, malformed_refused = 0;
  Latencies latency;            ///< From when it was due (of history: from sending) to the answer.
  int64_t started = 0, ended = 0;
  std::string last_problem;     ///< "503 to /api/v1/outcomes"

  double seconds() const { return static_cast<double>(ended - started) / 1e9; }
  double rate() const { return seconds() > 0 ? static_cast<double>(sent) / seconds() : 0; }
  bool clean() const { return refused + failed + lost + rejected == 0; }
};

struct TrafficRunOptions {
  bool paced = true;                               ///< Wait until messages are due.
  const std::atomic<bool>* stop = nullptr;         ///< Set from elsewhere to end early.
  std::function<void(const TrafficTally&)> progress;  ///< After each answer, one call at a time; may be empty.
};

/// One thread a target; each takes the next message, waits until it is due, and sends it. Ends when the messages do, or
/// after the first unanswered request if none was ever answered.
TrafficTally run_traffic(Traffic& traffic, TrafficClock& clock, std::span<TrafficTarget* const> targets,
                         const TrafficRunOptions& options = {});

}  // namespace leeway::simulate
