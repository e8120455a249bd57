#include "checks/performance/binary/by_confusion.h"
#include "checks/performance/metrics.h"

#include <algorithm>
#include <cmath>

#include "stats/proportions.h"

namespace leeway::performance::binary {
namespace {

Level balanced_accuracy_of(const Confusion& c, const BinaryOptions&) {
  const auto p = static_cast<double>(c.positives()), n = static_cast<double>(c.negatives());
  const auto found = static_cast<double>(c.true_positives), spared = static_cast<double>(c.true_negatives);
  const double recall = found / p, specificity = spared / n, value = (recall + specificity) / 2;
  const stats::Interval a = stats::proportion_interval(found, p), b = stats::proportion_interval(spared, n);
  const double se = std::sqrt(recall * (1 - recall) / p + specificity * (1 - specificity) / n) / 2;
  return Level::of(value, {std::max(0.0, value - std::hypot(recall - a.lower, specificity - b.lower) / 2),
                           std::min(1.0, value + std::hypot(a.upper - recall, b.upper - specificity) / 2)}, se);
}

Levels balanced_accuracy_levels(const BinarySample& sample, const BinaryOptions& options, const BinarySample*) {
  return by_confusion(sample, options, balanced_accuracy_of);
}

}  // namespace

constexpr BinaryMetric balanced_accuracy{
    .info = {
        .id = "balanced_accuracy",
        .title = "Balanced accuracy",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The mean of recall and specificity: 0.5 for a model that does not look at its input",
        .hypothesis = no_change,
        .guarantee = "The two Wilson (Jeffreys) intervals combined by squaring and adding; given the numbers of both "
                     "classes",
        .misleads = "Weighs both classes alike, whatever their errors cost",
        .cost = "O(n)",
        .source = "Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I"},
    .needs = need::decisions | need::two_classes,
    .levels = balanced_accuracy_levels};

}  // namespace leeway::performance::binary
