#include "checks/performance/metrics.h"

namespace leeway::performance::multiclass {
namespace {

Levels accuracy_levels(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  return {Level::of_proportion(sample.confusion().correct(), sample.rows(), "no rows")};
}

}  // namespace

constexpr MulticlassMetric accuracy{
    .info = {
        .id = "accuracy_multiclass",
        .title = "Accuracy",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The share of rows whose predicted class is the actual one",
        .hypothesis = no_change,
        .guarantee = proportion_bounds,
        .misleads = "Ruled by the large classes",
        .cost = "O(n)",
        .source = proportion_bounds_source},
    .needs = 0,
    .levels = accuracy_levels};

}  // namespace leeway::performance::multiclass
