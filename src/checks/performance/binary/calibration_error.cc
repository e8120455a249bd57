#include <algorithm>
#include <cmath>

#include "checks/performance/metrics.h"
#include "stats/distributions.h"

namespace leeway::performance::binary {
namespace {

double root(double square) { return std::sqrt(std::max(0.0, square)); }

Levels calibration_error_levels(const BinarySample& sample, const BinaryOptions& options, const BinarySample*) {
  const auto rows = static_cast<double>(sample.rows());
  double square = 0, plain = 0, variance = 0;
  const auto bins = calibration_bins(sample, options.calibration_bins);
  for (const CalibrationBin& bin : bins) {
    const double share = static_cast<double>(bin.rows) / rows, observed = bin.observed();
    const double gap = observed - bin.mean_score;
    plain += share * std::fabs(gap);
    if (bin.rows < 2) continue;
    const double noise = observed * (1 - observed) / static_cast<double>(bin.rows - 1);
    square += share * (gap * gap - noise);
    // Of (δ + normal error)² with error variance `noise`, at the estimated δ² = gap² - noise.
    variance += share * share * (4 * std::max(0.0, gap * gap - noise) * noise + 2 * noise * noise);
  }
  const double se = std::sqrt(variance), half = stats::normal_quantile(stats::bound_confidence) * se;
  Level level = Level::of(root(square), {root(square - half), root(square + half)});
  level.details = {{"squared_debiased", square}, {"squared_se", se}, {"plain", plain},
                   {"bins", static_cast<double>(bins.size())}};
  return {level};
}

}  // namespace

constexpr BinaryMetric calibration_error{
    .info = {
        .id = "calibration_error",
        .title = "Calibration error, debiased",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The root mean square, over bins of equal mass, of observed rate less mean score, after "
                    "subtracting "
                    "what chance alone contributes; 0 where that leaves nothing. `plain` in its details is the usual "
                    "expected calibration error",
        .hypothesis = "",
        .guarantee = "Unbiased in its squared form for independent rows; the interval is the root of a normal one on "
                     "the square",
        .misleads = "Errors that cancel inside a bin are not seen; the plain form is positive even for a perfect model",
        .cost = "O(n)",
        .source = "Kumar, Liang & Ma 2019, arXiv:1909.10155; Naeini et al. 2015"},
    .needs = need::probabilities,
    .levels = calibration_error_levels};

}  // namespace leeway::performance::binary
