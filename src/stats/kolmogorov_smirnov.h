#pragma once
// p-values of the two-sample Kolmogorov-Smirnov distance D = sup|F - G| and its one-sided halves, exact or nearly so at
// every size and with any ties. The distance itself comes as the integer n·m·D (ranked_pair.h).
//
// Two-sided p = P(D >= seen), conditional on the pooled values, under: all n + m values are exchangeable. Pure
// functions, safe from any thread. n, m >= 1, n + m < 2^31.

#include <cstdint>
#include <span>

#include "stats/interval.h"
#include "stats/p_value.h"

namespace leeway::stats {

enum class KsMethod {
  exact,  ///< closed form or lattice recursion; relative error 1e-12
  bridge,  ///< Brownian bridge at the few distinct values; test sizes within .048-.053 of .05
  asymptotic,  ///< Kolmogorov's law with Stephens' factor; conservative under heavy ties
};
struct KsPValue {
  PValue value;
  KsMethod method;
};

/// The method follows from the sizes alone: closed form for n = m without ties; exact recursion while n·m <= 1e8;
/// else the bridge for at most 400 distinct values, else asymptotic. `pooled_cumulative` as in ranked_pair.h; may be
/// empty if there are no ties. At most about 0.3 s (the recursion at n·m = 1e8), 3 MB.
KsPValue ks_p_value(int64_t numerator, int64_t n, int64_t m, std::span<const int64_t> pooled_cumulative);

/// P(sup(F - G) >= seen) (or of G - F, with the samples exchanged): exact while n·m <= 1e8, else exp(-2λ²).
KsPValue ks_one_sided_p_value(int64_t numerator, int64_t n, int64_t m, std::span<const int64_t> pooled_cumulative);

// The single methods.

/// D = k/n for n = m without ties: p = 2 Σ (-1)^{j-1} C(2n, n-jk)/C(2n, n). O(n). Requires 0 <= k <= n.
double ks_equal_sizes(int64_t k, int64_t n);
/// Share of the lattice paths from (0, 0) to (n, m) that reach |i·m - j·n| >= numerator (i·m - j·n if one-sided) at the
/// end of a tie block (Schröer & Trenkler 1995, doi:10.1016/0167-9473(94)00040-P; stable recursion of Viehmann 2021,
/// arXiv:2102.08037). O(nm) time at worst, less without ties; O(n + m) memory.
double ks_lattice(int64_t numerator, int64_t n, int64_t m, std::span<const int64_t> pooled_cumulative, bool one_sided);
/// P(max |B(t_j)| >= lambda) for a Brownian bridge at `times`, ascending in (0, 1); by quadrature, relative error
/// 1e-5 (positive terms only, so small tails keep their digits).
/// Times nearer to each other than 4e-5 λ² are merged. O(times · 401²).
double brownian_bridge_tail(double lambda, std::span<const double> times);
/// Kolmogorov's law at (sqrt(n') + 0.12 + 0.11/sqrt(n')) D, n' = nm/(n+m) (Stephens 1970).
PValue ks_asymptotic(double d, double effective_size);

/// Bounds of the true sup|F - G|, each wrong with probability at most 1 - confidence: the lower is simultaneous in x
/// (Kolmogorov's quantile), the upper pointwise at the true argument of the sup (a normal quantile over 2). Large
/// samples; measured misses 0-2.2 % below, at most 1.7 % above, for 5 % nominal.
Interval ks_bounds(double d, int64_t n, int64_t m, double confidence);
/// The same for Kuiper's sup(F - G) + sup(G - F): Kuiper's quantile below, the pointwise normal one above.
Interval kuiper_bounds(double v, int64_t n, int64_t m, double confidence);
/// Without asymptotics: D ∓ (ε_n + ε_m), ε_k = sqrt(ln(2/(α/2))/(2k)) with the error α split between the samples
/// (Dvoretzky-Kiefer-Wolfowitz with Massart's constant, 1990, doi:10.1214/aop/1176990746). Holds for both tests.
Interval ks_finite_sample_bounds(double d, int64_t n, int64_t m, double confidence);
/// The same for Kuiper's distance, which each sample can be off by 2 ε.
Interval kuiper_finite_sample_bounds(double v, int64_t n, int64_t m, double confidence);

/// P of Kuiper's statistic V: Kuiper's law at (sqrt(n') + 0.155 + 0.24/sqrt(n')) V (Stephens 1970).
PValue kuiper_p_value(double v, int64_t n, int64_t m);

/// nm/(n+m)
inline double effective_size(int64_t n, int64_t m) {
  const auto a = static_cast<double>(n), b = static_cast<double>(m);
  return a / (a + b) * b;
}

}  // namespace leeway::stats
