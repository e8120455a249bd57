#include "findings/policies/policy.h"

namespace leeway {

extern const Policy ks_005_policy;
const Policy ks_005_policy{
    .id = "ks-0.05",
    .title = "Kolmogorov-Smirnov or chi-square p-value below 0.05",
    .help = "A numeric column has drifted when the p-value of the Kolmogorov-Smirnov test is below 0.05, a categorical one when "
            "that of the chi-square test is. It says nothing of the size of the movement: with many rows trifles alarm.",
    .false_alarms = "Without drift, 5 % of columns at every check, whatever the sizes: 200 columns checked hourly alarm about 88,000 times a year.",
    .method = [](ColumnKind kind, int64_t) -> std::string_view { return kind == ColumnKind::numeric ? "ks" : "chi_square"; },
    .judge = [](Measurement m) { return judge_by_p(std::move(m), 0.05, "ks-0.05"); },
    .overall = nullptr,
};

}  // namespace leeway
