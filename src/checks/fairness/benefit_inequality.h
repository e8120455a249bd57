#pragma once
// How unevenly decisions benefit people, as one number over all rows; its part between groups is in the registry.

#include <vector>

#include "checks/fairness/fairness.h"
#include "checks/fairness/grouped.h"

namespace leeway::fairness {

/// Generalised entropy and Theil index of all rows whose decision and outcome are known, whatever the attribute that
/// `data` is divided by. Subject: no column. Needs no support limit.
void measure_inequality(const GroupedData& data, const FairnessOptions& options, std::vector<Measurement>& out);

std::span<const MethodInfo* const> inequality_methods();

}  // namespace leeway::fairness
