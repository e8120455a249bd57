// What a decision is worth in each group: outcomes among the selected and among the others.

#include "checks/fairness/levels.h"
#include "checks/fairness/registry.h"
#include "checks/fairness/texts.h"

namespace leeway::fairness {
namespace {

constexpr std::string_view same_rate =
    "the rate is the same in all groups (permutation of the group labels within equal decisions)";
constexpr std::string_view base_rates =
    "Groups with different base rates cannot have equal predictive values and equal error rates at once, unless the "
    "model is perfect (Chouldechova 2017, doi:10.1089/big.2016.0047).";
constexpr std::string_view events_near_zero = "With rates near 0 small differences make small ratios.";

constexpr MethodInfo positive_predictive_value{
    .id = "group_positive_predictive_value",
    .title = "Positive predictive value",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Share of positive outcomes among the selected of a group.",
    .hypothesis = "",
    .guarantee = texts::level_guarantee,
    .misleads = base_rates,
    .cost = "O(n)",
    .source = "Wilson 1927, doi:10.1080/01621459.1927.10502953; Jeffreys below 40 rows",
};

constexpr MethodInfo false_omission_rate{
    .id = "group_false_omission_rate",
    .title = "False omission rate",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Share of positive outcomes among those of a group who were not selected.",
    .hypothesis = "",
    .guarantee = texts::level_guarantee,
    .misleads = base_rates,
    .cost = "O(n)",
    .source = "Wilson 1927, doi:10.1080/01621459.1927.10502953; Jeffreys below 40 rows",
};

constexpr MethodInfo predictive_parity_difference{
    .id = "predictive_parity_difference",
    .title = "Predictive parity difference",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Largest difference of positive predictive values between two groups.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = base_rates,
    .cost = texts::group_cost,
    .source = texts::score_sources,
};

constexpr MethodInfo predictive_parity_ratio{
    .id = "predictive_parity_ratio",
    .title = "Predictive parity ratio",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "Smallest ratio of one group's positive predictive value to another's.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = base_rates,
    .cost = texts::group_cost,
    .source = texts::score_sources,
};

constexpr MethodInfo false_discovery_ratio{
    .id = "false_discovery_ratio",
    .title = "False discovery rate ratio",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures =
        "Smallest ratio of one group's false discovery rate (negative outcomes among the selected) to another's.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = events_near_zero,
    .cost = texts::group_cost,
    .source = texts::score_sources,
};

constexpr MethodInfo false_omission_difference{
    .id = "false_omission_difference",
    .title = "False omission rate difference",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures =
        "Largest difference of false omission rates (positive outcomes among those not selected) between two groups.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = base_rates,
    .cost = texts::group_cost,
    .source = texts::score_sources,
};

constexpr MethodInfo false_omission_ratio{
    .id = "false_omission_ratio",
    .title = "False omission rate ratio",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "Smallest ratio of one group's false omission rate to another's.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = events_near_zero,
    .cost = texts::group_cost,
    .source = texts::score_sources,
};

constexpr const MethodInfo* methods[] = {
    &predictive_parity_difference, &predictive_parity_ratio,   &false_discovery_ratio, &false_omission_difference,
    &false_omission_ratio,         &positive_predictive_value, &false_omission_rate};
constexpr struct {
  ParityMethod method;
  Rate rate;
} parities[] = {
    {{&predictive_parity_difference, Contrast::difference, Needs::decision_and_outcome}, Rate::positive_predictive},
    {{&predictive_parity_ratio, Contrast::ratio, Needs::decision_and_outcome}, Rate::positive_predictive},
    {{&false_discovery_ratio, Contrast::ratio, Needs::decision_and_outcome}, Rate::false_discovery},
    {{&false_omission_difference, Contrast::difference, Needs::decision_and_outcome}, Rate::false_omission},
    {{&false_omission_ratio, Contrast::ratio, Needs::decision_and_outcome}, Rate::false_omission},
};

void measure(const GroupedData& data, const FairnessOptions& options, FairnessMeasurements& out) {
  for (const auto& [method, rate] : parities) measure_rate_parity(data, method, rate, options, out);
  add_rate_levels(data, positive_predictive_value, Rate::positive_predictive, options, out.levels);
  add_rate_levels(data, false_omission_rate, Rate::false_omission, options, out.levels);
}

}  // namespace

constinit const FairnessFamily predictive_parity{methods, measure};

}  // namespace leeway::fairness
