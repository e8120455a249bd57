#pragma once
// How steady a model's performance is over time: its level in each out-of-time window, and how much of the variation
// between them is more than chance. Pure functions, safe from any thread.

#include <limits>
#include <span>

namespace leeway::models {

/// A metric in one window and the standard error of it there (NaN where unknown).
struct WindowLevel {
  double value;
  double se;
};

struct Stability {
  int windows = 0;                                                     ///< Those with a finite value.
  double mean = std::numeric_limits<double>::quiet_NaN();
  double cv_raw = std::numeric_limits<double>::quiet_NaN();            ///< sd of the levels (ddof 1) / |mean|
  double cv_corrected = std::numeric_limits<double>::quiet_NaN();      ///< sqrt(max(0, var - mean SE²)) / |mean|
  double cv_by_chance = std::numeric_limits<double>::quiet_NaN();      ///< sqrt(mean SE²) / |mean|: the raw one if nothing moved
};

/// The coefficient of variation over windows, as it is and corrected for sampling: windows of finite size differ even
/// when the model is perfectly steady, by their standard errors. var - mean SE² is an unbiased estimate of the variance
/// of the true levels when the windows are independent; it is cut at 0. NaN below two windows or where the mean is 0;
/// the last two also where a standard error is unknown.
Stability stability(std::span<const WindowLevel> windows);

}  // namespace leeway::models
