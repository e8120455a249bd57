#include <algorithm>
#include <cmath>

#include "checks/performance/metrics.h"
#include "stats/distributions.h"

namespace leeway::performance::binary {
namespace {

/// λ with P(sup |Brownian bridge| > λ) = 0.025.
constexpr double kolmogorov_975 = 1.4802;

Levels score_ks_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample*) {
  const auto p_total = static_cast<double>(sample.positives()), n_total = static_cast<double>(sample.negatives());
  double best = -1, at = undefined, best_p = 0, best_n = 0, reachable = 0;   // shares at or below `at`
  double below_p = 0, below_n = 0;
  sample.ranked().visit([&](double score, int64_t n, int64_t p) {
    const double p_share = (below_p + static_cast<double>(p)) / p_total;
    const double n_share = (below_n + static_cast<double>(n)) / n_total;
    reachable = std::max({reachable, std::fabs(p_share - below_n / n_total), std::fabs(n_share - below_p / p_total)});
    below_p += static_cast<double>(p);
    below_n += static_cast<double>(n);
    if (std::fabs(p_share - n_share) > best) {
      best = std::fabs(p_share - n_share);
      at = score;
      best_p = p_share;
      best_n = n_share;
    }
  });
  const double se = std::sqrt(best_p * (1 - best_p) / p_total + best_n * (1 - best_n) / n_total);
  const double width = std::sqrt(1 / p_total + 1 / n_total);
  // At a perfect separation the binomial error vanishes; one row more on the wrong side is always thinkable.
  const double up = se > 0 ? stats::normal_quantile(stats::bound_confidence) * se : width;
  Level level = Level::of(best, {std::max(0.0, best - kolmogorov_975 * width), std::min(1.0, best + up)}, se);
  if (sample.binned()) level.bracket = stats::Interval{best, reachable};
  level.details = {{"score", at}};
  return {level};
}

}  // namespace

constexpr BinaryMetric score_ks{
    .info = {
        .id = "score_ks",
        .title = "KS distance of the score",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The largest difference, over all cut-offs, between the shares of positives and of negatives at or "
                    "below the cut-off",
        .hypothesis = no_change,
        .guarantee = "The lower bound holds for all cut-offs at once (Kolmogorov), the upper at the one found: at "
                     "least "
                     "95 %, in practice 98 % and more, as the largest of many differences is biased upwards",
        .misleads = "Describes one cut-off only, and seldom the one in use",
        .cost = "O(n)",
        .source = "Kolmogorov 1933; Raghavachari 1973"},
    .needs = need::scores | need::two_classes,
    .levels = score_ks_levels};

}  // namespace leeway::performance::binary
