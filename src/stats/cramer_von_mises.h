#pragma once
// p-values of the two-sample Cramér-von Mises statistic T (ranked_pair.h), under: all values are exchangeable.

#include <cstdint>

#include "stats/p_value.h"

namespace leeway::stats {

struct RankedPair;

/// Without ties: exact for n, m <= 20, else the limit law at the statistic with its mean and variance corrected for the
/// sizes (Anderson 1962, doi:10.1214/aoms/1177704477). With ties: the law of the quadratic form given the ties.
PValue cramer_von_mises_p_value(const RankedPair& pair);

/// The limit law at T' = 1/6 + (T - E T)/sqrt(45 Var T).
PValue cramer_von_mises_asymptotic(double statistic, int64_t n, int64_t m);

/// P(T >= statistic) over all interleavings without ties, by counting lattice paths (Xiao, Gordon & Yakovlev 2006,
/// doi:10.18637/jss.v017.i08). Cost grows fast; at most about 0.1 s at n = 19, m = 20.
double cramer_von_mises_exact(double statistic, int64_t n, int64_t m);

}  // namespace leeway::stats
