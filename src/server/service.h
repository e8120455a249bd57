#pragma once
// What handlers work with: one Service for the life of the server.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "server/keys.h"
#include "server/log.h"
#include "server/metrics.h"

namespace leeway::server {

/// Nanoseconds since 1970, from the system's clock unless a test has its own.
using Clock = std::function<int64_t()>;

struct Service {
  std::string version;
  std::string commit;
  KeyRing& keys;
  Metrics& metrics;
  Log log;
  LogLevel log_level = LogLevel::info;   ///< Entries below are not even made.
  Clock clock;
  int64_t started = 0;                 ///< By the clock.
  std::atomic<bool> ready{false};      ///< The journal is replayed and the store answers.
  std::atomic<bool> stopping{false};
};

}  // namespace leeway::server
