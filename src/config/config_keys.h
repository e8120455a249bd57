#pragma once
// The one table of settings: path, default, meaning, and how its value enters the configuration.

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/monitor_config.h"
#include "config/yaml_reader.h"

namespace leeway {

/// A value on its way into the configuration: readers that check and store.
struct Assignment {
  MonitorConfig& config;
  const YamlNode& value;
  const std::string& key;                   ///< In full, for messages.
  const std::vector<std::string>& names;    ///< What stands for the '*' of the path.

  Status text(std::string& into) const;
  /// One text or a list of them.
  Status texts(std::vector<std::string>& into) const;
  Status number(double& into, double least = std::numeric_limits<double>::lowest()) const;
  Status number(std::optional<double>& into, double least = std::numeric_limits<double>::lowest()) const;
  Status duration(std::optional<int64_t>& into) const;
  /// A failure at the value: "'task' must be …".
  Status refuse(std::string_view expected, std::string remedy = {}) const;
};

struct ConfigRule {
  ConfigKey key;
  Status (*apply)(const Assignment&);
};
std::span<const ConfigRule> config_rules();

}  // namespace leeway
