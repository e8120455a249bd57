#pragma once
// Level 1 of "why did the metric change": another mix of familiar cases, other outcomes for the same cases, or new
// kinds of cases. Told apart by the features themselves instead of by the score, so it needs neither a calibrated score
// nor a score that holds all that matters; it needs a learner.

#include <span>

#include "base/result.h"
#include "explain/explanation.h"
#include "explain/row_losses.h"
#include "stats/learner.h"

namespace leeway::explain {

/// One side's rows: what each was like and what it lost.
struct CaseRows {
  stats::FeatureRows features;
  std::span<const double> loss;  ///< One a row; rows whose loss is not finite are left out, and noted.
};

struct CaseOptions {
  int splits = 5;        ///< Cross-fits that the terms are the mean of.
  int refits = 20;       ///< Bootstrap replicates for the intervals, each with a cross-fit of its own.
  uint64_t seed = 1;
  int threads = 1;       ///< The result does not depend on it.
};

/// The least rows with a loss on each side.
inline constexpr size_t least_case_rows = 100;

/// With P the reference, Q the current side and S the cases that both have, S ∝ p q / (p + q) (DISDE: Cai, Namkoong &
/// Yadlowsky 2023, arXiv 2303.02011):
///     total = [E_S,P - E_P] familiar + [E_S,Q - E_S,P] response + [E_Q - E_S,Q] new_cases,
/// exact. E_S,P is the mean of the reference's losses with weights π(x) = P(current | x), E_S,Q that of the current
/// losses with weights 1 - π(x), π being cross-fitted (stats/domain_scores.h): no weight exceeds 1, and no overlap is
/// assumed. (π is not limited to [0.01, 0.99] as the paper's is: where nearly all cases are new, 1 % of each of them
/// would outweigh those that are shared.) Terms are means over `splits` divisions of the rows.
///
/// Intervals (95 %): the learner is trained again on `refits` Bayesian bootstraps of both sides (exponential weights of
/// rows); the variance of a term is that of the replicates less what the division of rows adds to a single fit, at
/// least that with π held fixed, and Student's t with refits - 1 degrees. Without the refits the intervals of familiar
/// and new_cases hold the truth in 65 to 93 % of cases; measured with them: docs/explain.md.
///
/// Errors: invalid_argument (lengths differ, fewer than least_case_rows rows with a loss on a side), and the learner's.
/// Cost: 2 (splits + refits) fits of half the rows.
Result<CaseDecomposition> decompose_by_cases(const LossMetric& metric, const stats::Learner& learner,
                                             const CaseRows& reference, const CaseRows& current,
                                             const CaseOptions& options = {});

}  // namespace leeway::explain
