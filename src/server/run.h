#pragma once
// `leeway serve` as a function: opens everything in order, serves, closes everything in reverse.

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "server/log.h"
#include "server/serve_config.h"

namespace leeway::server {

struct RunOptions {
  ServeConfig config;
  std::string version, commit;
  Log log;
  /// Called once the port is open, with its address as a URL.
  std::function<void(const std::string& url)> listening;
  /// Waits until the process is told to stop, or `failed` says that it cannot go on.
  std::function<void(const std::function<bool()>& failed)> wait;
};

/// Returns when `wait` does and all requests in progress are answered, within 5 s. Errors: invalid_argument
/// (configuration, a bind that others can reach without keys), unavailable (port,
/// store, or a disk that failed the journal), invalid_data (a damaged journal).
Status run(const RunOptions& options);

}  // namespace leeway::server
