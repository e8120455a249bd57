#include "checks/business/business.h"
#include "checks/performance/metric.h"

namespace leeway::business {
namespace {

Levels mean_prediction_levels(const performance::RegressionRows& rows, const Options&) {
  if (rows.predictions.empty()) return {Level::failed("there is no usable prediction")};
  stats::MeanVariance mean;
  for (const double prediction : rows.predictions) mean.add(prediction);
  return {Level::of_mean(mean)};
}

}  // namespace

constexpr RegressionQuantity mean_prediction{
    .info = {
        .id = "mean_prediction",
        .title = "Mean prediction",
        .family = Family::business,
        .version = 1,
        .orientation = Orientation::either,
        .scale = Scale::metric,
        .unit = "label units",
        .measures = "The mean of the predicted values",
        .hypothesis = performance::no_change,
        .guarantee = performance::rows_independent,
        .misleads = "Movements in opposite directions cancel",
        .cost = "O(n)",
        .source = "Student 1908, doi:10.1093/biomet/6.1.1; Welch 1947, doi:10.1093/biomet/34.1-2.28"},
    .of_labelled = false,
    .levels = mean_prediction_levels};

}  // namespace leeway::business
