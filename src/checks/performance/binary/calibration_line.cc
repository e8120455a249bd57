#include <cmath>

#include "checks/performance/metrics.h"
#include "stats/distributions.h"

namespace leeway::performance::binary {
namespace {

using Part = double stats::LogisticFit::*;

Level line_level(const BinarySample& sample, Part value, Part variance) {
  const stats::LogisticFit& fit = sample.calibration_line();
  if (!fit.converged) return Level::failed("the score is constant or separates the classes, so that no line fits");
  const double se = std::sqrt(fit.*variance), half = stats::normal_quantile(stats::bound_confidence) * se;
  Level level = Level::of(fit.*value, {fit.*value - half, fit.*value + half}, se);
  if (sample.binned()) level.note = "fitted to the means of stored score bins";
  return level;
}

Levels intercept_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample*) {
  return {line_level(sample, &stats::LogisticFit::intercept, &stats::LogisticFit::intercept_variance)};
}

Levels slope_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample*) {
  return {line_level(sample, &stats::LogisticFit::slope, &stats::LogisticFit::slope_variance)};
}

}  // namespace

constexpr BinaryMetric calibration_intercept{
    .info = {
        .id = "calibration_intercept",
        .title = "Calibration intercept",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::either,
        .scale = Scale::metric,
        .unit = "logits",
        .measures = "a in logit P(event) = a + b logit(score): 0 for a calibrated score, positive when events are more "
                    "frequent than predicted at a score of one half",
        .hypothesis = no_change,
        .guarantee = "Normal interval of the maximum-likelihood fit; needs some tens of rows of each class",
        .misleads = "Read together with the slope; a curve that is not a line on the logit scale is averaged away",
        .cost = "O(n), 50 ms per 1e6 rows, shared with the slope",
        .source = "Cox 1958, doi:10.1093/biomet/45.3-4.562"},
    .needs = need::probabilities | need::two_classes,
    .levels = intercept_levels};

constexpr BinaryMetric calibration_slope{
    .info = {
        .id = "calibration_slope",
        .title = "Calibration slope",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::either,
        .scale = Scale::metric,
        .unit = "",
        .measures = "b in logit P(event) = a + b logit(score): 1 for a calibrated score, below 1 when the scores are "
                    "too "
                    "extreme (overfitting), above 1 when they are too timid",
        .hypothesis = no_change,
        .guarantee = "Normal interval of the maximum-likelihood fit; needs some tens of rows of each class",
        .misleads = "Scores of exactly 0 or 1 are taken as 1e-15 from it and pull the slope hard",
        .cost = "O(n), 50 ms per 1e6 rows, shared with the intercept",
        .source = "Cox 1958, doi:10.1093/biomet/45.3-4.562"},
    .needs = need::probabilities | need::two_classes,
    .levels = slope_levels};

}  // namespace leeway::performance::binary
