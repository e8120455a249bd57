#include <cmath>

#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

/// Murphy's parts on bins, with the corrections of Ferro & Fricker; reliability - resolution + uncertainty + within is
/// the score itself.
void add_decomposition(const BinarySample& sample, int bins, Level& level) {
  const auto rows = static_cast<double>(sample.rows());
  const double rate = sample.prevalence();
  double reliability = 0, resolution = 0, excess = 0;
  const auto parts = calibration_bins(sample, bins);
  for (const CalibrationBin& bin : parts) {
    const double share = static_cast<double>(bin.rows) / rows, observed = bin.observed();
    reliability += share * (bin.mean_score - observed) * (bin.mean_score - observed);
    resolution += share * (observed - rate) * (observed - rate);
    if (bin.rows > 1) excess += share * observed * (1 - observed) / static_cast<double>(bin.rows - 1);
  }
  const double uncertainty = rate * (1 - rate);
  const double spread = sample.rows() > 1 ? uncertainty / (rows - 1) : 0;
  level.details.push_back({"reliability", reliability - excess});
  level.details.push_back({"resolution", resolution - excess + spread});
  level.details.push_back({"uncertainty", uncertainty + spread});
  level.details.push_back({"within_bins", level.estimate.value - (reliability - resolution + uncertainty)});
  level.details.push_back({"bins", static_cast<double>(parts.size())});
  if (uncertainty > 0) level.details.push_back({"skill", 1 - level.estimate.value / uncertainty});
}

Levels brier_levels(const BinarySample& sample, const BinaryOptions& options, const BinarySample*) {
  stats::MeanVariance loss;
  if (const auto& table = sample.table_brier()) {
    loss = {table->n, table->mean, table->variance};
  } else {
    sample.ranked().visit([&](double score, int64_t n, int64_t p) {
      loss.add((1 - score) * (1 - score), p);
      loss.add(score * score, n);
    });
  }
  Level level = Level::of_mean(loss);
  add_decomposition(sample, options.calibration_bins, level);
  return {level};
}

}  // namespace

constexpr BinaryMetric brier{
    .info = {
        .id = "brier",
        .title = "Brier score",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The mean squared difference between the predicted probability and what happened (0 or 1); in its "
                    "details reliability, resolution and uncertainty on bins of equal mass, corrected for their bias",
        .hypothesis = no_change,
        .guarantee = rows_independent,
        .misleads = "Small for rare events whatever the model; compare its skill, 1 - score/uncertainty",
        .cost = "O(n)",
        .source = "Brier 1950; Murphy 1973; Ferro & Fricker 2012, doi:10.1002/qj.1924"},
    .needs = need::probabilities,
    .levels = brier_levels};

}  // namespace leeway::performance::binary
