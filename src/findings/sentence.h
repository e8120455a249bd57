#pragma once
// A finding in one sentence, made from its numbers alone.

#include <string>

#include "findings/finding.h"

namespace leeway {

/// "income drifted: Kolmogorov-Smirnov distance is 0.21 (between 0.19 and 0.23), beyond the default leeway of 0.128.",
/// "Missing share of income rose from 3.3 % to 19.1 % (+15.8 points, between 15.3 and 16.3), beyond your leeway of 7.7
/// points.", "Log loss went from 0.321 to 0.330 (+0.009, 95 % interval -0.002 to 0.020)." Bounds called "between" are
/// each of Measurement::confidence by itself. "went" where the movement may be chance. Ends with a full stop. Names are
/// escaped for printing.
std::string sentence(const Finding& finding);

}  // namespace leeway
