#include "stats/energy.h"

#include <algorithm>
#include <cmath>

#include "stats/distributions.h"
#include "stats/kolmogorov_smirnov.h"
#include "stats/ranked_pair.h"

namespace leeway::stats {

double energy_distance(const RankedPair& pair) { return std::sqrt(2 * pair.cramer); }

double energy_null_root_mean_square(const RankedPair& pair) {
  return std::sqrt(2 * pair.trace[0] / effective_size(pair.n, pair.m));
}

PValue energy_p_value(const RankedPair& pair) {
  const auto& [mean, squares, cubes] = pair.trace;
  if (!(squares > 0) || !(cubes > 0)) return pair.cramer > 0 ? PValue{} : PValue{1, 0};
  // Σ λ_j Z_j² has variance 2 Σλ² and third cumulant 8 Σλ³; a gamma law of the same has these parameters.
  const double shape = squares * squares * squares / (2 * cubes * cubes), scale = 2 * cubes / squares;
  return gamma_tail(effective_size(pair.n, pair.m) * pair.cramer - mean + shape * scale, shape, scale);
}

Interval energy_bounds(const RankedPair& pair, double confidence) {
  const double noise = 2 * (pair.area_x / static_cast<double>(pair.n) + pair.area_y / static_cast<double>(pair.m));
  const double reach = std::sqrt(noise * chi_square_quantile(confidence, 1));
  const double distance = energy_distance(pair);
  return {std::max(0.0, distance - reach), distance + reach};
}

}  // namespace leeway::stats
