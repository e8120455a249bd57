#include <algorithm>

#include "checks/performance/metrics.h"
#include "stats/auc.h"

namespace leeway::performance::binary {
namespace {

Levels roc_auc_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample*) {
  const stats::Auc auc = stats::auc(sample.ranked());
  const double value = auc.value();
  Level level = Level::of(value, stats::auc_interval(auc), auc.se());
  if (sample.binned()) {
    const double half = auc.half_width_of_bins();
    level.bracket = stats::Interval{std::max(0.0, value - half), std::min(1.0, value + half)};
  }
  level.details = {{"positives", static_cast<double>(auc.positives)},
                   {"negatives", static_cast<double>(auc.negatives)}};
  return {level};
}

}  // namespace

constexpr BinaryMetric roc_auc{
    .info = {
        .id = "roc_auc",
        .title = "Area under the ROC curve",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The chance that a random positive row scores higher than a random negative one, ties counting "
                    "half",
        .hypothesis = no_change,
        .guarantee = "DeLong's interval on the logit scale, Newcombe's where a class has fewer than 5 rows or the AUC "
                     "is 0 or 1, so that it never has zero width; rows must be independent",
        .misleads = "Blind to calibration and to the threshold; optimistic when positives are very rare, where average "
                    "precision says more",
        .cost = "O(n), 10 ms per 1e6 rows",
        .source = "DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595; Newcombe 2006, doi:10.1002/sim.2324"},
    .needs = need::scores | need::two_classes,
    .levels = roc_auc_levels};

}  // namespace leeway::performance::binary
