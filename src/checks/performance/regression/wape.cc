#include <algorithm>
#include <cmath>

#include "checks/performance/metrics.h"

namespace leeway::performance::regression {
namespace {

Levels wape_levels(const RegressionSample& sample, const RegressionOptions&, const RegressionSample*) {
  const auto labels = sample.labels();
  const double size = sample.mean_of([&](size_t i) { return std::fabs(labels[i]); }).mean();
  const double error = sample.mean_of([&](size_t i) { return std::fabs(sample.error(i)); }).mean();
  if (!(size > 0)) return {Level::failed("undefined (all labels are 0)")};
  const double wape = error / size;
  // The ratio's error is that of the mean of |error| - wape |label|.
  const stats::MeanVariance residual =
      sample.mean_of([&](size_t i) { return (std::fabs(sample.error(i)) - wape * std::fabs(labels[i])) / size; });
  const stats::Interval around = stats::mean_interval(residual);
  return {Level::of(wape, {std::max(0.0, wape + around.lower), wape + around.upper}, residual.se())};
}

}  // namespace

constexpr RegressionMetric wape{
    .info = {
        .id = "wape",
        .title = "Weighted absolute percentage error",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The sum of the absolute errors as a share of the sum of the absolute labels",
        .hypothesis = no_change,
        .guarantee = "Delta method for a ratio of means, for independent rows",
        .misleads = "Ruled by rows with large labels",
        .cost = "O(n)",
        .source = "Kolassa & Schütz 2007, Foresight 6"},
    .needs = 0,
    .levels = wape_levels};

}  // namespace leeway::performance::regression
