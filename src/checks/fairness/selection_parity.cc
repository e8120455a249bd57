// Who is selected, whatever the outcome.

#include "checks/fairness/levels.h"
#include "checks/fairness/registry.h"
#include "checks/fairness/texts.h"

namespace leeway::fairness {
namespace {

constexpr std::string_view same_rate = "all groups are selected at the same rate (permutation of the group labels)";
constexpr std::string_view ignores_merit =
    "Groups may differ in the outcome itself; equal selection is then not what equally good decisions give. Compare "
    "with conditional parity and the error rates.";

constexpr MethodInfo selection_rate{
    .id = "group_selection_rate",
    .title = "Selection rate",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::either,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Share of a group's rows that are selected: decided for the favourable outcome, by default the positive.",
    .hypothesis = "",
    .guarantee = texts::level_guarantee,
    .misleads = ignores_merit,
    .cost = "O(n)",
    .source = "Wilson 1927, doi:10.1080/01621459.1927.10502953; Jeffreys below 40 rows",
};

constexpr MethodInfo demographic_parity_difference{
    .id = "demographic_parity_difference",
    .title = "Demographic parity difference",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Largest difference of selection rates between two groups.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = ignores_merit,
    .cost = texts::group_cost,
    .source = texts::score_sources,
};

constexpr MethodInfo demographic_parity_ratio{
    .id = "demographic_parity_ratio",
    .title = "Demographic parity ratio",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "Smallest ratio of one group's selection rate to another's.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = "With rates near 0 small differences make small ratios; see the difference too.",
    .cost = texts::group_cost,
    .source = texts::score_sources,
};

constexpr MethodInfo adverse_impact_ratio{
    .id = "adverse_impact_ratio",
    .title = "Adverse-impact ratio",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "Selection rate of a group over that of the group selected most; the lowest of all groups.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads =
        "The bare ratio is below 0.8 for a third of fair models when a group has 50 rows: read the bounds. Being "
        "selected must be the favourable outcome.",
    .cost = texts::group_cost,
    .source = "29 CFR 1607.4(D) (the four-fifths rule of thumb); Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211",
};

constexpr const MethodInfo* methods[] = {&demographic_parity_difference, &demographic_parity_ratio,
                                         &adverse_impact_ratio, &selection_rate};
constexpr ParityMethod parity_methods[] = {
    {&demographic_parity_difference, Contrast::difference, Needs::decision},
    {&demographic_parity_ratio, Contrast::ratio, Needs::decision},
    {&adverse_impact_ratio, Contrast::ratio, Needs::decision, Against::highest},
};

void measure(const GroupedData& data, const FairnessOptions& options, FairnessMeasurements& out) {
  for (const ParityMethod& method : parity_methods) measure_rate_parity(data, method, Rate::selection, options, out);
  add_rate_levels(data, selection_rate, Rate::selection, options, out.levels);
}

}  // namespace

constinit const FairnessFamily selection_parity{methods, measure};

}  // namespace leeway::fairness
