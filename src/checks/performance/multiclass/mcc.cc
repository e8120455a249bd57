#include "checks/performance/metrics.h"

namespace leeway::performance::multiclass {
namespace {

Levels mcc_levels(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  return {mcc_level(sample.confusion())};
}

}  // namespace

constexpr MulticlassMetric mcc{
    .info = {
        .id = "mcc_multiclass",
        .title = "Matthews' correlation coefficient",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "Gorodkin's correlation of predicted and actual class: 1 perfect, 0 chance",
        .hypothesis = no_change,
        .guarantee = "Delta method on Fisher's z scale; wide, never of zero width, at 1",
        .misleads = "Moves with the class shares",
        .cost = "O(n + classes²)",
        .source = "Gorodkin 2004, doi:10.1016/j.compbiolchem.2004.09.006"},
    .needs = 0,
    .levels = mcc_levels};

}  // namespace leeway::performance::multiclass
