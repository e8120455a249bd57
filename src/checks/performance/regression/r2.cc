#include <algorithm>
#include <cmath>

#include "checks/performance/metrics.h"
#include "stats/distributions.h"

namespace leeway::performance::regression {
namespace {

/// The mean squared deviation of the labels from their mean, with its variance.
stats::MeanVariance spread(const RegressionSample& sample) {
  const auto labels = sample.labels();
  const double mean = sample.mean_of([&](size_t i) { return labels[i]; }).mean();
  return sample.mean_of([&](size_t i) { return (labels[i] - mean) * (labels[i] - mean); });
}

Level around(double value, double se) {
  const double half = stats::normal_quantile(stats::bound_confidence) * se;
  return Level::of(value, {value - half, std::min(1.0, value + half)}, se);
}

Levels r2_levels(const RegressionSample& sample, const RegressionOptions&, const RegressionSample*) {
  const stats::MeanVariance total = spread(sample);
  if (!(total.mean() > 0)) return {Level::failed("undefined (the labels are constant)")};
  const auto labels = sample.labels();
  const double mean = sample.mean_of([&](size_t i) { return labels[i]; }).mean();
  const double left = sample.mean_of([&](size_t i) { return sample.error(i) * sample.error(i); }).mean() / total.mean();
  const stats::MeanVariance residual = sample.mean_of([&](size_t i) {
    const double deviation = labels[i] - mean;
    return (sample.error(i) * sample.error(i) - left * deviation * deviation) / total.mean();
  });
  return {around(1 - left, residual.se())};
}

Levels r2_reference_levels(const RegressionSample& sample, const RegressionOptions& options,
                           const RegressionSample* reference) {
  if (!reference) return {Level::failed("there is no labelled reference whose variance to compare with")};
  if (reference == &sample) return r2_levels(sample, options, reference);
  const stats::MeanVariance total = spread(*reference);
  if (!(total.mean() > 0)) return {Level::failed("undefined (the reference's labels are constant)")};
  const stats::MeanVariance square = sample.mean_of([&](size_t i) { return sample.error(i) * sample.error(i); });
  const double left = square.mean() / total.mean();
  return {around(1 - left, std::hypot(square.se(), left * total.se()) / total.mean())};
}

}  // namespace

constexpr RegressionMetric r2{
    .info = {
        .id = "r2",
        .title = "R²",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "1 less the mean squared error over the variance of this window's labels",
        .hypothesis = no_change,
        .guarantee = "Delta method for independent rows",
        .misleads = "Falls when the labels spread less, though the errors are unchanged: compare r2_reference",
        .cost = "O(n)",
        .source = "Kvålseth 1985, doi:10.1080/00031305.1985.10479448"},
    .needs = 0,
    .levels = r2_levels};

constexpr RegressionMetric r2_reference{
    .info = {
        .id = "r2_reference",
        .title = "R² against the reference's variance",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "1 less the mean squared error over the variance of the reference's labels, so that windows "
                    "compare",
        .hypothesis = no_change,
        .guarantee = "Delta method for independent rows and windows",
        .misleads = "Nothing but the mean squared error on another scale",
        .cost = "O(n)",
        .source = "Kvålseth 1985, doi:10.1080/00031305.1985.10479448"},
    .needs = 0,
    .levels = r2_reference_levels};

}  // namespace leeway::performance::regression
