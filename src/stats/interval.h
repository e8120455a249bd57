#pragma once
// A lower and an upper bound of one number.

#include <limits>

namespace leeway::stats {

/// Both NaN where no interval exists (no rows). A bound may be infinite (a ratio over no events).
struct Interval {
  double lower = std::numeric_limits<double>::quiet_NaN();
  double upper = std::numeric_limits<double>::quiet_NaN();

  bool operator==(const Interval&) const = default;
};

/// Confidence is always that of each bound by itself: 0.975 a side makes the customary 95 % interval.
inline constexpr double bound_confidence = 0.975;

}  // namespace leeway::stats
