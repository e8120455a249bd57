// Booleans: the share that is true.

#include "checks/drift/drift_input.h"
#include "checks/share_difference.h"

namespace leeway::drift {
namespace {

ShareCount truths(const CategorySummary& summary) {
  const auto index = summary.dictionary().find("true");
  return {index ? summary.counts()[*index] : 0, summary.size()};
}

void measure_true_share(DriftInput& input, const DriftOptions& options, Measurement& out) {
  const auto& pair = *input.from<CategoryPair>();
  if (!pair.boolean) {
    out.not_computable = "the column is not boolean";
    return;
  }
  measure_share_difference(truths(*pair.reference), truths(*pair.current), options.p_value, out);
}

}  // namespace

extern const DriftMethod true_share;
constexpr DriftMethod true_share{
    .info = {.id = "true_share",
             .title = "Share of true",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::either,
             .scale = Scale::share,
             .unit = "share",
             .measures = "The change of the share of a boolean column's known values that are true.",
             .hypothesis = leeway::texts::same_share,
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "Missing values are left out; see missing_share, or psi, which counts them.",
             .cost = "O(1)",
             .source = leeway::texts::share_source},
    .accepts = category_only,
    .needs = Needs::values,
    .measure = measure_true_share,
};

}  // namespace leeway::drift
