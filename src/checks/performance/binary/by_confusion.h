#pragma once
// What all metrics of the confusion matrix share: where it comes from, and its bracket.

#include "checks/performance/binary_sample.h"

namespace leeway::performance::binary {

using ConfusionLevel = Level (*)(const Confusion& confusion, const BinaryOptions& options);

/// `level` of the sample's confusion matrix, with the threshold in its details unless predicted classes were given, and
/// with its values at the extremes of a cut bin as bracket (not computable if one of them is not). `level` must not
/// fall when a row moves from wrong to right.
Levels by_confusion(const BinarySample& sample, const BinaryOptions& options, ConfusionLevel level);

}  // namespace leeway::performance::binary
