#pragma once
// The event rate and the AUC at a given age of the rows while labels are still coming in. Events are known when they
// happen, their absence only at the end: an average over what is labelled so far is wrong, not merely uncertain. Here
// each row counts for as long as it has been watched.

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "checks/measurement.h"
#include "checks/performance/outcome_rows.h"
#include "columns/column.h"

namespace leeway::performance {

/// Rows with the time for which each was watched. Aligned; scores is empty without a score column.
struct WatchedRows {
  std::vector<double> scores;
  std::vector<double> ages;       ///< Nanoseconds from the row's time until its event or until it was last watched.
  std::vector<uint8_t> events;    ///< 1: the label was positive at that age.
  InputCounts counts;             ///< used = entries; a row without a usable time, or an event without one, is missing

  size_t size() const { return ages.size(); }
};

/// `rows` as from binary_rows of the same columns. `time` is when a row was scored, `label_time` when its label became
/// known (it may be null if no label is positive). A positive row has its event then; a negative one has been watched
/// until then, or until `as_of` if that is not given; an unlabelled one until `as_of`. Ages below 0 count as 0.
/// Errors: invalid_argument where a column is not a time or not as long as the rows' columns.
Result<WatchedRows> watched_rows(const BinaryRows& rows, const Column& time, const Column* label_time, int64_t as_of);

extern const MethodInfo event_rate_by_age_info;
extern const MethodInfo roc_auc_by_age_info;

/// For each age (nanoseconds, ascending): the share of rows with an event by then, with details at_risk (rows watched
/// that long) and events; and, with scores, the AUC for having one by then, with details cases, controls, unclear and
/// effective_cases. A level is not computable at an age that no row has reached. `reference` may be null.
std::vector<Measurement> measure_late_labels(const Subject& subject, const WatchedRows* reference,
                                             const WatchedRows& current, std::span<const int64_t> ages);

}  // namespace leeway::performance
