#include <cmath>
#include <vector>

#include "checks/performance/metrics.h"

namespace leeway::performance::regression {
namespace {

Levels median_levels(const RegressionSample& sample, const RegressionOptions&, const RegressionSample*) {
  std::vector<double> errors(sample.labels().size());
  for (size_t i = 0; i < errors.size(); ++i) errors[i] = std::fabs(sample.error(i));
  const stats::QuantileEstimate median = stats::median(errors);
  return {Level::of(median.value, median.interval)};
}

}  // namespace

constexpr RegressionMetric median_absolute_error{
    .info = {
        .id = "median_absolute_error",
        .title = "Median absolute error",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "label units",
        .measures = "The distance of prediction and label that half of the rows stay within",
        .hypothesis = "",
        .guarantee = "Order-statistic interval: at least 95 % whatever the distribution, for independent rows; none "
                     "below 6 rows",
        .misleads = "Blind to the worse half of the errors",
        .cost = "O(n)",
        .source = "David & Nagaraja 2003, Order Statistics, section 7.1"},
    .needs = 0,
    .levels = median_levels};

}  // namespace leeway::performance::regression
