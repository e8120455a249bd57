#include "checks/performance/binary/by_confusion.h"
#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

Level cohen_kappa_of(const Confusion& c, const BinaryOptions&) { return cohen_kappa_level(c.matrix()); }

Levels cohen_kappa_levels(const BinarySample& sample, const BinaryOptions& options, const BinarySample*) {
  return by_confusion(sample, options, cohen_kappa_of);
}

}  // namespace

constexpr BinaryMetric cohen_kappa{
    .info = {
        .id = "cohen_kappa",
        .title = "Cohen's kappa",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "Agreement of predicted and actual class beyond chance, as a share of what is possible",
        .hypothesis = no_change,
        .guarantee = "Normal interval with the standard error of Fleiss, Cohen & Everitt; never of zero width",
        .misleads = "The chance agreement depends on the prevalence: equal recall and specificity give different "
                    "kappas",
        .cost = "O(n)",
        .source = "Cohen 1960, doi:10.1177/001316446002000104"},
    .needs = need::decisions,
    .levels = cohen_kappa_levels};

}  // namespace leeway::performance::binary
