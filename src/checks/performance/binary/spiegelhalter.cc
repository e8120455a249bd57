#include <cmath>

#include "checks/performance/metrics.h"
#include "stats/distributions.h"

namespace leeway::performance::binary {
namespace {

Levels spiegelhalter_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample*) {
  stats::MeanVariance excess;
  double variance = 0;   // of the sum, if the scores are the true probabilities
  sample.ranked().visit([&](double score, int64_t n, int64_t p) {
    const double lean = 1 - 2 * score;
    excess.add((1 - score) * lean, p);
    excess.add(-score * lean, n);
    variance += static_cast<double>(n + p) * lean * lean * score * (1 - score);
  });
  Level level = Level::of_mean(excess);
  if (variance > 0) {
    const double z = excess.mean() * static_cast<double>(sample.rows()) / std::sqrt(variance);
    level.details = {{"z", z}, {"calibrated_p", stats::two_sided_normal(z).p}};
  }
  return {level};
}

}  // namespace

constexpr BinaryMetric spiegelhalter{
    .info = {
        .id = "spiegelhalter",
        .title = "Brier score beyond what the scores expect (Spiegelhalter)",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The Brier score less the one expected if every score were the true probability; `z` in its "
                    "details "
                    "is Spiegelhalter's statistic and `calibrated_p` its two-sided p-value for that hypothesis",
        .hypothesis = no_change,
        .guarantee = rows_independent,
        .misleads = "Scores that err by turns upwards and downwards around one half can leave it at 0",
        .cost = "O(n)",
        .source = "Spiegelhalter 1986, doi:10.1002/sim.4780050506"},
    .needs = need::probabilities,
    .levels = spiegelhalter_levels};

}  // namespace leeway::performance::binary
