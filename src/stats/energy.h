#pragma once
// Bounds and p-value of the energy distance E² = 2∫(F - G)² dx (Székely & Rizzo 2013, doi:10.1016/j.jspi.2013.03.018),
// from one merge pass (ranked_pair.h). Large samples, finite variance.

#include "stats/interval.h"
#include "stats/p_value.h"

namespace leeway::stats {

struct RankedPair;

/// E, in the square root of the data's unit.
double energy_distance(const RankedPair& pair);

/// sqrt of the mean of E² when nothing moved: 2(1/n + 1/m) ∫H(1-H) dx.
double energy_null_root_mean_square(const RankedPair& pair);

/// P(E² >= seen) under: all values are exchangeable, by the law of the quadratic form n'E²/2.
PValue energy_p_value(const RankedPair& pair);

/// E ∓ q: E is a norm, so it is off by no more than the norm of the sampling error, whose square has mean
/// μ = 2(∫F(1-F)/n + ∫G(1-G)/m) and, as a positive quadratic form, exceeds μ·χ²_1's quantile with at most the nominal
/// probability (Székely & Bakirov 2003, doi:10.1007/s00440-003-0262-6; valid for confidence >= 0.785). Conservative.
Interval energy_bounds(const RankedPair& pair, double confidence);

}  // namespace leeway::stats
