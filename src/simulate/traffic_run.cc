#include "simulate/traffic_run.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include <fmt/format.h>

#include "base/threads.h"

namespace leeway::simulate {
namespace {

/// Sleeps are cut to this, so that a stop is heard.
constexpr int64_t longest_sleep = 100'000'000;

void count(const TrafficMessage& message, const Answer& answer, TrafficTally& tally) {
  ++tally.sent;
  const bool accepted = answer.status >= 200 && answer.status < 300;
  if (answer.status == 0) ++tally.lost;
  else if (answer.status >= 500) ++tally.failed;
  else if (message.fault == Fault::malformed) tally.malformed_refused += !accepted;
  else if (!accepted) ++tally.refused;
  else {
    const size_t rejected = std::min(answer.rejected, message.rows);
    ++tally.accepted;
    tally.rejected += static_cast<int64_t>(rejected);
    (message.outcomes ? tally.outcomes : tally.rows) += static_cast<int64_t>(message.rows - rejected);
    if (rejected > 0)
      tally.last_problem = fmt::format("{} of {} rows rejected by {}", rejected, message.rows, message.path);
  }
  tally.malformed += message.fault == Fault::malformed;
  if (accepted || (message.fault == Fault::malformed && answer.status != 0 && answer.status < 500)) return;
  tally.last_problem = answer.status == 0 ? answer.failure : fmt::format("{} to {}", answer.status, message.path);
}

class Run {
 public:
  Run(Traffic& traffic, TrafficClock& clock, const TrafficRunOptions& options)
      : traffic_(traffic), clock_(clock), options_(options) {
    tally_.started = tally_.ended = clock.now();
  }

  void serve(TrafficTarget& target) {
    while (auto message = take()) {
      if (options_.paced && !wait(message->due)) return;
      const int64_t began = options_.paced ? message->due : clock_.now();
      const Answer answer = target.send(*message);
      keep(*message, answer, began);
    }
  }

  TrafficTally tally() {
    tally_.ended = clock_.now();
    return tally_;
  }

 private:
  bool stopped() const { return options_.stop != nullptr && options_.stop->load(); }

  std::optional<TrafficMessage> take() {
    const std::lock_guard lock(mutex_);
    if (stopped() || unreachable_) return std::nullopt;
    return traffic_.next();
  }

  bool wait(int64_t due) {
    for (int64_t now = clock_.now(); now < due; now = clock_.now()) {
      if (stopped()) return false;
      clock_.sleep_until(std::min(due, now + longest_sleep));
    }
    return true;
  }

  void keep(const TrafficMessage& message, const Answer& answer, int64_t began) {
    const std::lock_guard lock(mutex_);
    const int64_t now = clock_.now();
    count(message, answer, tally_);
    if (answer.status != 0) tally_.latency.add(now - began);
    unreachable_ = tally_.lost > 0 && tally_.latency.count() == 0;
    tally_.ended = now;
    if (options_.progress) options_.progress(tally_);
  }

  Traffic& traffic_;
  TrafficClock& clock_;
  const TrafficRunOptions& options_;
  std::mutex mutex_;
  TrafficTally tally_;
  bool unreachable_ = false;
};

}  // namespace

void Latencies::add(int64_t nanoseconds) {
  const double octaves = std::log2(static_cast<double>(std::max<int64_t>(1, nanoseconds)));
  ++buckets_[std::min(buckets_.size() - 1, static_cast<size_t>(octaves * per_octave))];
  ++count_;
}

double Latencies::percentile(double share) const {
  const auto rank = static_cast<int64_t>(std::ceil(share * static_cast<double>(count_)));
  int64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (count_ > 0 && seen >= rank) return std::exp2(static_cast<double>(i + 1) / per_octave);
  }
  return 0;
}

TrafficTally run_traffic(Traffic& traffic, TrafficClock& clock, std::span<TrafficTarget* const> targets,
                         const TrafficRunOptions& options) {
  Run run(traffic, clock, options);
  parallel_for(targets.size(), static_cast<int>(targets.size()), [&](size_t i) { run.serve(*targets[i]); });
  return run.tally();
}

}  // namespace leeway::simulate
