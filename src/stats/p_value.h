#pragma once
// A p-value and its logarithm.

#include <cmath>
#include <limits>

namespace leeway::stats {

/// Always a survival probability computed as such, never 1 - cdf. `log_p` (natural) stays finite where `p` underflows.
struct PValue {
  double p = std::numeric_limits<double>::quiet_NaN();
  double log_p = std::numeric_limits<double>::quiet_NaN();

  static PValue of(double p) { return {p, std::log(p)}; }
  static PValue of_log(double log_p) { return {std::exp(log_p), log_p}; }

  bool operator==(const PValue&) const = default;
};

}  // namespace leeway::stats
