#pragma once
// How many outcomes are known, by the age of the row, and what the unknown ones could change.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checks/measurement.h"
#include "checks/method_info.h"
#include "checks/performance/outcome_rows.h"
#include "columns/column.h"

namespace leeway::performance {

/// Rows whose age at the end of the data is in [from, to) nanoseconds; `to` is the largest integer in the last one.
struct LabelAge {
  int64_t from = 0, to = 0;
  std::string label;        ///< "0 to 23d", "90d and older"
  int64_t rows = 0;
  int64_t known = 0;
  bool mature = false;      ///< All of them are as old as outcomes need to be final.
};

struct LabelCoverage {
  int64_t known = 0, unknown = 0;
  bool provisional = false;      ///< Some rows are younger than outcomes need to be final, or of unknown age.
  std::vector<LabelAge> ages;    ///< Youngest first; empty without times. Rows without a time are in none.
};

/// A label is known if it is neither missing nor NaN. `time` may be null (or of another type): then there are no ages.
/// Ages are counted back from `as_of`, later rows having age 0. With `matures_after` they are cut at its quarters and
/// at twice it, else at a quarter, half and three quarters of the oldest age. All in nanoseconds.
LabelCoverage label_coverage(const Column& label, const Column* time, int64_t as_of,
                             std::optional<int64_t> matures_after);

/// Rows with a known label that is not final yet, ascending: younger at `as_of` than `matures_after`, or without a time.
/// They must not count as labelled: where one outcome is known sooner than the other (a default at once, a repayment at
/// the end) an average over what is labelled so far is wrong, not merely uncertain. `time` is of type time, as long as
/// `label`.
std::vector<uint32_t> immature_labels(const Column& label, const Column& time, int64_t as_of, int64_t matures_after);

/// "90d", "36h", "15min", "20s": a duration in the largest unit that leaves it whole, rounded to seconds.
std::string duration_text(int64_t nanoseconds);

/// The share of usable rows with a known label; the share of known labels that are the positive class; the share of
/// right decisions. The latter two with the limits that the unknown labels set as bracket: all of them the one class,
/// or all the other. These are sharp and assume nothing of why a label is unknown (Manski 1989, doi:10.2307/145818).
/// `reference` may be null.
extern const MethodInfo label_coverage_info;
extern const MethodInfo event_rate_info;
extern const MethodInfo accuracy_limits_info;
std::vector<Measurement> measure_labels(const Subject& subject, const BinaryRows* reference, const BinaryRows& current,
                                        double threshold);
/// Coverage alone, for any kind of task.
Measurement measure_label_coverage(const Subject& subject, const InputCounts* reference_usable,
                                   const InputCounts* reference_labelled, const InputCounts& usable,
                                   const InputCounts& labelled);

}  // namespace leeway::performance
