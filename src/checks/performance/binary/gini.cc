#include <algorithm>

#include "checks/performance/metrics.h"
#include "stats/auc.h"

namespace leeway::performance::binary {
namespace {

Levels gini_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample*) {
  const stats::Auc auc = stats::auc(sample.ranked());
  const auto gini = [](double a) { return 2 * a - 1; };
  const stats::Interval interval = stats::auc_interval(auc);
  Level level = Level::of(gini(auc.value()), {gini(interval.lower), gini(interval.upper)}, 2 * auc.se());
  if (sample.binned()) {
    const double half = auc.half_width_of_bins();
    level.bracket = stats::Interval{std::max(-1.0, gini(auc.value() - half)), std::min(1.0, gini(auc.value() + half))};
  }
  return {level};
}

}  // namespace

constexpr BinaryMetric gini{
    .info = {
        .id = "gini",
        .title = "Gini coefficient (accuracy ratio)",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "2 AUC - 1: how far the score's ranking is from chance (0) to perfect (1)",
        .hypothesis = no_change,
        .guarantee = "As the AUC, of which it is a linear function",
        .misleads = "As the AUC; a fall of 0.04 here is one of 0.02 there",
        .cost = "O(n)",
        .source = "Engelmann, Hayden & Tasche 2003 (accuracy ratio and AUC)"},
    .needs = need::scores | need::two_classes,
    .levels = gini_levels};

}  // namespace leeway::performance::binary
