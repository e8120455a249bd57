#include "checks/performance/binary/by_confusion.h"
#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

Level mcc_of(const Confusion& c, const BinaryOptions&) { return mcc_level(c.matrix()); }

Levels mcc_levels(const BinarySample& sample, const BinaryOptions& options, const BinarySample*) {
  return by_confusion(sample, options, mcc_of);
}

}  // namespace

constexpr BinaryMetric mcc{
    .info = {
        .id = "mcc",
        .title = "Matthews' correlation coefficient",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The correlation between predicted and actual class: 1 perfect, 0 chance, -1 always wrong",
        .hypothesis = no_change,
        .guarantee = "Delta method on Fisher's z scale for independent rows; wide, never of zero width, at 1 and -1",
        .misleads = "Moves with the prevalence; undefined when every row is predicted alike",
        .cost = "O(n)",
        .source = "Matthews 1975, doi:10.1016/0005-2795(75)90109-9"},
    .needs = need::decisions,
    .levels = mcc_levels};

}  // namespace leeway::performance::binary
