#include "findings/leeway_rules.h"
#include "findings/policies/policy.h"
#include "findings/verdict.h"

namespace leeway {
namespace {

std::string_view method(ColumnKind kind, int64_t) { return kind == ColumnKind::numeric ? "ks" : "psi"; }

Finding judge_column(Measurement m) {
  auto leeway = LeewayRules{}.for_measurement(m);
  return judge(std::move(m), std::move(leeway));
}

/// The share is the gate: a single column no longer fails by itself.
std::optional<Finding> overall(std::vector<Finding>& columns) {
  Finding share = judge_drifted_share(columns, 0.5, "share-of-features");
  for (auto& column : columns) {
    if (failed(column.verdict)) column.measurement.note = "beyond its leeway; counted in the share of drifted columns";
    column.verdict = column.verdict == Verdict::not_computable ? column.verdict : Verdict::measured;
    column.severity = Severity::none;
  }
  return share;
}

}  // namespace

extern const Policy share_of_features_policy;
const Policy share_of_features_policy{
    .id = "share-of-features",
    .title = "Half of the columns drifted",
    .help = "The table has drifted when at least half of its columns have moved beyond the default leeway (PSI-equivalent 0.10, by "
            "their lower bounds). Single columns do not fail, so one feature that breaks entirely raises no alarm.",
    .false_alarms = "Without drift practically none: each column errs with probability at most 5 %, and half of them must.",
    .method = method,
    .judge = judge_column,
    .overall = overall,
};

}  // namespace leeway
