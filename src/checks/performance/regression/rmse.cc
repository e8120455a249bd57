#include <algorithm>
#include <cmath>

#include "checks/performance/metrics.h"

namespace leeway::performance::regression {
namespace {

Levels rmse_levels(const RegressionSample& sample, const RegressionOptions&, const RegressionSample*) {
  const stats::MeanVariance square = sample.mean_of([&](size_t i) { return sample.error(i) * sample.error(i); });
  const double rmse = std::sqrt(square.mean());
  const stats::Interval of_square = stats::mean_interval(square);
  Level level = Level::of(rmse, {std::sqrt(std::max(0.0, of_square.lower)), std::sqrt(of_square.upper)},
                          rmse > 0 ? square.se() / (2 * rmse) : 0);
  if (square.n() < 2) level.estimate = {rmse};
  return {level};
}

}  // namespace

constexpr RegressionMetric rmse{
    .info = {
        .id = "rmse",
        .title = "Root mean squared error",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "label units",
        .measures = "The root of the mean squared difference of prediction and label",
        .hypothesis = no_change,
        .guarantee = "The root of Student's interval of the mean squared error; needs errors with a finite fourth "
                     "moment",
        .misleads = "Ruled by the few largest errors; with heavy tails the interval is too narrow",
        .cost = "O(n)",
        .source = "Chai & Draxler 2014, doi:10.5194/gmd-7-1247-2014"},
    .needs = 0,
    .levels = rmse_levels};

}  // namespace leeway::performance::regression
