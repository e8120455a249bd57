#include "checks/performance/bounded.h"

#include <cmath>

#include "stats/distributions.h"
#include "stats/proportions.h"

namespace leeway::performance {

Level share_like(double value, double se, double trials) {
  if (!(se > 0) || value <= 0 || value >= 1) return Level::of(value, stats::wilson(value * trials, trials), se);
  const double logit = std::log(value / (1 - value));
  const double half = stats::normal_quantile(stats::bound_confidence) * se / (value * (1 - value));
  return Level::of(value, {1 / (1 + std::exp(half - logit)), 1 / (1 + std::exp(-half - logit))}, se);
}

}  // namespace leeway::performance
