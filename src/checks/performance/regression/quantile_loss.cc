#include "checks/performance/metrics.h"

namespace leeway::performance::regression {
namespace {

Levels quantile_loss_levels(const RegressionSample& sample, const RegressionOptions& options, const RegressionSample*) {
  const double q = options.quantile;
  Level level = Level::of_mean(sample.mean_of([&](size_t i) {
    const double error = sample.error(i);
    return error > 0 ? (1 - q) * error : -q * error;
  }));
  level.details = {{"quantile", q}};
  return {level};
}

}  // namespace

constexpr RegressionMetric quantile_loss{
    .info = {
        .id = "quantile_loss",
        .title = "Quantile (pinball) loss",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "label units",
        .measures = "The mean of q (label - prediction) where the label is higher and (1 - q) (prediction - label) "
                    "where it is lower; q is 0.5 unless set, which makes it half the mean absolute error",
        .hypothesis = no_change,
        .guarantee = rows_independent,
        .misleads = "Only fit for predictions that are meant to be the quantile q",
        .cost = "O(n)",
        .source = "Koenker & Bassett 1978, doi:10.2307/1913643"},
    .needs = 0,
    .levels = quantile_loss_levels};

}  // namespace leeway::performance::regression
