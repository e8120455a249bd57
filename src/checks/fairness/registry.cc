#include "checks/fairness/registry.h"

namespace leeway::fairness {
namespace {

constexpr const FairnessFamily* families[] = {
    &selection_parity,
    &error_rate_parity,
    &predictive_parity,
    &accuracy_parity,
    &calibration_within_groups,
    &ranking_within_groups,
    &benefit_inequality,
    &conditional_parity,
};

}  // namespace

std::span<const FairnessFamily* const> fairness_families() { return families; }

}  // namespace leeway::fairness
