#pragma once
// The settings of `leeway serve`: one table from which flags, variables, the file's keys and the manual derive.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "server/log.h"

namespace leeway::server {

struct ServeConfig {
  std::string listen = "127.0.0.1";
  uint16_t port = 8000;
  std::string data = "leeway-data";
  std::string certificate_file, key_file;
  bool insecure_no_auth = false;
  std::vector<std::string> allowed_hosts, allowed_origins;
  int io_threads = 2;
  int workers = 8;
  uint64_t body_bytes = 32 * 1024 * 1024;
  uint64_t connections = 10'000, connections_per_address = 256;
  std::string store;                                        ///< Empty: DuckDB in the data folder.
  uint64_t journal_bytes = uint64_t{8} << 30;
  double reserve = 0.15;
  int64_t retention_days = 7;
  int64_t monitoring_interval = 60;                         ///< Seconds.
  int64_t window_hours = 1;
  std::string log_format = "auto";
  LogLevel log_level = LogLevel::info;
};

struct ServeSetting {
  std::string_view key;          ///< In the file; LEEWAY_KEY in the environment, --key with dashes on the command line.
  std::string_view standard;     ///< Its default as it would be written; empty if none.
  std::string_view description;
  Status (*apply)(ServeConfig& config, std::string_view value);
  std::string_view shorthand = {};   ///< A further name in the environment.
};
std::span<const ServeSetting> serve_settings();

struct ServeSources {
  std::string file;                                               ///< Path of a YAML file; empty for none.
  std::vector<std::pair<std::string, std::string>> environment;   ///< Others than LEEWAY_… are passed over.
  std::vector<std::pair<std::string, std::string>> flags;         ///< Key and value.
};

/// Flags before environment before file before defaults. Errors: not_found for the file; invalid_argument, with the
/// place, for anything unknown or out of range.
Result<ServeConfig> read_serve_config(const ServeSources& sources);

}  // namespace leeway::server
