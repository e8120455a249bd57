#pragma once
// Counts wrong keys by address, so that guessing (and a client that retries for ever) gets slow.

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace leeway::server {

/// Thread safe; bounded memory.
class LoginGuard {
 public:
  /// Notes a failure at `now` (seconds). Returns 0, or after ten failures in the same minute the seconds until the
  /// next.
  int64_t failed(const std::string& address, int64_t now) {
    const std::lock_guard lock(mutex_);
    if (minute_ != now / 60) {
      minute_ = now / 60;
      failures_.clear();
    }
    if (failures_.size() >= addresses && !failures_.contains(address)) return 60 - now % 60;
    return ++failures_[address] > allowed ? 60 - now % 60 : 0;
  }

 private:
  static constexpr int allowed = 10;
  static constexpr size_t addresses = 100'000;
  std::mutex mutex_;
  int64_t minute_ = 0;
  std::unordered_map<std::string, int> failures_;
};

}  // namespace leeway::server
