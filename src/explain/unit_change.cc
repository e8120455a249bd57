#include "explain/unit_change.h"

#include <algorithm>
#include <cmath>

namespace leeway::explain {
namespace {

constexpr double factors[] = {10, 100, 1000, 1e6, 12, 24, 60, 3600};
constexpr double near_factor = 0.1;
constexpr double same_shape = 0.05;
constexpr double far_apart = 0.25;

/// Least and greatest value that the distribution function with these quantiles may have at x, by straight lines.
struct Probability {
  double low, high;
};
Probability probability_at(std::span<const double> quantiles, double x) {
  const auto count = static_cast<double>(quantiles.size() + 1);
  const auto first = std::lower_bound(quantiles.begin(), quantiles.end(), x) - quantiles.begin();
  const auto last = std::upper_bound(quantiles.begin(), quantiles.end(), x) - quantiles.begin();
  if (first != last) return {static_cast<double>(first + 1) / count, static_cast<double>(last) / count};
  if (first == 0) return {0, 1 / count};
  if (first == static_cast<ptrdiff_t>(quantiles.size())) return {static_cast<double>(first) / count, 1};
  const double left = quantiles[static_cast<size_t>(first - 1)], right = quantiles[static_cast<size_t>(first)];
  const double p = (static_cast<double>(first) + (x - left) / (right - left)) / count;
  return {p, p};
}

/// Largest distance between the probability of a quantile and what the other side gives it.
double gap_between(std::span<const double> reference, std::span<const double> current, double factor) {
  double gap = 0;
  for (size_t i = 0; i < current.size(); ++i) {
    const double p = static_cast<double>(i + 1) / static_cast<double>(current.size() + 1);
    const auto [low, high] = probability_at(reference, current[i] / factor);
    gap = std::max({gap, low - p, p - high});
  }
  return gap;
}

}  // namespace

std::optional<UnitChange> find_unit_change(std::span<const double> reference, std::span<const double> current,
                                           double reference_rows, double current_rows) {
  if (reference.empty() || reference.size() != current.size()) return std::nullopt;
  const double before = reference[reference.size() / 2], now = current[current.size() / 2];
  if (before == 0 || gap_between(reference, current, 1) < far_apart) return std::nullopt;
  const double chance = 1.36 * std::sqrt(1 / reference_rows + 1 / current_rows);
  std::optional<UnitChange> best;
  for (const double base : factors)
    for (const double factor : {base, 1 / base}) {
      if (!(std::fabs(now / before / factor - 1) <= near_factor)) continue;
      const double gap = gap_between(reference, current, factor);
      if (gap <= same_shape + chance && (!best || gap < best->gap)) best = UnitChange{factor, before, now, gap};
    }
  return best;
}

}  // namespace leeway::explain
