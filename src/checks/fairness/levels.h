#pragma once
// Each group's own number on both sides, with the change between them.

#include "checks/fairness/parity.h"
#include "checks/level.h"
#include "checks/performance/binary_sample.h"

namespace leeway::fairness {

/// One level per group of GroupedData::groups; not computable for a group with too few rows or cases. Empty if a side
/// lacks what the metric needs altogether.
using GroupLevels = std::vector<leeway::Level>;

GroupLevels rate_levels(const GroupSide& side, Rate rate, const FairnessOptions& options);
/// A performance metric within each group. With `both_classes` a group needs min_cases of each, else of rows.
GroupLevels metric_levels(const GroupSide& side, const performance::BinaryMetric& metric, bool both_classes,
                          const FairnessOptions& options);

/// Adds one measurement for each group that occurs (small groups only if there are few of them): `current` and
/// `reference` are the levels with 95 % intervals, `value` the change as compare() of checks/level.h makes it.
void add_levels(const GroupedData& data, const MethodInfo& info, Needs needs, const GroupLevels& current,
                const GroupLevels& reference, std::vector<Measurement>& out);
/// rate_levels() of both sides.
void add_rate_levels(const GroupedData& data, const MethodInfo& info, Rate rate, const FairnessOptions& options,
                     std::vector<Measurement>& out);

/// What can be compared between groups. `missing` is the reason if there are no levels at all.
SideNumbers<Estimated> estimated(const GroupLevels& levels, std::string_view missing, const FairnessOptions& options);
/// Why a side has no samples.
std::string_view no_score_or_outcome(const GroupSide& side);

/// A performance metric within each group, and its largest difference between groups.
struct ScoreParity {
  const performance::BinaryMetric* metric;
  bool both_classes;
  const MethodInfo* level;
  const MethodInfo* parity;
};
void measure_score_parity(const GroupedData& data, const ScoreParity& method, const FairnessOptions& options,
                          FairnessMeasurements& out);

}  // namespace leeway::fairness
