#include "findings/policies/policy.h"

namespace leeway {
namespace {

constexpr int64_t small_reference = 1000;

std::string_view method(ColumnKind kind, int64_t reference_rows) {
  const bool numeric = kind == ColumnKind::numeric;
  if (reference_rows <= small_reference) return numeric ? "ks" : "chi_square";
  return numeric ? "wasserstein" : "jensen_shannon";
}

Finding judge(Measurement m) {
  const bool by_p = m.method->id == "ks" || m.method->id == "chi_square";
  return by_p ? judge_by_p(std::move(m), 0.05, "evidently") : judge_by_value(std::move(m), 0.1, "evidently");
}

std::optional<Finding> overall(std::vector<Finding>& columns) { return judge_drifted_share(columns, 0.5, "evidently"); }

}  // namespace

extern const Policy evidently_policy;
const Policy evidently_policy{
    .id = "evidently",
    .title = "Evidently's default drift rule",
    .help = "Up to 1,000 reference rows: p-value of Kolmogorov-Smirnov or chi-square below 0.05. Above: Wasserstein distance over "
            "the standard deviation, or Jensen-Shannon distance, above 0.1. The table has drifted when half of its columns have. The "
            "statistics are Leeway's (exact, missing values counted), so single values can differ from Evidently's.",
    .false_alarms = "Without drift and with 5,000 reference rows, numeric columns: 71 % at 100 current rows, 17 % at 300, 0.7 % at 1,000; "
                    "categorical columns with 5 values: 12 % at 100, 0.1 % at 300. Up to 1,000 reference rows: 5 %.",
    .method = method,
    .judge = judge,
    .overall = overall,
};

}  // namespace leeway
