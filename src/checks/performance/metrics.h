#pragma once
// The metrics by name, each defined in the file of its name in binary/, multiclass/ or regression/. Lists of them are in
// registry.h; use those unless you mean one metric in particular.

#include "checks/performance/binary_sample.h"

namespace leeway::performance::binary {

extern const BinaryMetric roc_auc;
extern const BinaryMetric gini;
extern const BinaryMetric average_precision;
extern const BinaryMetric score_ks;
extern const BinaryMetric log_loss;
extern const BinaryMetric brier;
extern const BinaryMetric calibration_in_the_large;
extern const BinaryMetric calibration_intercept;
extern const BinaryMetric calibration_slope;
extern const BinaryMetric calibration_error;
extern const BinaryMetric spiegelhalter;
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
