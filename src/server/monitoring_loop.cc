#include "server/monitoring_loop.h"

#include <algorithm>

namespace leeway::server {

MonitoringLoop::MonitoringLoop(Worker& worker, std::chrono::milliseconds interval, std::function<int64_t()> clock,
                               Log log)
    : worker_(worker), interval_(interval), clock_(std::move(clock)), log_(std::move(log)), thread_([this] {
        run();
      }) {}

MonitoringLoop::~MonitoringLoop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

MonitoringState MonitoringLoop::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void MonitoringLoop::tell(const WorkDone& done) {
  for (const auto& trouble : done.troubles)
    if (std::ranges::find(told_, trouble) == told_.end())
      log_({LogLevel::warning, "not_judged", {{"trouble", trouble}}});
  told_ = done.troubles;
  if (done.windows > 0)
    log_({LogLevel::info,
          "judged",
          {{"windows", std::to_string(done.windows)}, {"alarms", std::to_string(done.alarms)}}});
}

void MonitoringLoop::run() {
  while (!stop_) {
    const int64_t began = clock_();
    const auto done = worker_.run_once(began, stop_);
    if (!done && !stop_) log_({LogLevel::warning, "monitoring_waits", {{"error", done.error().text()}}});
    std::unique_lock lock(mutex_);
    if (done && done->led) {
      tell(*done);
      state_.last_pass = clock_();
      state_.pass_seconds = static_cast<double>(state_.last_pass - began) / 1e9;
      state_.windows += static_cast<uint64_t>(done->windows);
      state_.alarms += static_cast<uint64_t>(done->alarms);
      state_.troubles = done->troubles.size();
    }
    wake_.wait_for(lock, interval_, [this] { return stop_.load(); });
  }
}

}  // namespace leeway::server
