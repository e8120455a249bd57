#pragma once
// What every threshold would have done.

#include <vector>

#include "checks/performance/binary_sample.h"

namespace leeway::performance {

struct ThresholdPoint {
  double threshold;
  Confusion confusion;   ///< With score >= threshold predicted positive.
};

/// The confusion matrix at up to `points` thresholds, ascending: scores at equal steps of rank, from the lowest (every
/// row predicted positive) to the highest. Empty without scores. O(n); from a table, at the means of its bins.
std::vector<ThresholdPoint> threshold_curve(const BinarySample& sample, int points = 101);

}  // namespace leeway::performance
