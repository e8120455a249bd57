#include <cmath>

#include "checks/performance/metrics.h"

namespace leeway::performance::regression {
namespace {

Levels mape_levels(const RegressionSample& sample, const RegressionOptions&, const RegressionSample*) {
  const auto labels = sample.labels();
  const double typical = sample.mean_of([&](size_t i) { return std::fabs(labels[i]); }).mean();
  for (const double label : labels)
    if (!(std::fabs(label) > 1e-6 * typical)) return {Level::failed("undefined (labels at or next to 0); see wape")};
  return {Level::of_mean(sample.mean_of([&](size_t i) { return std::fabs(sample.error(i) / labels[i]); }))};
}

}  // namespace

constexpr RegressionMetric mape{
    .info = {
        .id = "mape",
        .title = "Mean absolute percentage error",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The mean of the error as a share of the label; not computed when a label is within a millionth "
                    "of the typical size of 0",
        .hypothesis = no_change,
        .guarantee = rows_independent,
        .misleads = "Ruled by rows with small labels and kinder to predictions that are too low; wape has neither "
                    "fault",
        .cost = "O(n)",
        .source = "Hyndman & Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001"},
    .needs = 0,
    .levels = mape_levels};

}  // namespace leeway::performance::regression
