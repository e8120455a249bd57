#include "checks/business/business.h"
#include "checks/performance/metric.h"

namespace leeway::business {
namespace {

Levels mean_score_levels(const performance::BinaryRows& rows, const Options&) {
  if (rows.scores.empty()) return {Level::failed("there is no usable score")};
  stats::MeanVariance mean;
  for (const double score : rows.scores) mean.add(score);
  return {Level::of_mean(mean)};
}

}  // namespace

constexpr BinaryQuantity mean_score{
    .info = {
        .id = "mean_score",
        .title = "Mean score",
        .family = Family::business,
        .version = 1,
        .orientation = Orientation::either,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The mean of the score: for a probability, the share of events that the model expects",
        .hypothesis = performance::no_change,
        .guarantee = performance::rows_independent,
        .misleads = "Movements in opposite directions cancel",
        .cost = "O(n)",
        .source = "Student 1908, doi:10.1093/biomet/6.1.1; Welch 1947, doi:10.1093/biomet/34.1-2.28"},
    .of_labelled = false,
    .levels = mean_score_levels};

}  // namespace leeway::business
