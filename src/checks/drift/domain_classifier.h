#pragma once
// Whether a classifier can tell the current rows from the reference rows: any difference that the learner can learn,
// in one column or in a combination. On demand, since it needs a learner and trains it twice.

#include <cstdint>
#include <span>
#include <string>

#include "checks/measurement.h"
#include "stats/domain_scores.h"

namespace leeway::drift {

extern const MethodInfo domain_classifier_info;

struct DomainRows {
  stats::TwoSamples samples;           ///< Features alone: no id, no time, no score, no outcome.
  std::span<const std::string> names;  ///< Of the features, for the importances.
  int64_t reference_table_rows, current_table_rows;  ///< Of the tables that the samples were taken from.
};

struct DomainOptions {
  uint64_t seed = 1;
  bool p_value = false;
};

/// The least rows of a side that are tried.
inline constexpr size_t least_domain_rows = 20;

/// AUC of the cross-fitted classifier (the mean of its two halves). Details: changed_share, the share of current rows
/// that must have changed at the very least, 1 - sqrt(2 (1 - AUC)) with the AUC at its lower bound; and "importance of
/// NAME" of the (at most ten) features that told most. Rows that are equal cannot give each other away
/// (stats::deal_halves). A failing learner makes it not computable.
Measurement measure_domain_classifier(const stats::Learner& learner, const DomainRows& rows,
                                      const DomainOptions& options = {});

}  // namespace leeway::drift
