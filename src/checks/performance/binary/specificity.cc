#include "checks/performance/binary/by_confusion.h"
#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

Level specificity_of(const Confusion& c, const BinaryOptions&) {
  return Level::of_proportion(c.true_negatives, c.negatives(), "undefined (no labelled row is negative)");
}

Levels specificity_levels(const BinarySample& sample, const BinaryOptions& options, const BinarySample*) {
  return by_confusion(sample, options, specificity_of);
}

}  // namespace

constexpr BinaryMetric specificity{
    .info = {
        .id = "specificity",
        .title = "Specificity (true negative rate)",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The share of negatives that are predicted negative",
        .hypothesis = no_change,
        .guarantee = proportion_bounds,
        .misleads = "A model that predicts every row negative has 1: read together with recall",
        .cost = "O(n)",
        .source = proportion_bounds_source},
    .needs = need::decisions,
    .levels = specificity_levels};

}  // namespace leeway::performance::binary
