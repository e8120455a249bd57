#include <cmath>

#include "checks/performance/metrics.h"

namespace leeway::performance::regression {
namespace {

Levels mae_levels(const RegressionSample& sample, const RegressionOptions&, const RegressionSample*) {
  return {Level::of_mean(sample.mean_of([&](size_t i) { return std::fabs(sample.error(i)); }))};
}

}  // namespace

constexpr RegressionMetric mae{
    .info = {
        .id = "mae",
        .title = "Mean absolute error",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "label units",
        .measures = "The mean distance of prediction and label",
        .hypothesis = no_change,
        .guarantee = rows_independent,
        .misleads = "Says nothing of direction; compare with the bias",
        .cost = "O(n)",
        .source = "Willmott & Matsuura 2005, doi:10.3354/cr030079"},
    .needs = 0,
    .levels = mae_levels};

}  // namespace leeway::performance::regression
