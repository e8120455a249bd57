#pragma once
// Distances between two samples of categories (or bins), with the law they follow when nothing moved and bounds of the
// true distance. `p` is the window (n rows), `q` the reference (m rows); c² = 1/n + 1/m; natural logarithms.

#include <cstdint>
#include <span>
#include <vector>

#include "stats/interval.h"
#include "stats/p_value.h"

namespace leeway::stats {

/// The counts of two samples on the cells that at least one of them fills: a cell empty in both would, smoothed,
/// contribute a difference out of nothing.
struct CountPair {
  std::vector<int64_t> window, reference;
  int64_t n = 0, m = 0;

  CountPair(std::span<const int64_t> window_counts, std::span<const int64_t> reference_counts);
  size_t cells() const { return window.size(); }
  double inverse_sizes() const { return 1 / static_cast<double>(n) + 1 / static_cast<double>(m); }
};

/// Shares of both samples on the same cells, each adding up to 1.
struct SharePair {
  std::vector<double> p, q;
};
/// (count + pseudo)/(total + pseudo · cells). PSI and KL need pseudo > 0 (1/2); the others take the plain shares.
SharePair shares(const CountPair& counts, double pseudo);

double population_stability_index(const SharePair& s);   ///< Σ(p-q) ln(p/q), Jeffreys' divergence
double kullback_leibler(const SharePair& s);             ///< Σ p ln(p/q), window from reference
double jensen_shannon_divergence(const SharePair& s);  ///< H((p+q)/2) - H(p)/2 - H(q)/2, nats; the distance is its root
double squared_hellinger(const SharePair& s);  ///< 1 - Σ sqrt(pq)
double total_variation(const SharePair& s);  ///< Σ|p-q|/2
double largest_difference(const SharePair& s);  ///< max|p-q|

/// The divergences that are, for small movements, one number: factor · n' · divergence follows a chi-square law with
/// cells - 1 degrees of freedom when nothing moved and a non-central one for small movements.
enum class Divergence { psi, kl, kl_reverse, jensen_shannon, squared_hellinger };

struct DivergenceEstimate {
  double value = 0;  ///< The plain estimate, biased up by `expected` when nothing moved.
  double corrected = 0;  ///< Less its bias to second order; may be negative.
  double expected = 0;  ///< Mean when nothing moved: (cells - 1) c² / factor.
  double statistic = 0;  ///< T = factor · value / c²
  int64_t df = 0;  ///< cells - 1
  double kappa = 1;  ///< Widening of the bounds for large movements, in [1, 3].
  Interval noncentral;  ///< Bounds before that widening: noncentrality bounds of T times c²/factor.
  Interval bounds;  ///< Each wrong with probability about 1 - confidence; lower >= 0.
};

/// Bounds: the non-central chi-square law's, spread around the corrected value by κ = sqrt(delta-method variance /
/// variance under that law) once the corrected value exceeds 0.02/factor. Measured misses of each 95 % bound for PSI (0
/// to 0.93, n = 100 to 5000, 10 bins): lower .7-5.4 %, upper 0-6.7 %. Requires n, m >= 1. O(cells), then about 100 µs.
/// A single cell shows no difference; the upper bound is then the distance of a second cell that none of the rows has
/// hit, with the window's share at its upper bound. PSI and KL smooth by 1/2; Jensen-Shannon and Hellinger take plain
/// shares and smooth in bias and variance only.
/// Sources: Yurdakul 2018; Potgieter et al. 2023, arXiv:2307.11878.
DivergenceEstimate estimate_divergence(Divergence kind, const CountPair& counts, double confidence);

/// P under the null law: chi-square at T, or, when a pooled expected count is below 5, X² on the same cells with the
/// gamma law (contingency.h).
PValue divergence_p_value(const DivergenceEstimate& estimate, const CountPair& counts);

/// Total variation. Its expectation is at least the true value and at most that plus the mean noise, and it varies by
/// at most c·sqrt(ln(1/α)/2) around it (McDiarmid 1989), so for α = 1 - confidence
///     lower = TV - E|noise| - c sqrt(ln(1/α)/2),   upper = TV + c sqrt(ln(1/α)/2)
/// hold in every sample size (lower: with the noise's standard deviations estimated).
struct TotalVariationEstimate {
  double value = 0, expected = 0;  ///< expected: mean when nothing moved, by the normal approximation
  Interval bounds;
};
TotalVariationEstimate estimate_total_variation(const CountPair& counts, double confidence);

/// c·sqrt(ln(1/α)/2), α = 1 - confidence: by how much a distance of two samples exceeds (or falls short of) its mean
/// with probability at most α, when no single row of them can change it by more than 1/n (1/m).
double bounded_difference_reach(int64_t n, int64_t m, double confidence);

/// max|p_i - q_i| with its cell. upper: the largest pointwise upper bound (enough, as it holds at the true largest
/// cell); lower: the largest lower bound at error (1 - confidence)/cells. Miettinen-Nurminen intervals.
struct LargestDifferenceEstimate {
  double value = 0, expected = 0;
  size_t cell = 0;
  Interval bounds;
  PValue p;  ///< cells · the least p of Fisher's exact tests of one cell against the rest, at most 1
};
LargestDifferenceEstimate estimate_largest_difference(const CountPair& counts, double confidence);

}  // namespace leeway::stats
