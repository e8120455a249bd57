// Whether a score means the same in every group.

#include "checks/fairness/levels.h"
#include "checks/fairness/registry.h"
#include "checks/fairness/texts.h"
#include "checks/performance/metrics.h"

namespace leeway::fairness {
namespace {

constexpr std::string_view cancels = "Errors in opposite directions at low and high scores cancel.";
constexpr std::string_view line_only =
    "Read intercept and slope together; a curve that is no line in logits is averaged away.";
constexpr std::string_view calibration_source =
    "Van Calster et al. 2019, doi:10.1186/s12916-019-1466-7; Westfall & Young 1993, ISBN 978-0-471-55761-6";

constexpr MethodInfo group_mean_residual{
    .id = "group_mean_residual",
    .title = "Mean residual",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::either,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Observed rate of positives less mean score in a group: the group metric that needs no threshold.",
    .hypothesis = "",
    .guarantee = texts::level_guarantee,
    .misleads = cancels,
    .cost = "O(n)",
    .source = calibration_source,
};

constexpr MethodInfo group_calibration_intercept{
    .id = "group_calibration_intercept",
    .title = "Calibration intercept of a group",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::either,
    .scale = Scale::metric,
    .unit = "logits",
    .measures = "a in logit P(positive) = a + b logit(score) within a group.",
    .hypothesis = "",
    .guarantee = texts::level_guarantee,
    .misleads = line_only,
    .cost = "O(n)",
    .source = "Cox 1958, doi:10.1093/biomet/45.3-4.562",
};

constexpr MethodInfo group_calibration_slope{
    .id = "group_calibration_slope",
    .title = "Calibration slope of a group",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::either,
    .scale = Scale::metric,
    .unit = "",
    .measures = "b in logit P(positive) = a + b logit(score) within a group.",
    .hypothesis = "",
    .guarantee = texts::level_guarantee,
    .misleads = line_only,
    .cost = "O(n)",
    .source = "Cox 1958, doi:10.1093/biomet/45.3-4.562",
};

constexpr MethodInfo group_calibration_error{
    .id = "group_calibration_error",
    .title = "Calibration error of a group, debiased",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures =
        "Root mean square of observed rate less mean score over bins of equal mass within a group, less what "
        "chance contributes; the plain expected calibration error is the detail `plain`.",
    .hypothesis = "",
    .guarantee = texts::level_guarantee,
    .misleads = "Errors that cancel inside a bin are not seen; in small groups only coarse errors show.",
    .cost = "O(n)",
    .source = "Kumar, Liang & Ma 2019, arXiv:1909.10155",
};

constexpr MethodInfo mean_residual_difference{
    .id = "mean_residual_difference",
    .title = "Mean residual difference",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Largest difference between two groups of observed rate less mean score.",
    .hypothesis = "the mean residual is the same in all groups (normal errors)",
    .guarantee = texts::pair_guarantee,
    .misleads = cancels,
    .cost = texts::group_cost,
    .source = calibration_source,
};

constexpr MethodInfo calibration_intercept_difference{
    .id = "calibration_intercept_difference",
    .title = "Calibration intercept difference",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "logits",
    .measures = "Largest difference of calibration intercepts between two groups.",
    .hypothesis = "the intercept is the same in all groups (normal errors)",
    .guarantee = texts::pair_guarantee,
    .misleads = line_only,
    .cost = texts::group_cost,
    .source = calibration_source,
};

constexpr MethodInfo calibration_slope_difference{
    .id = "calibration_slope_difference",
    .title = "Calibration slope difference",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "Largest difference of calibration slopes between two groups.",
    .hypothesis = "the slope is the same in all groups (normal errors)",
    .guarantee = texts::pair_guarantee,
    .misleads = line_only,
    .cost = texts::group_cost,
    .source = calibration_source,
};

constexpr MethodInfo calibration_error_difference{
    .id = "calibration_error_difference",
    .title = "Calibration error difference",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Largest difference of debiased calibration errors between two groups.",
    .hypothesis = "the calibration error is the same in all groups (normal errors)",
    .guarantee = texts::pair_guarantee,
    .misleads =
        "Two groups can be wrong by as much in opposite directions; see the mean residual. Normal bounds of a root "
        "are rough where the error is near 0.",
    .cost = texts::group_cost,
    .source = calibration_source,
};

constexpr const MethodInfo* methods[] = {&mean_residual_difference,     &calibration_intercept_difference,
                                         &calibration_slope_difference, &calibration_error_difference,
                                         &group_mean_residual,          &group_calibration_intercept,
                                         &group_calibration_slope,      &group_calibration_error};

constexpr ScoreParity parities[] = {
    {&performance::binary::calibration_in_the_large, false, &group_mean_residual, &mean_residual_difference},
    {&performance::binary::calibration_intercept, true, &group_calibration_intercept,
     &calibration_intercept_difference},
    {&performance::binary::calibration_slope, true, &group_calibration_slope, &calibration_slope_difference},
    {&performance::binary::calibration_error, false, &group_calibration_error, &calibration_error_difference},
};

void measure(const GroupedData& data, const FairnessOptions& options, FairnessMeasurements& out) {
  for (const ScoreParity& parity : parities) measure_score_parity(data, parity, options, out);
}

}  // namespace

constinit const FairnessFamily calibration_within_groups{methods, measure};

}  // namespace leeway::fairness
