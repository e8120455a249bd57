#pragma once
// What the server has to say, as values; the binary decides how it is written.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::server {

enum class LogLevel : uint8_t { debug, info, warning, error };

/// Never holds a secret, a header of a request, or values of rows.
struct LogEntry {
  LogLevel level = LogLevel::info;
  std::string_view event;                                       ///< "request", "ready": a fixed word.
  std::vector<std::pair<std::string_view, std::string>> fields;
};

/// Called from several threads at once.
using Log = std::function<void(const LogEntry&)>;

}  // namespace leeway::server
