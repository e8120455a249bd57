#pragma once
// The Anderson-Darling test of k samples, for two of them: the statistic of ranked_pair.h standardised, and its
// p-value.

#include <cstdint>

#include "stats/p_value.h"

namespace leeway::stats {

struct RankedPair;

/// Standard deviation of A²_kN for k samples of total size N, Σ 1/n_i = `inverse_sizes` (Scholz & Stephens 1987, eq. 4,
/// doi:10.1080/01621459.1987.10478517). Requires N >= 4. O(N).
double anderson_darling_sd(int k, int64_t total, double inverse_sizes);

struct AndersonDarlingTest {
  double standardised;  ///< T = (A² - 1)/σ_N
  PValue p;             ///< not clipped, however small
};
/// For two samples without ties: P(limit law >= 1 + T σ_∞). Requires n + m >= 4.
AndersonDarlingTest anderson_darling_untied(double statistic, int64_t n, int64_t m);
/// With ties p is that of the quadratic form given the ties, for the limit law has too much spread or too little.
AndersonDarlingTest anderson_darling_test(const RankedPair& pair);

}  // namespace leeway::stats
