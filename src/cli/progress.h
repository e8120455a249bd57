#pragma once
// A progress bar on a terminal for work beyond a second; nothing elsewhere.

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

#include "cli/command.h"

namespace leeway::cli {

/// Draws on standard error, at most ten times a second, and wipes itself when destroyed. Thread safe.
class Progress {
 public:
  Progress(const Terminal& terminal, bool quiet);
  ~Progress();
  /// `done` in [0, 1].
  void update(double done, const std::string& what);

 private:
  const Terminal& terminal_;
  bool enabled_;
  bool drawn_ = false;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point start_, last_;
};

}  // namespace leeway::cli
