#pragma once
// Classical distributions, as upper tails with their logarithms where p-values need them. Pure functions, safe from any
// thread, microseconds each. Arguments outside a distribution's support give the limit (a statistic below 0 has p = 1);
// NaN gives NaN. Relative accuracy 1e-13 where not stated. Binomial tails are in proportions.h, limit laws of tests on
// distribution functions in limit_laws.h.

#include "stats/p_value.h"

namespace leeway::stats {

double normal_cdf(double z);
double normal_quantile(double p);
/// ln Φ(z), finite however far below 0 z is.
double log_normal_cdf(double z);
/// P(Z >= z)
PValue normal_tail(double z);
/// P(|Z| >= |z|)
PValue two_sided_normal(double z);

/// P(|T| >= |t|) for Student's t with df > 0 degrees of freedom (fractions allowed, Welch).
PValue two_sided_t(double t, double df);
double t_quantile(double p, double df);

/// P(X >= x) for X chi-square with df > 0 (fractions allowed). df = 0 is the constant 0.
PValue chi_square_tail(double x, double df);
double chi_square_cdf(double x, double df);
double chi_square_quantile(double p, double df);

/// P(X >= x) for X gamma with mean shape · scale.
PValue gamma_tail(double x, double shape, double scale);

/// Upper tail of a positive quadratic form Σ λ_j Z_j², from the power sums Σλ, Σλ², Σλ³ (the traces of its kernel): the
/// shifted gamma law with the same three cumulants (Hall 1983, doi:10.1214/aop/1176993451). Within 5 % of the true
/// tail down to 1e-3.
struct KernelTraces {
  double first = 0, second = 0, third = 0;
};
PValue quadratic_form_tail(double x, const KernelTraces& traces);

/// Non-central chi-square, P(X <= x) and P(X >= x), noncentrality >= 0. Relative accuracy 1e-9 down to 1e-12.
double noncentral_chi_square_cdf(double x, double df, double noncentrality);
double noncentral_chi_square_sf(double x, double df, double noncentrality);

/// The noncentralities at which a seen statistic would be as extreme as it is with probability `error`: the ends of a
/// confidence interval for the noncentrality, each wrong with probability `error`.
///   lower: P(X >= statistic) = error, 0 when the central tail is that large already
///   upper: P(X <= statistic) = error, 0 when the central probability is that small already
double noncentrality_lower(double statistic, double df, double error);
double noncentrality_upper(double statistic, double df, double error);

}  // namespace leeway::stats
