#pragma once
// The metrics by name, each defined in the file of its name in binary/, multiclass/ or regression/. Lists of them are
// in registry.h; use those unless you mean one metric in particular.

#include "checks/performance/binary_sample.h"
#include "checks/performance/multiclass_sample.h"
#include "checks/performance/regression_sample.h"

namespace leeway::performance::binary {

extern const BinaryMetric roc_auc;
extern const BinaryMetric gini;
extern const BinaryMetric gini_drop;
extern const BinaryMetric average_precision;
extern const BinaryMetric score_ks;
extern const BinaryMetric log_loss;
extern const BinaryMetric brier;
extern const BinaryMetric calibration_in_the_large;
extern const BinaryMetric calibration_intercept;
extern const BinaryMetric calibration_slope;
extern const BinaryMetric calibration_error;
extern const BinaryMetric spiegelhalter;
extern const BinaryMetric calibration_by_grade;
extern const BinaryMetric hosmer_lemeshow;
extern const BinaryMetric rank_order;
extern const BinaryMetric accuracy;
extern const BinaryMetric balanced_accuracy;
extern const BinaryMetric precision;
extern const BinaryMetric recall;
extern const BinaryMetric specificity;
extern const BinaryMetric f1;
extern const BinaryMetric f_beta;
extern const BinaryMetric mcc;
extern const BinaryMetric cohen_kappa;
extern const BinaryMetric confusion_matrix;

}  // namespace leeway::performance::binary

namespace leeway::performance::multiclass {

extern const MulticlassMetric accuracy;
extern const MulticlassMetric kappa;
extern const MulticlassMetric mcc;
extern const MulticlassMetric log_loss;
extern const MulticlassMetric hand_till_auc;
extern const MulticlassMetric one_vs_rest_auc;
extern const MulticlassMetric one_vs_rest_auc_by_class;
extern const MulticlassMetric precision_macro;
extern const MulticlassMetric precision_micro;
extern const MulticlassMetric precision_weighted;
extern const MulticlassMetric precision_by_class;
extern const MulticlassMetric recall_macro;
extern const MulticlassMetric recall_micro;
extern const MulticlassMetric recall_weighted;
extern const MulticlassMetric recall_by_class;
extern const MulticlassMetric f1_macro;
extern const MulticlassMetric f1_micro;
extern const MulticlassMetric f1_weighted;
extern const MulticlassMetric f1_by_class;

}  // namespace leeway::performance::multiclass

namespace leeway::performance::regression {

extern const RegressionMetric mae;
extern const RegressionMetric rmse;
extern const RegressionMetric bias;
extern const RegressionMetric r2;
extern const RegressionMetric r2_reference;
extern const RegressionMetric mape;
extern const RegressionMetric wape;
extern const RegressionMetric median_absolute_error;
extern const RegressionMetric quantile_loss;

}  // namespace leeway::performance::regression
