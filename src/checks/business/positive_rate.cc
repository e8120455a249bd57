#include "checks/business/business.h"
#include "checks/performance/metric.h"

namespace leeway::business {
namespace {

Levels positive_rate_levels(const performance::BinaryRows& rows, const Options& options) {
  if (rows.scores.empty() && rows.decisions.empty()) return {Level::failed("no row has a usable prediction")};
  int64_t positives = 0;
  for (const uint8_t decision : rows.decisions) positives += decision;
  if (rows.decisions.empty())
    for (const double score : rows.scores) positives += score >= options.threshold;
  Level level = Level::of_proportion(positives, static_cast<int64_t>(rows.size()), "no row has a usable prediction");
  if (rows.decisions.empty()) level.details = {{"threshold", options.threshold}};
  return {level};
}

}  // namespace

constexpr BinaryQuantity positive_rate{
    .info = {
        .id = "positive_rate",
        .title = "Positive rate",
        .family = Family::business,
        .version = 1,
        .orientation = Orientation::either,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The share of rows that are predicted positive",
        .hypothesis = performance::no_change,
        .guarantee = performance::proportion_bounds,
        .misleads = "A steady rate can hide that other rows are selected",
        .cost = "O(n)",
        .source = performance::proportion_bounds_source},
    .of_labelled = false,
    .levels = positive_rate_levels};

}  // namespace leeway::business
