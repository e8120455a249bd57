#pragma once
// Options that several commands share: the monitor file and its overrides, and how data are read.

#include <memory>
#include <string>
#include <vector>

#include "config/monitor_config.h"
#include "sources/dataset.h"

namespace CLI {
class App;
}

namespace leeway::cli {

/// --config and --set, with the environment.
struct ConfigOptions {
  std::string file;
  std::vector<std::string> set;

  void add(CLI::App& command);
  Result<MonitorConfig> read() const;
};

/// How data files are to be read.
struct SourceOptions {
  std::string delimiter, table, sql;
  std::vector<std::string> missing;

  void add(CLI::App& command);
  /// Paths may be globs; `config` adds its missing values.
  SourceSpec spec(std::vector<std::string> paths, const MonitorConfig& config, int threads) const;
  SourceSpec spec(const std::string& path, const MonitorConfig& config, int threads) const {
    return spec(std::vector{path}, config, threads);
  }
};

}  // namespace leeway::cli
