#include "checks/performance/binary/by_confusion.h"
#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

Level precision_of(const Confusion& c, const BinaryOptions&) {
  return Level::of_proportion(c.true_positives, c.predicted_positives(), "undefined (no predicted positives)");
}

Levels precision_levels(const BinarySample& sample, const BinaryOptions& options, const BinarySample*) {
  return by_confusion(sample, options, precision_of);
}

}  // namespace

constexpr BinaryMetric precision{
    .info = {
        .id = "precision",
        .title = "Precision",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The share of predicted positives that are positive",
        .hypothesis = no_change,
        .guarantee = proportion_bounds,
        .misleads = "Falls with the prevalence though the model is unchanged",
        .cost = "O(n)",
        .source = proportion_bounds_source},
    .needs = need::decisions,
    .levels = precision_levels};

}  // namespace leeway::performance::binary
