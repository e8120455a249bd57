#include "checks/performance/binary/by_confusion.h"
#include "checks/performance/metrics.h"

#include <cmath>

#include "stats/proportions.h"

namespace leeway::performance::binary {
namespace {

/// F1 = 2J/(1 + J) of the share J of true positives among the rows that are or were called positive: a proportion,
/// whose interval carries over.
Level f1_of(const Confusion& c, const BinaryOptions&) {
  const auto hits = static_cast<double>(c.true_positives);
  const auto trials = static_cast<double>(c.true_positives + c.false_positives + c.false_negatives);
  if (trials == 0) return Level::failed("undefined (no positives, neither actual nor predicted)");
  const auto f1 = [](double j) { return 2 * j / (1 + j); };
  const double j = hits / trials;
  const stats::Interval interval = stats::proportion_interval(hits, trials);
  return Level::of(f1(j), {f1(interval.lower), f1(interval.upper)},
                   2 / ((1 + j) * (1 + j)) * std::sqrt(j * (1 - j) / trials));
}

Levels f1_levels(const BinarySample& sample, const BinaryOptions& options, const BinarySample*) {
  return by_confusion(sample, options, f1_of);
}

}  // namespace

constexpr BinaryMetric f1{
    .info = {
        .id = "f1",
        .title = "F1 score",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The harmonic mean of precision and recall",
        .hypothesis = no_change,
        .guarantee = "The Wilson (Jeffreys) interval of the share of hits among rows that are or were called "
                     "positive, carried over by F1 = 2J/(1+J); given the number of such rows",
        .misleads = "Does not look at true negatives and moves with the prevalence",
        .cost = "O(n)",
        .source = "van Rijsbergen 1979; Wilson 1927, doi:10.1080/01621459.1927.10502953"},
    .needs = need::decisions,
    .levels = f1_levels};

}  // namespace leeway::performance::binary
