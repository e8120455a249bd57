#include "stats/wasserstein.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "stats/distributions.h"

namespace leeway::stats {

double wasserstein_se(double variance_x, int64_t n, double variance_y, int64_t m) {
  return std::sqrt(variance_x / static_cast<double>(n) + variance_y / static_cast<double>(m));
}

double wasserstein_noise(double spread, int64_t n, int64_t m) {
  return spread * std::sqrt(1 / static_cast<double>(n) + 1 / static_cast<double>(m));
}

double wasserstein_null_mean(double spread, int64_t n, int64_t m) {
  return std::sqrt(2 / std::numbers::pi) * wasserstein_noise(spread, n, m);
}

Interval wasserstein_bounds(double distance, double se, double noise, double confidence) {
  const double margin = normal_quantile(confidence) * se;
  // W² - a² as a product, which keeps its digits when both are small.
  const double cleared = std::sqrt(std::max(0.0, (distance - noise) * (distance + noise)));
  return {std::max(0.0, cleared - margin), distance + margin};
}

}  // namespace leeway::stats
