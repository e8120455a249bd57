#pragma once
// Which leeway applies to which measurement: the user's by name, else the documented default, else none.

#include <map>
#include <optional>
#include <string>

#include "findings/finding.h"

namespace leeway {

struct LeewayRules {
  /// A limit set by name for a metric: on the current level (min, max), on the movement against the reference (change), or
  /// on the measurement's value whatever it is (value: a least ratio, a greatest gap).
  struct Limit {
    std::optional<double> min, max, change, value;
    std::string origin;
  };

  double drift = 0.10;                    ///< PSI-equivalent; red beyond `drift_red`
  double drift_red = 0.25;
  bool drift_set_by_user = false;
  std::string drift_origin = "default";
  bool favourable_known = false;          ///< It is said which decision is good for people.
  std::map<std::string, Limit> columns;   ///< by column name: `change` is its PSI-equivalent drift leeway
  std::map<std::string, Limit> metrics;   ///< by method id, all families but drift

  /// Defaults where nothing is set: drift of features, scores and labels and all quality shares at `drift`; the headline
  /// metric (roc_auc, kappa for many classes, mae for regression) may lose a tenth of the reference's skill, red at a
  /// fifth; adverse_impact_ratio at least 0.8 where the favourable decision is known, as the rule is about that one.
  /// Everything else is measured, not judged.
  std::optional<Leeway> for_measurement(const Measurement& measurement) const;
};

}  // namespace leeway
