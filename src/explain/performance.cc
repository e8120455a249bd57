#include "explain/performance.h"

#include "explain/sentence.h"

namespace leeway::explain {

Result<PerformanceExplanation> explain_performance(const LossMetric& metric, const ScoredLosses& reference,
                                                   const ScoredLosses& current, std::span<const BinnedFeature> features,
                                                   std::span<const std::string> group_names,
                                                   const SegmentOptions& options) {
  PerformanceExplanation result;
  LEEWAY_TRY(result.split, decompose_by_score(metric, reference, current, group_names));
  ExpectedLosses expected;
  if (!reference.score.empty() || !reference.group.empty()) expected = expected_losses(reference, current);
  LEEWAY_TRY(result.segments, search_segments(metric, features, {reference.loss, expected.reference},
                                              {current.loss, expected.current}, options));
  result.split.features = alone_explains(features, reference.loss, current.loss);
  result.sentence = result.split.sentence = performance_sentence(result.split, &result.segments);
  return result;
}

}  // namespace leeway::explain
