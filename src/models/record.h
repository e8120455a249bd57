#pragma once
// What is known of a model version besides the model: how good it was on which rows, over time, and how it was made.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace leeway::models {

/// One measured figure with its 95 % interval (NaN bounds where there is none).
struct Metric {
  std::string name;        ///< "roc_auc"
  std::string data;        ///< "test", "validation", "training"
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  int64_t rows = 0;
};

/// One window after the training data.
struct OutOfTimeWindow {
  int64_t from = 0, to = 0;   ///< Nanoseconds since 1970, [from, to].
  int64_t rows = 0, events = 0;
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

struct OutOfTime {
  std::string metric;         ///< "roc_auc"; empty if there are no windows.
  std::vector<OutOfTimeWindow> windows;
  double variation = std::numeric_limits<double>::quiet_NaN();             ///< Coefficient of variation of the values.
  double variation_corrected = std::numeric_limits<double>::quiet_NaN();   ///< The same without what sampling explains.
};

struct ModelRecord {
  std::vector<Metric> metrics;
  OutOfTime out_of_time;
  /// How it was made, in order: {"rounds", "212"}, {"split", "by time at 2024-05-01"}, {"threshold", "least cost"}.
  std::vector<std::pair<std::string, std::string>> choices;

  std::string json() const;   ///< Equal records give equal bytes.
  static Result<ModelRecord> read(std::string_view json);
};

}  // namespace leeway::models
