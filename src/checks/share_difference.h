#pragma once
// The change of a share of rows, as a measurement: missing values, unseen categories, type errors, a boolean's true.

#include <cstdint>

#include "checks/measurement.h"

namespace leeway {

/// `hits` of `rows` on one side.
struct ShareCount {
  int64_t hits = 0;
  int64_t rows = 0;
};

/// Fills in value = current - reference with Miettinen-Nurminen bounds, both levels with Wilson's, at
/// out.confidence a side, and if asked the p-value (z, or Fisher's mid-p where an expected count is below 5, then with
/// Boschloo's exact one as the detail boschloo_p up to 2,000 rows). Requires rows on both sides.
void measure_share_difference(const ShareCount& reference, const ShareCount& current, bool p_value, Measurement& out);

namespace texts {

inline constexpr std::string_view same_share = "the share is the same on both sides";
inline constexpr std::string_view share_guarantee =
    "Miettinen-Nurminen bounds, each wrong with about 5 % probability. The p-value is z with pooled variance, or "
    "Fisher's mid-p where an expected count is below 5 (boschloo_p in the details is exact). Rows independent.";
inline constexpr std::string_view share_source =
    "Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211; Wilson 1927, doi:10.1080/01621459.1927.10502953";

}  // namespace texts
}  // namespace leeway
