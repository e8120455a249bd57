#pragma once
// What two binned profiles prove about the exact distance of the rows behind them.

#include "base/result.h"
#include "summaries/binned_counts.h"

namespace leeway {

/// The exact value lies in [lower, upper], for certain.
struct Bracket {
  double lower;
  double upper;
  bool operator==(const Bracket&) const = default;
};

/// Kolmogorov-Smirnov distance of the rows behind `f` and `g`. upper - lower <= the largest share that both have in one
/// bin that is no atom; at most about 1/bins against the reference itself, however far the window moved.
/// Errors: failed_precondition (other bins, or a side without rows). O(bins).
Result<Bracket> ks_bracket(const BinnedCounts& f, const BinnedCounts& g);

/// Wasserstein-1 distance, in the column's unit. The lower end is the exact distance where F - G keeps its sign inside
/// each bin; the upper is loose in heavy tails. Infinite above if a bin's sum is saturated. Errors as ks_bracket.
Result<Bracket> wasserstein_bracket(const BinnedCounts& f, const BinnedCounts& g);

}  // namespace leeway
