#include "checks/performance/registry.h"

#include <array>

#include "checks/performance/label_coverage.h"
#include "checks/performance/late_labels.h"
#include "checks/performance/metrics.h"

namespace leeway::performance {

std::span<const BinaryMetric* const> binary_metrics() {
  static constexpr std::array all{
      &binary::roc_auc,
      &binary::gini,
      &binary::gini_drop,
      &binary::average_precision,
      &binary::score_ks,
      &binary::log_loss,
      &binary::brier,
      &binary::calibration_in_the_large,
      &binary::calibration_intercept,
      &binary::calibration_slope,
      &binary::calibration_error,
      &binary::spiegelhalter,
      &binary::calibration_by_grade,
      &binary::hosmer_lemeshow,
      &binary::rank_order,
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

std::span<const MulticlassMetric* const> multiclass_metrics() {
  static constexpr std::array all{
      &multiclass::accuracy,
      &multiclass::kappa,
      &multiclass::mcc,
      &multiclass::log_loss,
      &multiclass::hand_till_auc,
      &multiclass::one_vs_rest_auc,
      &multiclass::one_vs_rest_auc_by_class,
      &multiclass::precision_macro,
      &multiclass::precision_micro,
      &multiclass::precision_weighted,
      &multiclass::precision_by_class,
      &multiclass::recall_macro,
      &multiclass::recall_micro,
      &multiclass::recall_weighted,
      &multiclass::recall_by_class,
      &multiclass::f1_macro,
      &multiclass::f1_micro,
      &multiclass::f1_weighted,
      &multiclass::f1_by_class,
  };
  return all;
}

std::span<const RegressionMetric* const> regression_metrics() {
  static constexpr std::array all{
      &regression::mae,
      &regression::rmse,
      &regression::bias,
      &regression::r2,
      &regression::r2_reference,
      &regression::mape,
      &regression::wape,
      &regression::median_absolute_error,
      &regression::quantile_loss,
  };
  return all;
}

std::vector<const MethodInfo*> methods() {
  std::vector<const MethodInfo*> infos;
  for (const auto* metric : binary_metrics()) infos.push_back(&metric->info);
  for (const auto* metric : multiclass_metrics()) infos.push_back(&metric->info);
  for (const auto* metric : regression_metrics()) infos.push_back(&metric->info);
  infos.insert(infos.end(), {&label_coverage_info, &event_rate_info, &accuracy_limits_info, &event_rate_by_age_info,
                             &roc_auc_by_age_info});
  return infos;
}

}  // namespace leeway::performance
