#pragma once
// The settings of the trees by the names that XGBoost's users know.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/booster.h"
#include "models/search_space.h"

namespace leeway::models {

struct TreeSetting {
  std::string_view name;
  bool integer;
  double least, most;
  std::string_view help;
  void (*set)(BoosterParameters&, double);
  double (*get)(const BoosterParameters&);
};

/// max_depth, learning_rate, n_estimators (rounds, or the trees of a forest), min_child_weight, subsample, …
std::span<const TreeSetting> tree_settings();
std::vector<std::string> tree_setting_names();
std::vector<std::string> integer_tree_settings();

/// Errors: invalid_argument for an unknown name (with a near one) or a value out of its range.
Status apply(BoosterParameters& parameters, std::string_view name, double value);

/// "max_depth=8". Errors: invalid_argument, as above.
Result<std::pair<std::string, double>> parse_tree_setting(std::string_view text);

/// What tuning searches unless told otherwise.
SearchSpace default_search_space(bool forest);

}  // namespace leeway::models
