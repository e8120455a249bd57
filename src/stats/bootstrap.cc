#include "stats/bootstrap.h"

#include <algorithm>
#include <cmath>

#include "stats/distributions.h"
#include "stats/means.h"

namespace leeway::stats {
namespace {

/// Efron's acceleration by the jackknife: a row of each cell left out once, weighted with the rows of the cell.
double jackknife_acceleration(std::span<const int64_t> counts, const CellStatistic& statistic) {
  std::vector<double> cells(counts.begin(), counts.end());
  std::vector<double> left_out(counts.size());
  double rows = 0, mean = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (counts[i] == 0) continue;
    cells[i] -= 1;
    left_out[i] = statistic(cells);
    cells[i] += 1;
    if (!std::isfinite(left_out[i])) return 0;
    rows += cells[i];
    mean += (left_out[i] - mean) * (cells[i] / rows);
  }
  double squares = 0, cubes = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    const double d = counts[i] == 0 ? 0 : mean - left_out[i];
    squares += cells[i] * d * d;
    cubes += cells[i] * d * d * d;
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

/// Linear interpolation between the order statistics of sorted values.
double sorted_quantile(const std::vector<double>& sorted, double q) {
  const double place = std::clamp(q * (static_cast<double>(sorted.size()) + 1) - 1, 0.0,
                                  static_cast<double>(sorted.size() - 1));
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

double Bootstrap::se() const {
  MeanVariance moments;
  for (const double r : replicates) moments.add(r);
  return std::sqrt(moments.variance());
}

Interval Bootstrap::bca(double confidence) const {
  if (!std::isfinite(estimate) || replicates.empty()) return {};
  if (undefined * 10 >= static_cast<int>(replicates.size()) + undefined) return {};
  std::vector<double> sorted = replicates;
  std::ranges::sort(sorted);
  if (sorted.front() == sorted.back()) return {sorted.front(), sorted.back()};
  // Ties count half, so that a discrete statistic is not taken for a biased one.
  const auto below = std::ranges::lower_bound(sorted, estimate) - sorted.begin();
  const auto up_to = std::ranges::upper_bound(sorted, estimate) - sorted.begin();
  const double n = static_cast<double>(sorted.size());
  const double share = std::clamp(static_cast<double>(below + up_to) / (2 * n), 1 / (n + 1), n / (n + 1));
  const double bias = normal_quantile(share);
  const auto bound = [&](double z) {
    return sorted_quantile(sorted, normal_cdf(bias + (bias + z) / (1 - acceleration * (bias + z))));
  };
  const double z = normal_quantile(confidence);
  return {bound(-z), bound(z)};
}

Bootstrap poisson_bootstrap(std::span<const int64_t> counts, const CellStatistic& statistic, Random random,
                            int replicates) {
  std::vector<double> cells(counts.begin(), counts.end());
  Bootstrap result{statistic(cells), {}, 0, jackknife_acceleration(counts, statistic)};
  for (int i = 0; i < replicates; ++i) {
    for (size_t c = 0; c < cells.size(); ++c)
      cells[c] = static_cast<double>(random.poisson(static_cast<double>(counts[c])));
    const double value = statistic(cells);
    if (std::isfinite(value)) result.replicates.push_back(value);
    else ++result.undefined;
  }
  return result;
}

}  // namespace leeway::stats
