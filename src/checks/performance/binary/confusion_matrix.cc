#include <array>
#include <utility>

#include "checks/performance/binary/by_confusion.h"
#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

Levels confusion_matrix_levels(const BinarySample& sample, const BinaryOptions& options, const BinarySample*) {
  static constexpr std::array<std::pair<const char*, int64_t Confusion::*>, 4> cells{{
      {"true positives", &Confusion::true_positives},
      {"false positives", &Confusion::false_positives},
      {"false negatives", &Confusion::false_negatives},
      {"true negatives", &Confusion::true_negatives},
  }};
  const Confusion c = sample.confusion(options.threshold);
  Levels levels;
  for (const auto& [name, cell] : cells) {
    levels.push_back(Level::of_proportion(c.*cell, c.rows(), "no rows"));
    levels.back().slice = name;
    levels.back().details = {{"rows", static_cast<double>(c.*cell)}};
    if (!sample.decided()) levels.back().details.push_back({"threshold", options.threshold});
  }
  return levels;
}

}  // namespace

constexpr BinaryMetric confusion_matrix{
    .info = {
        .id = "confusion_matrix",
        .title = "Confusion matrix",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::either,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The shares of rows that are true and false positives and negatives, with their numbers in the "
                    "details",
        .hypothesis = no_change,
        .guarantee = proportion_bounds,
        .misleads = "Four shares that add up to 1: one cannot move alone",
        .cost = "O(n)",
        .source = proportion_bounds_source},
    .needs = need::decisions,
    .levels = confusion_matrix_levels};

}  // namespace leeway::performance::binary
