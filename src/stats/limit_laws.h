#pragma once
// Limit laws of the tests that compare distribution functions. Upper tails are accurate to 1e-12 relative however small
// they are, so that p-values survive corrections for thousands of tests. Pure functions, safe from any thread.

#include "stats/p_value.h"

namespace leeway::stats {

/// Kolmogorov's law, Q(λ) = P(sup |B(t)| >= λ) for a Brownian bridge B (Kolmogorov 1933). λ <= 0 gives 1.
PValue kolmogorov_tail(double lambda);
/// The λ with Q(λ) = p, for p in (0, 1).
double kolmogorov_quantile(double p);
/// Mean of the law: sqrt(π/2) ln 2, the KS distance that chance alone gives times sqrt(nm/(n+m)).
inline constexpr double kolmogorov_mean = 0.868731160636159;

/// Smirnov's one-sided law, P(sup B(t) >= λ) = exp(-2λ²).
PValue smirnov_tail(double lambda);

/// Kuiper's law, P(sup B - inf B >= λ) (Kuiper 1960, doi:10.1016/S1385-7258(60)50006-0).
PValue kuiper_tail(double lambda);
/// The λ at which that is p, for p in (0, 1).
double kuiper_quantile(double p);
/// Mean of the law: sqrt(π/2).
inline constexpr double kuiper_mean = 1.2533141373155003;

/// P(Σ Z_j² / (j²π²) >= x): the Cramér-von Mises limit (Smirnov 1936; Anderson & Darling 1952,
/// doi:10.1214/aoms/1177729437). About 50 µs.
PValue cramer_von_mises_tail(double x);

/// P(Σ Z_j² / (j(j+1)) >= x): the Anderson-Darling limit (Anderson & Darling 1952), exactly, where the customary short
/// form of Marsaglia & Marsaglia 2004 (doi:10.18637/jss.v009.i02, R's goftest) is off by up to 2e-5. About 50 µs.
PValue anderson_darling_tail(double x);

}  // namespace leeway::stats
