#include <array>

#include "checks/business/business.h"

namespace leeway::business {

std::span<const BinaryQuantity* const> binary_quantities() {
  static constexpr std::array all{&positive_rate, &mean_score, &cost_per_row};
  return all;
}

std::span<const MulticlassQuantity* const> multiclass_quantities() {
  static constexpr std::array all{&predicted_share};
  return all;
}

std::span<const RegressionQuantity* const> regression_quantities() {
  static constexpr std::array all{&mean_prediction};
  return all;
}

std::vector<const MethodInfo*> methods() {
  std::vector<const MethodInfo*> infos;
  for (const auto* quantity : binary_quantities()) infos.push_back(&quantity->info);
  infos.push_back(&cost_total);
  for (const auto* quantity : multiclass_quantities()) infos.push_back(&quantity->info);
  for (const auto* quantity : regression_quantities()) infos.push_back(&quantity->info);
  return infos;
}

}  // namespace leeway::business
