#include "checks/performance/binary/by_confusion.h"

#include <algorithm>

namespace leeway::performance::binary {

Levels by_confusion(const BinarySample& sample, const BinaryOptions& options, ConfusionLevel level_of) {
  Level level = level_of(sample.confusion(options.threshold), options);
  if (!sample.decided()) level.details.push_back({"threshold", options.threshold});
  const auto extremes = sample.confusion_extremes(options.threshold);
  if (!extremes) return {level};
  const Level worst = level_of(extremes->worst, options), best = level_of(extremes->best, options);
  if (!level.computed() || !worst.computed() || !best.computed())
    return {Level::failed("the threshold lies inside the one stored score bin that decides it")};
  level.bracket = stats::Interval{std::min(level.estimate.value, worst.estimate.value),
                                  std::max(level.estimate.value, best.estimate.value)};
  return {level};
}

}  // namespace leeway::performance::binary
