#include "checks/performance/binary/by_confusion.h"
#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

Level recall_of(const Confusion& c, const BinaryOptions&) {
  return Level::of_proportion(c.true_positives, c.positives(), "undefined (no labelled row is positive)");
}

Levels recall_levels(const BinarySample& sample, const BinaryOptions& options, const BinarySample*) {
  return by_confusion(sample, options, recall_of);
}

}  // namespace

constexpr BinaryMetric recall{
    .info = {
        .id = "recall",
        .title = "Recall (sensitivity, true positive rate)",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The share of positives that are predicted positive",
        .hypothesis = no_change,
        .guarantee = proportion_bounds,
        .misleads = "A model that predicts every row positive has 1: read together with precision",
        .cost = "O(n)",
        .source = proportion_bounds_source},
    .needs = need::decisions,
    .levels = recall_levels};

}  // namespace leeway::performance::binary
