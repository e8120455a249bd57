#pragma once
// Every performance metric, in the order in which they are shown.

#include <span>
#include <vector>

#include "checks/performance/binary_sample.h"

namespace leeway::performance {

std::span<const BinaryMetric* const> binary_metrics();

}  // namespace leeway::performance
