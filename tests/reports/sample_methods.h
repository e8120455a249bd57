#pragma once
// Method records for sample reports: real names and texts, so that what is rendered looks like the product's output.

#include "checks/measurement.h"

namespace leeway::sample {

constexpr MethodInfo method(std::string_view id, std::string_view title, Family family, Orientation orientation,
                            Scale scale, std::string_view unit, std::string_view measures) {
  return {.id = id, .title = title, .family = family, .version = 1, .orientation = orientation, .scale = scale,
          .unit = unit, .measures = measures,
          .hypothesis = family == Family::drift ? "The distance is at most the leeway." : "",
          .guarantee = "Each bound misses in at most 5 % of repeated samples of independent rows.",
          .misleads = "Rows that are not independent make the bounds too narrow.",
          .cost = "O(n)", .source = "Yurdakul & Naranjo 2020, doi:10.21314/JRMV.2020.227"};
}

constexpr auto higher = Orientation::higher_is_worse;
constexpr auto lower = Orientation::lower_is_worse;
constexpr auto either = Orientation::either;

inline constexpr MethodInfo psi = method("psi", "Population stability index", Family::drift, higher, Scale::psi, "nats",
                                         "The symmetric divergence of two binned distributions.");
inline constexpr MethodInfo ks = method("ks", "Kolmogorov-Smirnov distance", Family::drift, higher, Scale::ks, "",
                                        "The largest difference of the two distribution functions.");
inline constexpr MethodInfo w1 = method("w1", "Wasserstein distance", Family::drift, higher, Scale::standard_units, "",
                                        "The mean distance that values have moved, over the reference's scale.");
inline constexpr MethodInfo mean_shift = method("mean_shift", "Mean shift", Family::drift, either, Scale::metric, "",
                                                "The change of the mean.");
inline constexpr MethodInfo positive_share = method("positive_share", "Positive label rate", Family::drift, either,
                                                    Scale::metric, "share", "The share of rows with a positive outcome.");
inline constexpr MethodInfo missing_share = method("missing_share", "Missing share", Family::quality, higher,
                                                   Scale::share, "share", "The share of rows without a value.");
inline constexpr MethodInfo unseen_share = method("unseen_share", "Unseen categories", Family::quality, higher,
                                                  Scale::share, "share", "The share of rows whose category is new.");
inline constexpr MethodInfo out_of_range = method("out_of_range", "Outside the reference's range", Family::quality,
                                                  higher, Scale::share, "share", "The share of rows beyond the range.");
inline constexpr MethodInfo duplicate_rows = method("duplicate_rows", "Duplicate rows", Family::quality, higher,
                                                    Scale::share, "share", "Rows that equal an earlier row.");
inline constexpr MethodInfo schema_change = method("schema_change", "Schema change", Family::quality, higher, Scale::none,
                                                   "rows", "A column that is new, gone or of another type.");
inline constexpr MethodInfo second_moments = method("second_moments", "Means, spreads and correlations",
                                                    Family::multivariate, higher, Scale::none, "",
                                                    "The largest standardised change of a second moment.");
inline constexpr MethodInfo rff_mmd = method("rff_mmd", "Kernel distance of the joint distribution", Family::multivariate,
                                             higher, Scale::none, "", "The maximum mean discrepancy by random features.");
inline constexpr MethodInfo roc_auc = method("roc_auc", "ROC AUC", Family::performance, lower, Scale::metric, "",
                                             "The chance that a positive row scores above a negative one.");
inline constexpr MethodInfo gini = method("gini", "Gini coefficient", Family::performance, lower, Scale::metric, "",
                                          "2 AUC - 1.");
inline constexpr MethodInfo average_precision = method("average_precision", "Average precision", Family::performance,
                                                       lower, Scale::metric, "", "The area under precision and recall.");
inline constexpr MethodInfo log_loss = method("log_loss", "Log loss", Family::performance, higher, Scale::metric, "nats",
                                              "The mean negative log-likelihood.");
inline constexpr MethodInfo brier = method("brier", "Brier score", Family::performance, higher, Scale::metric, "",
                                           "The mean squared error of the probability.");
inline constexpr MethodInfo ece = method("ece", "Calibration error, debiased", Family::performance, higher, Scale::metric,
                                         "share", "The mean distance of score and observed rate.");
inline constexpr MethodInfo accuracy = method("accuracy", "Accuracy", Family::performance, lower, Scale::metric, "share",
                                              "The share of right predictions.");
inline constexpr MethodInfo precision = method("precision", "Precision", Family::performance, lower, Scale::metric,
                                               "share", "The share of positive predictions that are right.");
inline constexpr MethodInfo recall = method("recall", "Recall", Family::performance, lower, Scale::metric, "share",
                                            "The share of positive rows that are found.");
inline constexpr MethodInfo confusion_matrix = method("confusion_matrix", "Confusion matrix", Family::performance, either,
                                                      Scale::metric, "share", "The shares of the four outcomes.");
inline constexpr MethodInfo f1 = method("f1", "F1", Family::performance, lower, Scale::metric, "",
                                        "The harmonic mean of precision and recall.");
inline constexpr MethodInfo cbpe_auc = method("cbpe_roc_auc", "ROC AUC, estimated", Family::estimate, lower,
                                              Scale::metric, "", "ROC AUC expected from calibrated scores alone.");
inline constexpr MethodInfo cbpe_accuracy = method("cbpe_accuracy", "Accuracy, estimated", Family::estimate, lower,
                                                   Scale::metric, "share", "Accuracy expected from calibrated scores.");
inline constexpr MethodInfo impact_ratio = method("impact_ratio", "Adverse-impact ratio", Family::fairness, lower,
                                                  Scale::metric, "", "Selection rate over the highest one.");
inline constexpr MethodInfo opportunity_gap = method("equal_opportunity_difference", "Equal opportunity gap",
                                                     Family::fairness, higher, Scale::metric, "share",
                                                     "The largest difference of true positive rates.");
inline constexpr MethodInfo group_selection = method("selection_rate", "Selection rate", Family::fairness, either,
                                                     Scale::metric, "share", "The share of the group that is selected.");
inline constexpr MethodInfo cost_per_row = method("cost_per_row", "Cost per row", Family::business, higher,
                                                  Scale::metric, "cost per row", "The mean cost by the cost matrix.");
inline constexpr MethodInfo cost_total = method("cost_total", "Total cost", Family::business, higher, Scale::metric, "",
                                                "The sum of costs over the window.");
inline constexpr MethodInfo positive_rate = method("positive_rate", "Approval rate", Family::business, either,
                                                   Scale::metric, "share", "The share of rows predicted positive.");

}  // namespace leeway::sample
