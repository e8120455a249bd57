#include "checks/performance/metrics.h"

namespace leeway::performance::multiclass {
namespace {

Levels kappa_levels(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  return {cohen_kappa_level(sample.confusion())};
}

}  // namespace

constexpr MulticlassMetric kappa{
    .info = {
        .id = "kappa_multiclass",
        .title = "Cohen's kappa",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "Agreement of predicted and actual class beyond chance, as a share of what is possible",
        .hypothesis = no_change,
        .guarantee = "Normal interval with the standard error of Fleiss, Cohen & Everitt; never of zero width",
        .misleads = "The chance agreement depends on the class shares",
        .cost = "O(n + classes²)",
        .source = "Cohen 1960, doi:10.1177/001316446002000104"},
    .needs = 0,
    .levels = kappa_levels};

}  // namespace leeway::performance::multiclass
