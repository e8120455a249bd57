// Missing values: always watched, whatever else is.

#include "checks/drift/drift_input.h"
#include "checks/share_difference.h"

namespace leeway::drift {
namespace {

ShareCount missing(const InputCounts& counts) { return {counts.missing + counts.nan, counts.rows}; }

void measure_missing_share(DriftInput& input, const DriftOptions& options, Measurement& out) {
  measure_share_difference(missing(input.reference_rows()), missing(input.current_rows()), options.p_value, out);
}

}  // namespace

extern const DriftMethod missing_share;
constexpr DriftMethod missing_share{
    .info = {.id = "missing_share",
             .title = "Missing share",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::either,
             .scale = Scale::share,
             .unit = "share",
             .measures = "The change of the share of rows without a value (null or not a number).",
             .hypothesis = leeway::texts::same_share,
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "Values that stand for missing (-1, 999, \"unknown\") are values until the configuration "
                         "declares them missing.",
             .cost = "O(1)",
             .source = leeway::texts::share_source},
    .accepts = every_kind,
    .needs = Needs::rows,
    .measure = measure_missing_share,
};

}  // namespace leeway::drift
