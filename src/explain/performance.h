#pragma once
// All there is to say about the change of one performance metric: where it comes from, in which segments, in words.

#include <span>
#include <string>

#include "base/result.h"
#include "explain/decomposition.h"
#include "explain/explanation.h"
#include "explain/segments.h"

namespace leeway::explain {

struct PerformanceExplanation {
  Decomposition split;      ///< With what each feature explains alone.
  SegmentSearch segments;   ///< Searched at the same score.
  std::string sentence;     ///< Of both; split.sentence is the same.
};

/// Features in the order of the losses' rows, the important ones first; both sides' spans as in decomposition.h. With
/// neither scores nor groups the segments are searched by the loss itself.
/// Errors: invalid_argument as decompose_by_score and search_segments. Cost: that of the search.
Result<PerformanceExplanation> explain_performance(const LossMetric& metric, const ScoredLosses& reference,
                                                   const ScoredLosses& current, std::span<const BinnedFeature> features,
                                                   std::span<const std::string> group_names = {},
                                                   const SegmentOptions& options = {});

}  // namespace leeway::explain
