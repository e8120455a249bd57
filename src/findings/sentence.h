#pragma once
// A finding in one sentence, made from its numbers alone.

#include <string>

#include "findings/finding.h"

namespace leeway {

/// "income drifted: Kolmogorov-Smirnov distance 0.21 (between 0.19 and 0.23, each bound 95 % sure), above the default
/// leeway of 0.128; chance alone gives 0.002." Ends with a full stop. Names are escaped for printing.
std::string sentence(const Finding& finding);

/// "rose", "fell" or "stayed", for levels.
std::string movement_word(double reference, double current);

}  // namespace leeway
