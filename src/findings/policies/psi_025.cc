#include "findings/policies/policy.h"

namespace leeway {

extern const Policy psi_025_policy;
const Policy psi_025_policy{
    .id = "psi-0.25",
    .title = "PSI above 0.25",
    .help = "A column has drifted when its population stability index exceeds 0.25, the rule of credit scoring. It has no "
            "sampling theory: the same limit holds for 100 rows and for a million.",
    .false_alarms = "Without drift, 10 bins and 5,000 reference rows: 0.5 % of columns at 100 current rows, none at 300 and more.",
    .method = [](ColumnKind, int64_t) -> std::string_view { return "psi"; },
    .judge = [](Measurement m) { return judge_by_value(std::move(m), 0.25, "psi-0.25"); },
    .overall = nullptr,
};

}  // namespace leeway
