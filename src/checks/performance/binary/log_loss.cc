#include <algorithm>
#include <cmath>

#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

Levels log_loss_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample*) {
  constexpr double smallest = 1e-15;
  stats::MeanVariance loss;
  int64_t clipped = 0;
  if (const auto& table = sample.table_log_loss()) {
    loss = {table->n, table->mean, table->variance};
    clipped = table->clipped;
  } else {
    sample.ranked().visit([&](double score, int64_t n, int64_t p) {
      const double q = std::clamp(score, smallest, 1 - smallest);
      if (q != score) clipped += n + p;
      if (p > 0) loss.add(-std::log(q), p);
      if (n > 0) loss.add(-std::log1p(-q), n);
    });
  }
  Level level = Level::of_mean(loss);
  level.details = {{"clipped", static_cast<double>(clipped)}};
  if (clipped > 0) level.note = "scores of 0 or 1 were taken as 1e-15 from it";
  return {level};
}

}  // namespace

constexpr BinaryMetric log_loss{
    .info = {
        .id = "log_loss",
        .title = "Log loss",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "nats",
        .measures = "The mean of -ln of the probability that was given to what happened",
        .hypothesis = no_change,
        .guarantee = rows_independent,
        .misleads = "Ruled by the few rows that were sure and wrong; moves with the prevalence",
        .cost = "O(n)",
        .source = "Good 1952, doi:10.1111/j.2517-6161.1952.tb00104.x"},
    .needs = need::probabilities,
    .levels = log_loss_levels};

}  // namespace leeway::performance::binary
