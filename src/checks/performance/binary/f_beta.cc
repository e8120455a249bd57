#include "checks/performance/binary/by_confusion.h"
#include "checks/performance/metrics.h"

#include <cmath>

#include "checks/performance/bounded.h"

namespace leeway::performance::binary {
namespace {

Level f_beta_of(const Confusion& c, const BinaryOptions& options) {
  const double square = options.beta * options.beta;
  const auto hits = static_cast<double>(c.true_positives);
  const auto missed = static_cast<double>(c.false_negatives), false_alarms = static_cast<double>(c.false_positives);
  const double weighted_errors = square * missed + false_alarms, trials = hits + missed + false_alarms;
  if (trials == 0) return Level::failed("undefined (no positives, neither actual nor predicted)");
  const double value = (1 + square) * hits / ((1 + square) * hits + weighted_errors);
  // logit F = ln((1 + β²) TP / (β² FN + FP)); the counts' variances are the counts.
  const double logit_variance =
      1 / hits + (square * square * missed + false_alarms) / (weighted_errors * weighted_errors);
  const double se = value * (1 - value) * std::sqrt(logit_variance);
  Level level = share_like(value, std::isfinite(se) ? se : 0, trials);
  level.details = {{"beta", options.beta}};
  return level;
}

Levels f_beta_levels(const BinarySample& sample, const BinaryOptions& options, const BinarySample*) {
  return by_confusion(sample, options, f_beta_of);
}

}  // namespace

constexpr BinaryMetric f_beta{
    .info = {
        .id = "f_beta",
        .title = "F-beta score",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The harmonic mean of precision and recall in which recall counts beta times as much (beta is 2 "
                    "unless set)",
        .hypothesis = no_change,
        .guarantee = "Delta method on the logit scale; Wilson's interval at 0 and 1",
        .misleads = "Does not look at true negatives and moves with the prevalence",
        .cost = "O(n)",
        .source = "van Rijsbergen 1979, Information Retrieval, chapter 7"},
    .needs = need::decisions,
    .levels = f_beta_levels};

}  // namespace leeway::performance::binary
