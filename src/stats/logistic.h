#pragma once
// Logistic regression on one variable: logit P(y = 1) = intercept + slope x.

#include <cstdint>
#include <limits>
#include <span>

namespace leeway::stats {

struct LogisticFit {
  double intercept = std::numeric_limits<double>::quiet_NaN();
  double slope = std::numeric_limits<double>::quiet_NaN();
  double intercept_variance = std::numeric_limits<double>::quiet_NaN();   ///< Inverse of the observed information.
  double slope_variance = std::numeric_limits<double>::quiet_NaN();
  double covariance = std::numeric_limits<double>::quiet_NaN();
  /// False, with NaN above, when no finite maximum exists: one class only, a constant x, or classes that x separates.
  bool converged = false;
};

/// Rows with the same x (finite).
struct LogisticCell {
  double x;
  int64_t negatives;
  int64_t positives;
};

/// Maximum likelihood by Newton's method, `cells` in ascending order of x. Begun at the fit of at most 512 merged
/// cells, so that two or three passes over the cells suffice: about 10 ns a cell and pass.
LogisticFit fit_logistic(std::span<const LogisticCell> cells);

}  // namespace leeway::stats
