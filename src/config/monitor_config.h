#pragma once
// One effective configuration from the monitor file, the environment and --set, each value with where it comes from.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "columns/roles.h"

namespace leeway {

/// How far a metric may be or go; each bound by itself, in the metric's own unit.
struct MetricLeeway {
  std::optional<double> min, max;
  std::optional<double> change;   ///< Largest tolerated worsening against the reference.

  bool operator==(const MetricLeeway&) const = default;
};

struct LeewayConfig {
  double drift = 0.10;                             ///< PSI-equivalent, for every column without one of its own.
  std::map<std::string, double> columns;           ///< By column.
  std::map<std::string, MetricLeeway> metrics;     ///< By metric: "roc_auc".
  std::map<std::string, double> fairness;          ///< By metric: a least ratio or a greatest gap.
  std::map<std::string, double> quality;           ///< By check: a greatest change, mostly of a share.

  bool operator==(const LeewayConfig&) const = default;
};

/// Gain (negative: cost) is not meant here: what one wrong or right decision costs, in the user's unit.
struct CostConfig {
  double false_negative = 0, false_positive = 0, true_negative = 0, true_positive = 0;

  bool operator==(const CostConfig&) const = default;
};

struct MethodsConfig {
  std::map<std::string, std::vector<std::string>>
      types;  ///< "numeric", "categorical", "cyclic", "text", "score", "joint"
  std::map<std::string, std::vector<std::string>> columns;  ///< By column; goes before `types`.

  bool operator==(const MethodsConfig&) const = default;
};

/// Where a value comes from, in rising order of precedence.
enum class Layer : uint8_t { standard, file, environment, flag };

/// One setting in effect.
struct Setting {
  std::string key;      ///< "columns.label.positive"
  std::string value;    ///< As written: "0.1", "[sex, age_band]"
  Layer layer = Layer::standard;
  std::string origin;   ///< "default", "monitor.yaml", "LEEWAY_TASK", "--set task"
  int line = 0;         ///< In the file, from 1; 0 elsewhere.
  int column = 0;
  std::string place() const;   ///< "default", "monitor.yaml:3:10", "LEEWAY_TASK", "--set task"
};

struct MonitorConfig {
  std::string model;
  std::optional<Task> task;
  ColumnRoles columns;
  std::vector<std::string> reference;   ///< Paths; those in a monitor file are joined to its directory.
  std::optional<int64_t> window;        ///< Nanoseconds; none: all rows are one window.
  LeewayConfig leeway;
  double false_alarms_per_year = 1;
  CostConfig cost;
  std::vector<std::string> missing_values;
  std::string policy = "leeway";
  MethodsConfig methods;
  bool explain_cases = false;
  uint64_t seed = 1;

  /// All settings in the order of config_keys(), defaults included, for `leeway config show`.
  std::vector<Setting> settings;

  /// An invalid_argument about a setting or a group of them, with its place: for names that only a registry knows.
  Error error_at(std::string_view key, std::string message, std::string remedy = {}) const;
};

struct ConfigSources {
  std::string file;               ///< Path of the monitor file; empty for none.
  /// Names and values; others than LEEWAY_… are passed over.
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> set;   ///< "key=value", later ones winning.
  std::optional<std::string> text = {};  ///< The monitor file's text where it is not on the disk; `file` is then only its name in messages.
};

/// The variables of this process.
std::vector<std::pair<std::string, std::string>> process_environment();

/// Reads and merges: flags before environment before file before defaults. A null value ("~", or nothing after '=')
/// takes a setting back to its default. Errors: not_found for the file; invalid_argument, with file, line and column or
/// the name of variable or flag, for anything unknown, mistyped or out of range.
Result<MonitorConfig> read_config(const ConfigSources& sources);

/// A key that the reader knows. '*' in its path stands for a name of the user's: "leeway.columns.*".
struct ConfigKey {
  std::string_view path;
  std::string_view standard;      ///< Its default as it would be written; empty if none.
  std::string_view description;
};
/// Every key, in the order of the manual. api/monitor.schema.json says the same (tests/config holds them together).
std::vector<ConfigKey> config_keys();

}  // namespace leeway
