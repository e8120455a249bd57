#pragma once
// A learner as the checks and explanations that need one see it: something that can be fitted and can score. models/
// implements it; it is passed in as an argument, so that neither checks/ nor explain/ depends on a training library.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"

namespace leeway::stats {

/// Rows of features as a learner takes them: row-major, NaN where missing. The values are the caller's.
struct FeatureRows {
  std::span<const float> values;  ///< rows · features
  size_t rows = 0;
  size_t features = 0;
};

/// What was learnt. `const` calls are safe from several threads.
class FittedLearner {
 public:
  virtual ~FittedLearner() = default;
  /// One number a row: the probability of target 1 (Learner::Task::binary) or the expected target (regression).
  /// `rows.features` must be that of the fit.
  virtual Result<std::vector<double>> score(const FeatureRows& rows) const = 0;
  /// Share of the total loss reduction that each feature's splits brought: not negative, sums to 1, or all 0 where
  /// nothing was learnt.
  virtual std::vector<double> importance() const = 0;
};

class Learner {
 public:
  enum class Task { binary, regression };
  virtual ~Learner() = default;
  /// `target` has one entry a row (0 or 1 for binary), `weights` likewise or is empty for equal weights. The same
  /// arguments give the same result whatever the thread count. Errors: invalid_argument (sizes differ, no rows, a
  /// target that is not finite or, for binary, not 0 or 1).
  virtual Result<std::unique_ptr<FittedLearner>> fit(Task task, const FeatureRows& rows, std::span<const double> target,
                                                     std::span<const double> weights, uint64_t seed) const = 0;
};

}  // namespace leeway::stats
