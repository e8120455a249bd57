#include <cmath>

#include "checks/performance/metrics.h"

namespace leeway::performance::multiclass {
namespace {

Levels log_loss_levels(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  constexpr double smallest = 1e-15;
  stats::MeanVariance loss;
  int64_t clipped = 0;
  for (size_t i = 0; i < sample.labels().size(); ++i) {
    const double given = sample.scores()[i * sample.classes().size() + sample.labels()[i]];
    clipped += given < smallest;
    loss.add(-std::log(given < smallest ? smallest : given));
  }
  Level level = Level::of_mean(loss);
  level.details = {{"clipped", static_cast<double>(clipped)}};
  if (clipped > 0) level.note = "probabilities of 0 given to the actual class were taken as 1e-15";
  return {level};
}

}  // namespace

constexpr MulticlassMetric log_loss{
    .info = {
        .id = "log_loss_multiclass",
        .title = "Log loss",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "nats",
        .measures = "The mean of -ln of the probability that was given to the actual class",
        .hypothesis = no_change,
        .guarantee = rows_independent,
        .misleads = "Ruled by the few rows that were sure and wrong",
        .cost = "O(n)",
        .source = "Good 1952, doi:10.1111/j.2517-6161.1952.tb00104.x"},
    .needs = need::probabilities,
    .levels = log_loss_levels};

}  // namespace leeway::performance::multiclass
