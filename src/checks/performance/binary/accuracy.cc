#include "checks/performance/binary/by_confusion.h"
#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

Level accuracy_of(const Confusion& c, const BinaryOptions&) {
  return Level::of_proportion(c.true_positives + c.true_negatives, c.rows(), "no rows");
}

Levels accuracy_levels(const BinarySample& sample, const BinaryOptions& options, const BinarySample*) {
  return by_confusion(sample, options, accuracy_of);
}

}  // namespace

constexpr BinaryMetric accuracy{
    .info = {
        .id = "accuracy",
        .title = "Accuracy",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The share of rows whose predicted class is the actual one",
        .hypothesis = no_change,
        .guarantee = proportion_bounds,
        .misleads = "With rare positives a model that never finds one looks good: compare with 1 - prevalence",
        .cost = "O(n)",
        .source = proportion_bounds_source},
    .needs = need::decisions,
    .levels = accuracy_levels};

}  // namespace leeway::performance::binary
