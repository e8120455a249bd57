// Values that are not of the reference's type.

#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

void measure_type_errors(const MethodInfo& method, const ColumnPair& pair, const QualityOptions& options,
                         std::vector<Measurement>& out) {
  if (pair.reference.type_errors + pair.current.type_errors == 0) return;
  out.push_back(share_change(method, pair.subject(), pair.reference, pair.current,
                             {pair.reference.type_errors, pair.reference.rows},
                             {pair.current.type_errors, pair.current.rows}, options));
}

}  // namespace

extern const ColumnCheck type_errors;
constexpr ColumnCheck type_errors{
    .info = {.id = "type_errors",
             .title = "Type errors",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::share,
             .unit = "share",
             .measures = "The change of the share of rows with a value that is not of the reference column's type.",
             .hypothesis = leeway::texts::same_share,
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "Numbers written for another locale (1.234,5) are type errors, and so is every mark for "
                         "missing that is not declared as one.",
             .cost = "O(1)",
             .source = leeway::texts::share_source},
    .measure = measure_type_errors,
};

}  // namespace leeway::quality
