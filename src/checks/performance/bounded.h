#pragma once
// Intervals for quantities that live in a bounded range.

#include "checks/level.h"

namespace leeway::performance {

/// A quantity in [0, 1] with a standard error: normal on the logit scale, transformed back. At 0, at 1 or without an
/// error, where that has no width, Wilson's interval for value · trials events of `trials`.
Level share_like(double value, double se, double trials);

}  // namespace leeway::performance
