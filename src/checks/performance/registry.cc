#include "checks/performance/registry.h"

#include <array>

#include "checks/performance/metrics.h"

namespace leeway::performance {

std::span<const BinaryMetric* const> binary_metrics() {
  static constexpr std::array all{
      &binary::roc_auc,
      &binary::gini,
      &binary::average_precision,
      &binary::score_ks,
      &binary::log_loss,
      &binary::brier,
      &binary::calibration_in_the_large,
      &binary::calibration_intercept,
      &binary::calibration_slope,
      &binary::calibration_error,
      &binary::spiegelhalter,
      &binary::accuracy,
      &binary::balanced_accuracy,
      &binary::precision,
      &binary::recall,
      &binary::specificity,
      &binary::f1,
      &binary::f_beta,
      &binary::mcc,
      &binary::cohen_kappa,
      &binary::confusion_matrix,
  };
  return all;
}

}  // namespace leeway::performance
