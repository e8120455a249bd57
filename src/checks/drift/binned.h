#pragma once
// What the methods over bins and categories have in common.

#include "checks/drift/drift_input.h"

namespace leeway::drift {

/// A divergence on DriftInput::bins(), as itself or as its square root, with the non-central chi-square bounds, the
/// value that chance gives, and on request the p-value. Details: statistic, df, bias_corrected, kappa.
void measure_divergence(stats::Divergence kind, bool root, DriftInput& input, const DriftOptions& options,
                        Measurement& out);

/// Bounds as an Estimate of drift.
Estimate estimate(double value, const stats::Interval& bounds);

namespace texts {

inline constexpr std::string_view same_shares =
    "the current rows fall into the bins with the reference's probabilities";
inline constexpr std::string_view noncentral_guarantee =
    "Each bound is wrong with about 5 % probability (measured 0.7-6.7 % for 100 to 5,000 rows): non-central "
    "chi-square, "
    "widened for large movements. Rows independent.";
inline constexpr std::string_view needs_rows = "it needs the rows of both sides, and a profile keeps bins only";
inline constexpr std::string_view binned_cost = "O(n) for the bins, then O(bins)";

}  // namespace texts
}  // namespace leeway::drift
