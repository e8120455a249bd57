#include "stats/divergence.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "stats/contingency.h"
#include "stats/distributions.h"
#include "stats/proportions.h"

namespace leeway::stats {
namespace {

constexpr double half_count = 0.5;
/// Movements below this, in units of PSI, need no widening, and the estimate of κ would be noise.
constexpr double small_movement = 0.02;
constexpr double largest_kappa = 3;

double log_ratio_term(double p, double q) { return p == 0 ? 0 : p * std::log(p / q); }

template <class Cell>
double sum_cells(const SharePair& s, Cell cell) {
  double sum = 0;
  for (size_t i = 0; i < s.p.size(); ++i) sum += cell(s.p[i], s.q[i]);
  return sum;
}

/// First and second derivatives of a divergence in one cell's p and q.
struct Derivatives {
  double p, q, pp, qq;
};

struct Law {
  Divergence kind;
  double factor;   ///< factor · n' · value is about chi-square
  double pseudo;   ///< added to each count for the value itself
  double (*value)(const SharePair&);
  Derivatives (*derive)(double p, double q);
};

constexpr Law laws[] = {
    {Divergence::psi, 1, half_count, population_stability_index,
     [](double p, double q) {
       const double l = std::log(p / q);
       return Derivatives{l + 1 - q / p, -l + 1 - p / q, (1 + q / p) / p, (1 + p / q) / q};
     }},
    {Divergence::kl, 2, half_count, kullback_leibler,
     [](double p, double q) { return Derivatives{std::log(p / q) + 1, -p / q, 1 / p, p / (q * q)}; }},
    {Divergence::kl_reverse, 2, half_count, [](const SharePair& s) { return kullback_leibler({s.q, s.p}); },
     [](double p, double q) { return Derivatives{-q / p, std::log(q / p) + 1, q / (p * p), 1 / q}; }},
    {Divergence::jensen_shannon, 8, 0, jensen_shannon_divergence,
     [](double p, double q) {
       const double both = p + q;
       return Derivatives{std::log(2 * p / both) / 2, std::log(2 * q / both) / 2, q / (2 * p * both),
                          p / (2 * q * both)};
     }},
    {Divergence::squared_hellinger, 8, 0, squared_hellinger,
     [](double p, double q) {
       const double r = std::sqrt(q / p);
       return Derivatives{-r / 2, -1 / (2 * r), r / (4 * p), 1 / (4 * r * q)};
     }},
};

const Law& law_of(Divergence kind) {
  return *std::find_if(std::begin(laws), std::end(laws), [&](const Law& l) { return l.kind == kind; });
}

/// Second-order bias and delta-method variance, at smoothed shares (derivatives are infinite at empty cells).
struct Delta {
  double bias, variance;
};
Delta delta_method(const Law& law, const CountPair& counts) {
  const SharePair s = shares(counts, half_count);
  const auto n = static_cast<double>(counts.n), m = static_cast<double>(counts.m);
  double bias = 0, p_mean = 0, p_square = 0, q_mean = 0, q_square = 0;
  for (size_t i = 0; i < s.p.size(); ++i) {
    const double p = s.p[i], q = s.q[i];
    const Derivatives d = law.derive(p, q);
    bias += (d.pp * p * (1 - p) / n + d.qq * q * (1 - q) / m) / 2;
    p_mean += p * d.p;
    p_square += p * d.p * d.p;
    q_mean += q * d.q;
    q_square += q * d.q * d.q;
  }
  return {bias, std::max(0.0, p_square - p_mean * p_mean) / n + std::max(0.0, q_square - q_mean * q_mean) / m};
}

/// The distance if there were a second cell that no row has hit so far, as large in the window as it may be.
double distance_of_unseen_cell(const Law& law, const CountPair& counts, double confidence) {
  const double p = 1 - std::pow(1 - confidence, 1 / static_cast<double>(counts.n));
  const double q = half_count / (static_cast<double>(counts.m) + 2 * half_count);
  return p > q ? law.value({{p, 1 - p}, {q, 1 - q}}) : 0;
}

/// E max |Z_i| for independent centred normal Z_i: the area under P(max > x).
double mean_largest(std::span<const double> sds) {
  const double reach = sds.empty() ? 0 : 8 * *std::max_element(sds.begin(), sds.end());
  constexpr int steps = 400;
  double area = 0;
  for (int i = 0; i < steps && reach > 0; ++i) {
    const double x = reach * (i + 0.5) / steps;
    double inside = 1;
    for (const double sd : sds)
      if (sd > 0) inside *= 1 - two_sided_normal(x / sd).p;
    area += (1 - inside) * reach / steps;
  }
  return area;
}

/// Standard deviations of p_i - q_i: with pooled shares as when nothing moved, or each with its own.
std::vector<double> difference_sds(const CountPair& counts, bool pooled) {
  std::vector<double> out(counts.cells());
  const auto n = static_cast<double>(counts.n), m = static_cast<double>(counts.m);
  for (size_t i = 0; i < out.size(); ++i) {
    const auto a = static_cast<double>(counts.window[i]), b = static_cast<double>(counts.reference[i]);
    const double h = (a + b) / (n + m), p = pooled ? h : a / n, q = pooled ? h : b / m;
    out[i] = std::sqrt(p * (1 - p) / n + q * (1 - q) / m);
  }
  return out;
}

/// Bounds of |p_i - q_i| from those of p_i - q_i, which hold with error `error` each.
Interval absolute_bounds(const CountPair& counts, size_t i, double error) {
  const auto at = [](int64_t v) { return static_cast<double>(v); };
  const Interval d = miettinen_nurminen_difference(at(counts.window[i]), at(counts.n), at(counts.reference[i]),
                                                   at(counts.m), 1 - error);
  return {std::max({0.0, d.lower, -d.upper}), std::max(-d.lower, d.upper)};
}

}  // namespace

CountPair::CountPair(std::span<const int64_t> window_counts, std::span<const int64_t> reference_counts) {
  for (size_t i = 0; i < window_counts.size(); ++i) {
    if (window_counts[i] + reference_counts[i] == 0) continue;
    window.push_back(window_counts[i]);
    reference.push_back(reference_counts[i]);
    n += window_counts[i];
    m += reference_counts[i];
  }
}

SharePair shares(const CountPair& counts, double pseudo) {
  const auto part = [&](const std::vector<int64_t>& cells, int64_t total) {
    const double whole = static_cast<double>(total) + pseudo * static_cast<double>(cells.size());
    std::vector<double> out(cells.size());
    for (size_t i = 0; i < cells.size(); ++i) out[i] = (static_cast<double>(cells[i]) + pseudo) / whole;
    return out;
  };
  return {part(counts.window, counts.n), part(counts.reference, counts.m)};
}

double population_stability_index(const SharePair& s) {
  return sum_cells(s, [](double p, double q) { return p == q ? 0 : (p - q) * std::log(p / q); });
}

double kullback_leibler(const SharePair& s) { return std::max(0.0, sum_cells(s, log_ratio_term)); }

double jensen_shannon_divergence(const SharePair& s) {
  const double sum = sum_cells(s, [](double p, double q) {
    const double middle = (p + q) / 2;
    return log_ratio_term(p, middle) + log_ratio_term(q, middle);
  });
  return std::clamp(sum / 2, 0.0, std::numbers::ln2);
}

double squared_hellinger(const SharePair& s) {
  // Half the sum of squares, which keeps its digits near 0.
  return sum_cells(s,
                   [](double p, double q) {
                     const double d = std::sqrt(p) - std::sqrt(q);
                     return d * d;
                   }) /
         2;
}

double total_variation(const SharePair& s) {
  return sum_cells(s, [](double p, double q) { return std::fabs(p - q); }) / 2;
}

double largest_difference(const SharePair& s) {
  double largest = 0;
  for (size_t i = 0; i < s.p.size(); ++i) largest = std::max(largest, std::fabs(s.p[i] - s.q[i]));
  return largest;
}

DivergenceEstimate estimate_divergence(Divergence kind, const CountPair& counts, double confidence) {
  const Law& law = law_of(kind);
  DivergenceEstimate out;
  const double unit = counts.inverse_sizes() / law.factor;
  out.df = std::max<int64_t>(0, std::ssize(counts.window) - 1);
  out.value = law.value(shares(counts, law.pseudo));
  out.expected = static_cast<double>(out.df) * unit;
  out.statistic = out.value / unit;
  const Delta delta = delta_method(law, counts);
  out.corrected = out.value - delta.bias;
  const auto df = static_cast<double>(out.df);
  out.noncentral = {noncentrality_lower(out.statistic, df, 1 - confidence) * unit,
                    noncentrality_upper(out.statistic, df, 1 - confidence) * unit};
  if (law.factor * out.corrected > small_movement)
    out.kappa = std::clamp(std::sqrt(delta.variance / (4 * unit * out.corrected)), 1.0, largest_kappa);
  // Where a cell is empty on one side the second-order bias is large and the corrected value may fall below either
  // noncentrality bound: then the bound is the corrected value itself, and the plain one stays inside.
  const double down = std::max(0.0, out.corrected - out.noncentral.lower), up = std::max(0.0, out.noncentral.upper - out.corrected);
  out.bounds = {std::clamp(out.corrected - out.kappa * down, 0.0, std::max(0.0, out.value)),
                std::max(out.value, out.corrected + out.kappa * up)};
  if (out.df == 0) out.bounds.upper = distance_of_unseen_cell(law, counts, confidence);
  return out;
}

PValue divergence_p_value(const DivergenceEstimate& estimate, const CountPair& counts) {
  const HomogeneityTest pearson = homogeneity(counts.window, counts.reference);
  if (pearson.smallest_expected < 5) return pearson.p;
  return chi_square_tail(estimate.statistic, static_cast<double>(estimate.df));
}

double bounded_difference_reach(int64_t n, int64_t m, double confidence) {
  const double inverse_sizes = 1 / static_cast<double>(n) + 1 / static_cast<double>(m);
  return std::sqrt(inverse_sizes * std::log(1 / (1 - confidence)) / 2);
}

TotalVariationEstimate estimate_total_variation(const CountPair& counts, double confidence) {
  TotalVariationEstimate out;
  out.value = total_variation(shares(counts, 0));
  const auto half_sum = [](const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0) / 2; };
  out.expected = std::sqrt(2 / std::numbers::pi) * half_sum(difference_sds(counts, true));
  const double reach = bounded_difference_reach(counts.n, counts.m, confidence);
  out.bounds = {std::max(0.0, out.value - half_sum(difference_sds(counts, false)) - reach),
                std::min(1.0, out.value + reach)};
  return out;
}

LargestDifferenceEstimate estimate_largest_difference(const CountPair& counts, double confidence) {
  LargestDifferenceEstimate out;
  out.expected = mean_largest(difference_sds(counts, true));
  out.bounds = {0, 0};
  const SharePair s = shares(counts, 0);
  const auto cells = static_cast<double>(counts.cells());
  double least_log_p = 0;
  for (size_t i = 0; i < counts.cells(); ++i) {
    const double d = std::fabs(s.p[i] - s.q[i]);
    if (d > out.value) {
      out.value = d;
      out.cell = i;
    }
    out.bounds.lower = std::max(out.bounds.lower, absolute_bounds(counts, i, (1 - confidence) / cells).lower);
    out.bounds.upper = std::max(out.bounds.upper, absolute_bounds(counts, i, 1 - confidence).upper);
    const FisherTest test = fisher_exact(counts.window[i], counts.n, counts.reference[i], counts.m);
    least_log_p = std::min(least_log_p, test.log_p);
  }
  out.p = PValue::of_log(std::min(0.0, least_log_p + std::log(std::max(1.0, cells))));
  return out;
}

}  // namespace leeway::stats
