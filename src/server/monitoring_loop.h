#pragma once
// The monitoring worker on a thread of its own.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "monitor/worker.h"
#include "server/log.h"

namespace leeway::server {

struct MonitoringState {
  int64_t last_pass = 0;      ///< End of the last pass that led, nanoseconds since 1970; 0: none yet.
  double pass_seconds = 0;
  uint64_t windows = 0, alarms = 0, troubles = 0;
};

/// Runs a pass at the start and then every interval, until it is destroyed. What it says in the log it says once for
/// each trouble as long as it lasts.
class MonitoringLoop {
 public:
  MonitoringLoop(Worker& worker, std::chrono::milliseconds interval, std::function<int64_t()> clock, Log log);
  ~MonitoringLoop();
  MonitoringState state() const;

 private:
  void run();
  void tell(const WorkDone& done);

  Worker& worker_;
  const std::chrono::milliseconds interval_;
  const std::function<int64_t()> clock_;
  const Log log_;
  std::atomic<bool> stop_{false};
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  MonitoringState state_;
  std::vector<std::string> told_;
  std::thread thread_;
};

}  // namespace leeway::server
