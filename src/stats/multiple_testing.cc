#include "stats/multiple_testing.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace leeway::stats {
namespace {

/// Positions of the entries that are tests, by ascending p.
std::vector<size_t> ascending(std::span<const double> p) {
  std::vector<size_t> order;
  for (size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p[a] < p[b]; });
  return order;
}

std::vector<double> step_up(std::span<const double> p, bool any_dependence) {
  std::vector<double> out(p.size(), std::numeric_limits<double>::quiet_NaN());
  const auto order = ascending(p);
  double penalty = 1;
  if (any_dependence)
    for (size_t i = 2; i <= order.size(); ++i) penalty += 1 / static_cast<double>(i);
  double least = 1;
  for (size_t rank = order.size(); rank > 0; --rank) {
    const size_t i = order[rank - 1];
    least = std::min(least, p[i] * penalty * static_cast<double>(order.size()) / static_cast<double>(rank));
    out[i] = least;
  }
  return out;
}

}  // namespace

std::vector<double> benjamini_hochberg(std::span<const double> p) { return step_up(p, false); }
std::vector<double> benjamini_yekutieli(std::span<const double> p) { return step_up(p, true); }

std::vector<double> holm(std::span<const double> p) {
  std::vector<double> out(p.size(), std::numeric_limits<double>::quiet_NaN());
  const auto order = ascending(p);
  double greatest = 0;
  for (size_t rank = 0; rank < order.size(); ++rank) {
    greatest = std::max(greatest, std::min(1.0, p[order[rank]] * static_cast<double>(order.size() - rank)));
    out[order[rank]] = greatest;
  }
  return out;
}

}  // namespace leeway::stats
