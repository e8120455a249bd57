#pragma once
// p-values of the Mann-Whitney statistic U = #{x > y} + #{x = y}/2, two-sided, under: all values are exchangeable.

#include <cstdint>
#include <span>

#include "stats/p_value.h"

namespace leeway::stats {

struct MannWhitneyTest {
  PValue p;
  bool exact;
};

/// Exact and conditional on the ties while n·m <= 400, else normal with the variance corrected for ties and a
/// continuity correction of 1/2. `twice_u`, `tie_cubes` as in ranked_pair.h; `pooled_cumulative` (may be empty without
/// ties) is read for the exact law only.
MannWhitneyTest mann_whitney_test(int64_t twice_u, double tie_cubes, int64_t n, int64_t m,
                                  std::span<const int64_t> pooled_cumulative);

/// Variance of U under the hypothesis: nm/12 [(N+1) - Σ(t³-t)/(N(N-1))].
double mann_whitney_variance(double tie_cubes, int64_t n, int64_t m);

/// z² law; `continuity` is subtracted from |U - nm/2|.
PValue mann_whitney_normal(int64_t twice_u, double tie_cubes, int64_t n, int64_t m, double continuity = 0.5);

/// P(|U - nm/2| >= seen) over all assignments of the pooled values to the samples. O(n·m·N·blocks) at
/// worst; meant for n·m <= 400.
double mann_whitney_exact(int64_t twice_u, int64_t n, int64_t m, std::span<const int64_t> pooled_cumulative);

}  // namespace leeway::stats
