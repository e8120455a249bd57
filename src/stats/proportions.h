#pragma once
// Intervals and tests for one proportion and for two independent ones: `successes` of `trials`, 0 <= successes <=
// trials. Counts of intervals are doubles, so that effective (weighted) sizes fit; those of exact tests are integers.
// Pure functions, safe from any thread. With trials <= 0 an interval is {NaN, NaN} and a p-value NaN.

#include <cstdint>

#include "stats/interval.h"

namespace leeway::stats {

/// Score interval (Wilson 1927, doi:10.1080/01621459.1927.10502953). Exactly 0 (1) at no (all) successes on that side.
Interval wilson(double successes, double trials, double confidence = bound_confidence);

/// Quantiles of Beta(x + 1/2, n - x + 1/2), with 0 (1) at no (all) successes on that side (Brown, Cai & DasGupta 2001,
/// doi:10.1214/ss/1009213286).
Interval jeffreys(double successes, double trials, double confidence = bound_confidence);

/// Guaranteed coverage, therefore wide (Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404).
Interval clopper_pearson(double successes, double trials, double confidence = bound_confidence);

/// What the product shows for a proportion: Jeffreys below 40 trials, Wilson from there on.
Interval proportion_interval(double successes, double trials, double confidence = bound_confidence);

/// p1 - p2 from two Wilson intervals (Newcombe 1998, method 10, doi:10.1002/(SICI)1097-0258(19980430)17:8<873).
Interval newcombe_difference(double x1, double n1, double x2, double n2, double confidence = bound_confidence);

/// p1 - p2 and p1 / p2 by inverting the score test at the constrained maximum-likelihood estimates, with the factor
/// N/(N-1) (Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211; closed forms of Farrington & Manning 1990). The
/// ratio's upper bound is infinite without events in sample 2. About 10 µs.
Interval miettinen_nurminen_difference(double x1, double n1, double x2, double n2,
                                       double confidence = bound_confidence);
Interval miettinen_nurminen_ratio(double x1, double n1, double x2, double n2, double confidence = bound_confidence);

/// The score statistics that the two intervals invert: standard normal, decreasing in `delta` (in [-1, 1]) and `theta`
/// (in [0, inf)). Infinite (or 0 when the estimate equals it) where the constrained variance vanishes.
double miettinen_nurminen_difference_z(double x1, double n1, double x2, double n2, double delta);
double miettinen_nurminen_ratio_z(double x1, double n1, double x2, double n2, double theta);

/// Two-sided test of p1 = p2.
struct TwoProportionTest {
  double statistic;  ///< z with the pooled variance; NaN for Fisher's test; 0 when both samples are all or none.
  double p;
  double log_p;      ///< Natural logarithm of p, where p itself underflows.
  bool exact;        ///< Fisher's mid-p, else z.
};

/// z with pooled variance; Fisher's mid-p when an expected count is below 5.
TwoProportionTest two_proportions(int64_t x1, int64_t n1, int64_t x2, int64_t n2);

/// Fisher's exact two-sided test: tables at most as probable as the one seen (within 1e-7 relative, as in R). With
/// `mid_p` the tables of just that probability count half. O(log n + tail).
struct FisherTest {
  double p;
  double mid_p;
  double log_p;
  double log_mid_p;
};
FisherTest fisher_exact(int64_t x1, int64_t n1, int64_t x2, int64_t n2);

/// P(X >= x) and P(X <= x) for X binomial(n, p).
double binomial_upper_tail(int64_t x, int64_t n, double p);
double binomial_lower_tail(int64_t x, int64_t n, double p);

/// McNemar's exact two-sided test on the discordant pairs: min(1, 2 P(X <= min(b, c))), X binomial(b + c, 1/2).
double mcnemar_exact(int64_t b, int64_t c);

}  // namespace leeway::stats
