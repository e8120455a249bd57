#include "stats/mann_whitney.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

#include "stats/distributions.h"

namespace leeway::stats {
namespace {

constexpr double largest_exact = 400;

/// Pascal's row: C(size, 0 … size).
std::vector<double> binomial_row(int64_t size) {
  std::vector<double> row(static_cast<size_t>(size) + 1, 1.0);
  for (int64_t k = 1; k < size; ++k)
    row[k] = std::round(row[k - 1] * static_cast<double>(size - k + 1) / static_cast<double>(k));
  return row;
}

}  // namespace

double mann_whitney_exact(int64_t twice_u, int64_t n, int64_t m, std::span<const int64_t> pooled_cumulative) {
  // ways[k][s]: of the assignments of the values so far, those with k in sample x and 2U = s among them. A block of l
  // equal values, a of them in x, adds a·(2·(y below) + (l - a)).
  const int64_t largest = 2 * n * m;
  std::vector<std::vector<double>> ways(n + 1, std::vector<double>(largest + 1, 0.0));
  ways[0][0] = 1;
  int64_t before = 0;
  const int64_t total = n + m;
  for (size_t block = 0; before < total; ++block) {
    const int64_t size = pooled_cumulative.empty() ? 1 : pooled_cumulative[block] - before;
    const auto choices = binomial_row(size);
    std::vector<std::vector<double>> next(n + 1, std::vector<double>(largest + 1, 0.0));
    for (int64_t k = std::max<int64_t>(0, before - m); k <= std::min(n, before); ++k) {
      const int64_t y_below = before - k;
      for (int64_t a = std::max<int64_t>(0, size - (m - y_below)); a <= std::min(size, n - k); ++a) {
        const int64_t gain = a * (2 * y_below + size - a);
        for (int64_t s = 0; s + gain <= largest; ++s) next[k + a][s + gain] += ways[k][s] * choices[a];
      }
    }
    ways = std::move(next);
    before += size;
  }
  double as_extreme = 0, all = 0;
  for (int64_t s = 0; s <= largest; ++s) {
    all += ways[n][s];
    if (std::abs(s - n * m) >= std::abs(twice_u - n * m)) as_extreme += ways[n][s];
  }
  return as_extreme / all;
}

double mann_whitney_variance(double tie_cubes, int64_t n, int64_t m) {
  const auto a = static_cast<double>(n), b = static_cast<double>(m), all = a + b;
  return a * b / 12 * ((all + 1) - tie_cubes / (all * (all - 1)));
}

PValue mann_whitney_normal(int64_t twice_u, double tie_cubes, int64_t n, int64_t m, double continuity) {
  const double variance = mann_whitney_variance(tie_cubes, n, m);
  if (!(variance > 0)) return {1, 0};
  const double off = std::fabs(static_cast<double>(twice_u - n * m)) / 2;
  return two_sided_normal(std::max(0.0, off - continuity) / std::sqrt(variance));
}

MannWhitneyTest mann_whitney_test(int64_t twice_u, double tie_cubes, int64_t n, int64_t m,
                                  std::span<const int64_t> pooled_cumulative) {
  if (static_cast<double>(n) * static_cast<double>(m) <= largest_exact)
    return {PValue::of(mann_whitney_exact(twice_u, n, m, pooled_cumulative)), true};
  return {mann_whitney_normal(twice_u, tie_cubes, n, m), false};
}

}  // namespace leeway::stats
