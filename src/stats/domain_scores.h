#pragma once
// How well rows of two samples can be told apart: the probability that a row is of the current sample, by a learner
// that never saw that row, its copies or near copies of its sample.

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "stats/learner.h"

namespace leeway::stats {

/// Rows of both samples over the same features.
struct TwoSamples {
  FeatureRows reference, current;
};

/// Which half (0 or 1) each row belongs to.
struct Halves {
  std::vector<uint8_t> reference, current;
};

/// Equal rows up to so many stand together; larger groups are values that rows share by nature.
inline constexpr size_t most_copies = 20;

/// Deals the rows at random into two halves that have, to within one group of equal rows, as many rows of each sample.
/// Rows that are equal in all features, whichever sample they are of, go into the same half (up to most_copies of
/// them): a row that was copied, within a sample or from one into the other, can thus not be recognised.
/// -0 equals +0 and NaN equals NaN. O(n log n).
Halves deal_halves(const TwoSamples& samples, uint64_t seed);

struct SampleWeights {
  std::span<const double> reference, current;  ///< One a row, or empty: all equal.
};

struct DomainScores {
  std::vector<double> reference, current;  ///< Of each row: P(current | row), in [0, 1].
  std::vector<double> importance;          ///< Of each feature: mean of the two fits' FittedLearner::importance().
};

/// Learns on each half to tell the samples apart, both samples weighing the same there, and scores the other half.
/// (Each row of the sample with more weight counts less than 1, so that a small sample is not made to look large.)
/// Two fits. Errors: invalid_argument (a half without rows of a sample, or without weight), and the learner's.
Result<DomainScores> cross_fit(const Learner& learner, const TwoSamples& samples, const Halves& halves,
                               const SampleWeights& weights, uint64_t seed);

}  // namespace leeway::stats
