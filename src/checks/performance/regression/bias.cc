#include "checks/performance/metrics.h"

namespace leeway::performance::regression {
namespace {

Levels bias_levels(const RegressionSample& sample, const RegressionOptions&, const RegressionSample*) {
  return {Level::of_mean(sample.mean_of([&](size_t i) { return sample.error(i); }))};
}

}  // namespace

constexpr RegressionMetric bias{
    .info = {
        .id = "bias",
        .title = "Bias",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::either,
        .scale = Scale::metric,
        .unit = "label units",
        .measures = "The mean of prediction less label",
        .hypothesis = no_change,
        .guarantee = rows_independent,
        .misleads = "Errors in opposite directions cancel",
        .cost = "O(n)",
        .source = "Student 1908, doi:10.1093/biomet/6.1.1 (its interval)"},
    .needs = 0,
    .levels = bias_levels};

}  // namespace leeway::performance::regression
