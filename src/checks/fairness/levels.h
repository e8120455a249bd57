#pragma once
// Each group's own number on both sides, with the change between them.

#include "checks/fairness/parity.h"

namespace leeway::fairness {

/// Adds one measurement per group that occurs: `current` and `reference` are the levels with 95 % intervals, `value` the
/// change (NaN where a side has no level). A group with too few rows or cases is not_computable. Number = Proportion
/// (Wilson or Jeffreys; change by Miettinen-Nurminen) or Estimate (its own bounds at 97.5 % a side; change with summed
/// variances). `reference` may be null.
template <class Number>
void measure_levels(const GroupedData& data, const MethodInfo& info, Needs needs, const SideNumbers<Number>& current,
                    const SideNumbers<Number>* reference, const FairnessOptions& options, std::vector<Measurement>& out);

/// The levels of one rate.
void measure_rate_levels(const GroupedData& data, const MethodInfo& info, Rate rate, const FairnessOptions& options,
                         std::vector<Measurement>& out);

/// What max-T needs of estimates.
SideNumbers<Level> as_levels(const SideNumbers<Estimate>& side);

}  // namespace leeway::fairness
