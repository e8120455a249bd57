// Not-a-number, apart from null.

#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

void measure_nan(const MethodInfo& method, const ColumnPair& pair, const QualityOptions& options,
                 std::vector<Measurement>& out) {
  if (pair.reference.nan + pair.current.nan == 0) return;
  out.push_back(share_change(method, pair.subject(), pair.reference, pair.current,
                             {pair.reference.nan, pair.reference.rows}, {pair.current.nan, pair.current.rows},
                             options));
}

}  // namespace

extern const ColumnCheck nan_share;
constexpr ColumnCheck nan_share{
    .info = {.id = "nan_share",
             .title = "Not a number",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::share,
             .unit = "share",
             .measures = "The change of the share of rows that hold NaN. (With the nulls they make missing_share.)",
             .hypothesis = leeway::texts::same_share,
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "Some writers store missing values as NaN, others as null: a change of writer changes this "
                         "and leaves missing_share as it was.",
             .cost = "O(1)",
             .source = leeway::texts::share_source},
    .measure = measure_nan,
};

}  // namespace leeway::quality
