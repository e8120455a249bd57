#include "checks/business/business.h"
#include "checks/performance/binary_sample.h"
#include "checks/performance/metric.h"

namespace leeway::business {
namespace {

Levels cost_per_row_levels(const performance::BinaryRows& rows, const Options& options) {
  if (rows.labelled.used == 0) return {Level::failed("no row has both a usable prediction and a known label")};
  Level level = Level::of_mean(mean_cost(performance::confusion_of(rows, options.threshold), options.cost));
  level.details = {{"per_1000", 1000 * level.estimate.value}};
  level.note = performance::caveat_of_unknown_labels(rows.usable, rows.labelled);
  return {level};
}

}  // namespace

constexpr BinaryQuantity cost_per_row{
    .info = {
        .id = "cost_per_row",
        .title = "Cost per row",
        .family = Family::business,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "cost per row",
        .measures = "The mean cost of a row by the cost matrix, over rows with a known label",
        .hypothesis = performance::no_change,
        .guarantee = performance::rows_independent,
        .misleads = "As good as the cost matrix; with rare, dear errors the interval needs many of them",
        .cost = "O(n)",
        .source = "Elkan 2001, The foundations of cost-sensitive learning, IJCAI"},
    .of_labelled = true,
    .levels = cost_per_row_levels};

constexpr MethodInfo cost_total{
    .id = "cost_total",
    .title = "Total cost",
    .family = Family::business,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "cost",
    .measures = "What the labelled current rows cost, beside what as many would have cost at the reference's rate",
    .hypothesis = performance::no_change,
    .guarantee = "As the cost per row",
    .misleads = "Counts labelled rows only; rows whose outcome is unknown are not in it",
    .cost = "O(1) after the cost per row",
    .source = "Elkan 2001, The foundations of cost-sensitive learning, IJCAI"};

}  // namespace leeway::business
