#include "checks/performance/threshold_curve.h"

namespace leeway::performance {

std::vector<ThresholdPoint> threshold_curve(const BinarySample& sample, int points) {
  std::vector<ThresholdPoint> curve;
  if (!sample.has_scores() || sample.rows() == 0) return curve;
  Confusion at{sample.positives(), sample.negatives(), 0, 0};
  int64_t below = 0, step = -1;
  sample.ranked().visit([&](double score, int64_t n, int64_t p) {
    const bool last = below + n + p == sample.rows();
    if (const int64_t here = below * (points - 1) / sample.rows(); here != step || last) {
      curve.push_back({score, at});
      step = here;
    }
    at.true_positives -= p;
    at.false_negatives += p;
    at.false_positives -= n;
    at.true_negatives += n;
    below += n + p;
  });
  return curve;
}

}  // namespace leeway::performance
