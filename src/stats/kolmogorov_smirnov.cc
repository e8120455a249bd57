#include "stats/kolmogorov_smirnov.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "stats/distributions.h"
#include "stats/limit_laws.h"

namespace leeway::stats {
namespace {

constexpr double largest_lattice = 1e8;
constexpr size_t most_bridge_times = 400;

double product(int64_t n, int64_t m) { return static_cast<double>(n) * static_cast<double>(m); }

int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

/// Brownian bridge at the distinct values' pooled masses: its times in (0, 1).
std::vector<double> bridge_times(std::span<const int64_t> pooled_cumulative) {
  std::vector<double> times;
  const auto all = static_cast<double>(pooled_cumulative.back());
  for (const int64_t c : pooled_cumulative.first(pooled_cumulative.size() - 1))
    times.push_back(static_cast<double>(c) / all);
  return times;
}

/// A grid on [-half, half] with weights that integrate smooth functions to fourth order at the ends (Gregory) and
/// functions narrower than the whole to all orders inside.
struct Grid {
  static constexpr int size = 401;
  std::vector<double> x, weight;
  double step;

  explicit Grid(double half) : x(size), weight(size), step(2 * half / (size - 1)) {
    constexpr double ends[] = {3.0 / 8, 7.0 / 6, 23.0 / 24};
    for (int i = 0; i < size; ++i) {
      x[i] = (i - (size - 1) / 2) * step;
      const int from_end = std::min(i, size - 1 - i);
      weight[i] = step * (from_end < 3 ? ends[from_end] : 1);
    }
  }
};

double normal_density(double x, double variance) {
  return std::exp(-x * x / (2 * variance)) / std::sqrt(2 * std::numbers::pi * variance);
}

/// Probability that the bridge has stayed on the grid up to time s and is beyond it at time t.
double leaving_probability(const Grid& grid, double half, const std::vector<double>& density, double s, double t) {
  const double shrink = (1 - t) / (1 - s), sd = std::sqrt((t - s) * shrink);
  double sum = 0;
  for (int i = 0; i < Grid::size; ++i) {
    const double mean = grid.x[i] * shrink;
    sum += density[i] * grid.weight[i] * (normal_tail((half - mean) / sd).p + normal_tail((half + mean) / sd).p);
  }
  return sum;
}

/// Density of the bridge at time t, given its density at time s and that it has stayed on the grid.
std::vector<double> step_bridge(const Grid& grid, const std::vector<double>& density, double s, double t) {
  const double shrink = (1 - t) / (1 - s), variance = (t - s) * shrink;
  const double reach = 7.5 * std::sqrt(variance);
  std::vector<double> next(Grid::size, 0.0);
  for (int i = 0; i < Grid::size; ++i) {
    const double mass = density[i] * grid.weight[i], mean = grid.x[i] * shrink;
    const int low = std::max(0, static_cast<int>(std::ceil((mean - reach - grid.x[0]) / grid.step)));
    const int high = std::min(Grid::size - 1, static_cast<int>(std::floor((mean + reach - grid.x[0]) / grid.step)));
    for (int j = low; j <= high; ++j) next[j] += mass * normal_density(grid.x[j] - mean, variance);
  }
  return next;
}

}  // namespace

double ks_equal_sizes(int64_t k, int64_t n) {
  if (k <= 0) return 1;
  // ln C(2n, n-t)/C(2n, n) is a sum over t, so all terms come from one running sum.
  double log_ratio = 0, p = 0;
  for (int64_t t = 1; t <= n; ++t) {
    log_ratio += std::log1p(-static_cast<double>(2 * t - 1) / static_cast<double>(n + t));
    if (log_ratio < -745) break;
    if (t % k == 0) p += (t / k % 2 == 1 ? 2 : -2) * std::exp(log_ratio);
  }
  return std::clamp(p, 0.0, 1.0);
}

double ks_lattice(int64_t numerator, int64_t n, int64_t m, std::span<const int64_t> pooled_cumulative, bool one_sided) {
  if (numerator <= 0) return 1;
  const int64_t total = n + m;
  // share[i]: of the paths to (i, d - i), those that have reached the boundary; 1 outside [low, high]. One diagonal at
  // a time, because a tie block ends on a whole diagonal or not at all.
  std::vector<double> share(static_cast<size_t>(n) + 2, 0.0);
  int64_t low = 0, high = 0;
  size_t block = 0;
  for (int64_t d = 1; d <= total; ++d) {
    const double rate = 1 / static_cast<double>(d);
    if (high + 1 <= n) share[++high] = 1;
    for (int64_t i = std::min(high, d); i >= std::max<int64_t>(low, 1); --i)
      share[i] = (static_cast<double>(i) * share[i - 1] + static_cast<double>(d - i) * share[i]) * rate;
    const bool block_ends = pooled_cumulative.empty() || pooled_cumulative[block] == d;
    if (!block_ends) continue;
    ++block;
    // i·m - j·n = i·N - d·n: (i, d - i) is beyond the boundary where that is >= numerator or <= -numerator.
    const int64_t last_inside = floor_div(numerator - 1 + d * n, total);
    for (int64_t i = last_inside + 1; i <= high; ++i) share[i] = 1;
    high = std::min(high, last_inside);
    if (one_sided) continue;
    const int64_t first_inside = floor_div(d * n - numerator, total) + 1;
    for (int64_t i = low; i < std::min(first_inside, n + 1); ++i) share[i] = 1;
    low = std::max(low, first_inside);
    if (low > high) return 1;
  }
  return share[n];
}

double brownian_bridge_tail(double lambda, std::span<const double> times) {
  if (lambda <= 0) return 1;
  const Grid grid(lambda);
  // A step must be wider than the grid's spacing for the quadrature to see it.
  const double smallest = 1.6 * grid.step * grid.step;
  double s = 0, left = 0;
  std::vector<double> density;
  for (const double t : times) {
    if (t - s < smallest || 1 - t < smallest) continue;
    if (density.empty()) {
      left = two_sided_normal(lambda / std::sqrt(t * (1 - t))).p;
      density.resize(Grid::size);
      for (int i = 0; i < Grid::size; ++i) density[i] = normal_density(grid.x[i], t * (1 - t));
    } else {
      left += leaving_probability(grid, lambda, density, s, t);
      density = step_bridge(grid, density, s, t);
    }
    s = t;
  }
  return std::min(left, 1.0);
}

PValue ks_asymptotic(double d, double size) {
  const double root = std::sqrt(size);
  return kolmogorov_tail((root + 0.12 + 0.11 / root) * d);
}

KsPValue ks_p_value(int64_t numerator, int64_t n, int64_t m, std::span<const int64_t> pooled_cumulative) {
  const bool ties = !pooled_cumulative.empty() && std::ssize(pooled_cumulative) < n + m;
  if (n == m && !ties) return {PValue::of(ks_equal_sizes(numerator / n, n)), KsMethod::exact};
  if (product(n, m) <= largest_lattice)
    return {PValue::of(ks_lattice(numerator, n, m, pooled_cumulative, false)), KsMethod::exact};
  const double size = effective_size(n, m), d = static_cast<double>(numerator) / product(n, m);
  if (ties && pooled_cumulative.size() <= most_bridge_times)
    return {PValue::of(brownian_bridge_tail(std::sqrt(size) * d, bridge_times(pooled_cumulative))), KsMethod::bridge};
  return {ks_asymptotic(d, size), KsMethod::asymptotic};
}

KsPValue ks_one_sided_p_value(int64_t numerator, int64_t n, int64_t m, std::span<const int64_t> pooled_cumulative) {
  if (product(n, m) <= largest_lattice)
    return {PValue::of(ks_lattice(numerator, n, m, pooled_cumulative, true)), KsMethod::exact};
  const double d = static_cast<double>(numerator) / product(n, m);
  return {smirnov_tail(std::sqrt(effective_size(n, m)) * d), KsMethod::asymptotic};
}

namespace {

/// The estimate less `below` and plus `above`, within [0, largest].
Interval widen(double value, double below, double above, double largest) {
  return {std::max(0.0, value - below), std::min(largest, value + above)};
}

double pointwise(int64_t n, int64_t m, double confidence) {
  return normal_quantile(confidence) / 2 / std::sqrt(effective_size(n, m));
}

/// ε_n + ε_m: by how much F - G can be off anywhere, but for an error of 1 - confidence shared by the samples.
double both_samples_off(int64_t n, int64_t m, double confidence) {
  const auto epsilon = [&](int64_t size) {
    return std::sqrt(std::log(4 / (1 - confidence)) / (2 * static_cast<double>(size)));
  };
  return epsilon(n) + epsilon(m);
}

}  // namespace

Interval ks_bounds(double d, int64_t n, int64_t m, double confidence) {
  const double below = kolmogorov_quantile(1 - confidence) / std::sqrt(effective_size(n, m));
  return widen(d, below, pointwise(n, m, confidence), 1);
}

Interval kuiper_bounds(double v, int64_t n, int64_t m, double confidence) {
  const double below = kuiper_quantile(1 - confidence) / std::sqrt(effective_size(n, m));
  return widen(v, below, pointwise(n, m, confidence), 1);
}

Interval ks_finite_sample_bounds(double d, int64_t n, int64_t m, double confidence) {
  const double off = both_samples_off(n, m, confidence);
  return widen(d, off, off, 1);
}

Interval kuiper_finite_sample_bounds(double v, int64_t n, int64_t m, double confidence) {
  const double off = 2 * both_samples_off(n, m, confidence);
  return widen(v, off, off, 1);
}

PValue kuiper_p_value(double v, int64_t n, int64_t m) {
  const double root = std::sqrt(effective_size(n, m));
  return kuiper_tail((root + 0.155 + 0.24 / root) * v);
}

}  // namespace leeway::stats
