#pragma once
// The families of fairness metrics, one file each. A new family is a file and a line in registry.cc.

#include <span>
#include <vector>

#include "checks/fairness/fairness.h"
#include "checks/fairness/grouped.h"

namespace leeway::fairness {

struct FairnessFamily {
  std::span<const MethodInfo* const> methods;
  /// Over the groups of one attribute (or of several crossed).
  void (*measure)(const GroupedData& data, const FairnessOptions& options, FairnessMeasurements& out);
};

extern const FairnessFamily selection_parity;
extern const FairnessFamily error_rate_parity;
extern const FairnessFamily predictive_parity;
extern const FairnessFamily accuracy_parity;
extern const FairnessFamily calibration_within_groups;
extern const FairnessFamily ranking_within_groups;
extern const FairnessFamily benefit_inequality;
extern const FairnessFamily conditional_parity;

std::span<const FairnessFamily* const> fairness_families();

}  // namespace leeway::fairness
