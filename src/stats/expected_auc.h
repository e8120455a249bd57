#pragma once
// The AUC to expect when each row is positive with a known probability. Pure functions, safe from any thread.

#include <span>
#include <vector>

namespace leeway::stats {

/// `count` rows with one score, each positive with probability p, independently.
struct ScoredChance {
  double score;
  double count;
  double p;
};

/// E[wins] / E[pairs], ties half, and what label noise does to it.
struct ExpectedAuc {
  double value;                ///< NaN unless both classes are expected.
  std::vector<double> slopes;  ///< Per entry: the change of the AUC when one of its rows turns out positive (Hájek).
  double variance;             ///< Σ count slope² p (1 - p): how far the realised AUC scatters around `value`.
};

/// `entries` in ascending order of score (equal scores adjacent). O(n).
///   value = Σ_{s_i > s_j} p_i (1 - p_j) (+ half of it for ties, i ≠ j) / (Σp Σ(1 - p) - Σ p (1 - p))
///   slope_i = [(negatives expected below - positives expected above) - value (N - S)] / (S N), S = Σp, N = Σ(1 - p)
ExpectedAuc expected_auc(std::span<const ScoredChance> entries);

}  // namespace leeway::stats
