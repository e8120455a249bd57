#include "stats/cramer_von_mises.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "stats/distributions.h"
#include "stats/limit_laws.h"
#include "stats/ranked_pair.h"

namespace leeway::stats {
namespace {

constexpr int64_t largest_exact = 20;

/// Numbers of lattice paths to one point by their sum of squares so far, ascending.
struct PathCounts {
  std::vector<int64_t> sums;
  std::vector<double> paths;
};

/// a + b with `square` added to all sums; paths that have reached `enough` go to `beyond` and are dropped.
PathCounts join(const PathCounts& a, const PathCounts& b, int64_t square, int64_t enough, double& beyond) {
  PathCounts out;
  size_t i = 0, j = 0;
  while (i < a.sums.size() || j < b.sums.size()) {
    const bool from_a = i < a.sums.size() && (j == b.sums.size() || a.sums[i] <= b.sums[j]);
    const bool from_b = j < b.sums.size() && (i == a.sums.size() || b.sums[j] <= a.sums[i]);
    const int64_t sum = (from_a ? a.sums[i] : b.sums[j]) + square;
    const double paths = (from_a ? a.paths[i] : 0) + (from_b ? b.paths[j] : 0);
    i += from_a;
    j += from_b;
    if (sum >= enough) {
      beyond += paths;
    } else {
      out.sums.push_back(sum);
      out.paths.push_back(paths);
    }
  }
  return out;
}

/// C(n, k) as a double; exact below 2^53.
double choose(int64_t n, int64_t k) {
  double result = 1;
  for (int64_t i = 1; i <= k; ++i)
    result = std::round(result * static_cast<double>(n - k + i) / static_cast<double>(i));
  return result;
}

}  // namespace

double cramer_von_mises_exact(double statistic, int64_t n, int64_t m) {
  // T = nm/N² Σ (F-G)² over the pooled points = Σ (L/n i - L/m j)² nm/(N² L²), an integer sum for L = lcm(n, m).
  const int64_t least = std::lcm(n, m), up = least / n, across = least / m, total = n + m;
  const double unit =
      static_cast<double>(n * m) / (static_cast<double>(total * total) * static_cast<double>(least * least));
  const auto enough = static_cast<int64_t>(std::ceil(statistic / unit * (1 - 1e-12)));
  if (enough <= 0) return 1;
  double beyond = 0;
  std::vector<PathCounts> column(m + 1);  // column[j]: paths to (i, j)
  for (int64_t i = 0; i <= n; ++i) {
    for (int64_t j = 0; j <= m; ++j) {
      if (i == 0 && j == 0) {
        column[0] = {{0}, {1}};
        continue;
      }
      const int64_t off = i * up - j * across;
      double reached = 0;
      column[j] =
          join(i > 0 ? column[j] : PathCounts{}, j > 0 ? column[j - 1] : PathCounts{}, off * off, enough, reached);
      beyond += reached * choose(n - i + m - j, n - i);
    }
  }
  return beyond / choose(total, n);
}

PValue cramer_von_mises_asymptotic(double statistic, int64_t n, int64_t m) {
  const auto a = static_cast<double>(n), b = static_cast<double>(m), all = a + b;
  const double mean = (1 + 1 / all) / 6;
  const double variance =
      (all + 1) * (4 * a * b * all - 3 * (a * a + b * b) - 2 * a * b) / (45 * all * all * 4 * a * b);
  return cramer_von_mises_tail(1.0 / 6 + (statistic - mean) / std::sqrt(45 * variance));
}

PValue cramer_von_mises_p_value(const RankedPair& pair) {
  if (pair.ties()) {
    const auto all = static_cast<double>(pair.n + pair.m);
    return quadratic_form_tail(pair.cramer_von_mises * (all - 1) / all, pair.cramer_von_mises_kernel);
  }
  if (std::max(pair.n, pair.m) <= largest_exact)
    return PValue::of(cramer_von_mises_exact(pair.cramer_von_mises, pair.n, pair.m));
  return cramer_von_mises_asymptotic(pair.cramer_von_mises, pair.n, pair.m);
}

}  // namespace leeway::stats
