#include "checks/performance/binary/by_confusion.h"

#include <algorithm>

namespace leeway::performance::binary {

Levels by_confusion(const BinarySample& sample, const BinaryOptions& options, ConfusionLevel level_of) {
  Level level = level_of(sample.confusion(options.threshold), options);
  if (!sample.decided()) level.details.push_back({"threshold", options.threshold});
  if (const auto extremes = sample.confusion_extremes(options.threshold); extremes && level.computed()) {
    const Level worst = level_of(extremes->worst, options), best = level_of(extremes->best, options);
    const double value = level.estimate.value;
    level.bracket = stats::Interval{worst.computed() ? std::min(value, worst.estimate.value) : undefined,
                                    best.computed() ? std::max(value, best.estimate.value) : undefined};
  }
  return {level};
}

}  // namespace leeway::performance::binary
