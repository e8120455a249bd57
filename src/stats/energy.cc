#include "stats/energy.h"

#include <algorithm>
#include <cmath>

#include "stats/distributions.h"
#include "stats/kolmogorov_smirnov.h"
#include "stats/ranked_pair.h"

namespace leeway::stats {

double energy_distance(const RankedPair& pair) { return std::sqrt(2 * pair.cramer); }

double energy_null_root_mean_square(const RankedPair& pair) {
  return std::sqrt(2 * pair.cramer_kernel.first / effective_size(pair.n, pair.m));
}

PValue energy_p_value(const RankedPair& pair) {
  return quadratic_form_tail(effective_size(pair.n, pair.m) * pair.cramer, pair.cramer_kernel);
}

Interval energy_bounds(const RankedPair& pair, double confidence) {
  const double noise = 2 * (pair.area_x / static_cast<double>(pair.n) + pair.area_y / static_cast<double>(pair.m));
  const double reach = std::sqrt(noise * chi_square_quantile(confidence, 1));
  const double distance = energy_distance(pair);
  return {std::max(0.0, distance - reach), distance + reach};
}

}  // namespace leeway::stats
