#include "checks/business/business.h"
#include "checks/performance/metric.h"

namespace leeway::business {
namespace {

Levels predicted_share_levels(const performance::MulticlassRows& rows, const Options&) {
  std::vector<int64_t> counts(rows.classes.size(), 0);
  for (const uint32_t prediction : rows.predictions) ++counts[prediction];
  Levels levels;
  for (size_t c = 0; c < counts.size(); ++c) {
    levels.push_back(
        Level::of_proportion(counts[c], static_cast<int64_t>(rows.size()), "no row has a usable prediction"));
    levels.back().slice = "class = " + rows.classes[c];
  }
  return levels;
}

}  // namespace

constexpr MulticlassQuantity predicted_share{
    .info = {
        .id = "predicted_share",
        .title = "Share predicted of each class",
        .family = Family::business,
        .version = 1,
        .orientation = Orientation::either,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "For each class the share of rows predicted as it",
        .hypothesis = performance::no_change,
        .guarantee = performance::proportion_bounds,
        .misleads = "Steady shares can hide that other rows are in them",
        .cost = "O(n)",
        .source = performance::proportion_bounds_source},
    .of_labelled = false,
    .levels = predicted_share_levels};

}  // namespace leeway::business
