#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

Levels calibration_in_the_large_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample*) {
  stats::MeanVariance residual, score_only;
  sample.ranked().visit([&](double score, int64_t n, int64_t p) {
    residual.add(1 - score, p);
    residual.add(-score, n);
    score_only.add(score, n + p);
  });
  Level level = Level::of_mean(residual);
  level.details = {{"mean_score", score_only.mean()}, {"event_rate", sample.prevalence()}};
  return {level};
}

}  // namespace

constexpr BinaryMetric calibration_in_the_large{
    .info = {
        .id = "calibration_in_the_large",
        .title = "Calibration in the large",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::either,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The observed event rate less the mean predicted probability",
        .hypothesis = no_change,
        .guarantee = rows_independent,
        .misleads = "Errors in opposite directions at low and high scores cancel",
        .cost = "O(n)",
        .source = "Van Calster et al. 2019, doi:10.1186/s12916-019-1466-7"},
    .needs = need::probabilities,
    .levels = calibration_in_the_large_levels};

}  // namespace leeway::performance::binary
