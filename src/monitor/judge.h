#pragma once
// The leeways of one configuration, ready to judge with: the product's rule or a compatibility policy by name.

#include <string>
#include <vector>

#include "base/result.h"
#include "config/monitor_config.h"
#include "findings/leeway_rules.h"
#include "findings/policies/policy.h"

namespace leeway {

class Judge {
 public:
  /// `policy`: "leeway" or the id of a compatibility policy. Errors: invalid_argument (unknown policy; a leeway set for
  /// a metric that does not exist, with its place in the configuration).
  static Result<Judge> make(const MonitorConfig& config, const std::string& policy);

  /// The policy's drift method for a column; empty under the leeway rule.
  std::string_view drift_method(ColumnKind kind, int64_t reference_rows) const;
  /// One measurement by itself. `headline`: of the method that stands for its column; under a policy only these of
  /// drift are judged, by the policy.
  Finding operator()(Measurement measurement, bool headline) const;
  /// All findings of one report together: multiplicity, the policy's rule for the whole table, sentences, and the order
  /// (worst first, then by family and size of the movement).
  void settle(std::vector<Finding>& findings) const;

  const LeewayRules& rules() const { return rules_; }
  std::string_view name() const { return policy_ == nullptr ? "leeway" : policy_->id; }

 private:
  LeewayRules rules_;
  const Policy* policy_ = nullptr;
};

/// Worst first: failed (red before yellow), undecided, stable, measured, not computable; within these by family, then
/// by the movement on the PSI-equivalent scale, then by name.
void sort_findings(std::vector<Finding>& findings);

}  // namespace leeway
