// Whether decisions are as often right in each group, and whether errors fall on the same side.

#include <cmath>

#include "checks/fairness/levels.h"
#include "checks/fairness/registry.h"
#include "checks/fairness/texts.h"

namespace leeway::fairness {
namespace {

constexpr MethodInfo accuracy{
    .id = "group_accuracy",
    .title = "Accuracy",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Share of a group's rows whose decision agrees with the outcome.",
    .hypothesis = "",
    .guarantee = texts::level_guarantee,
    .misleads = "Depends on the base rate of the group.",
    .cost = "O(n)",
    .source = "Wilson 1927, doi:10.1080/01621459.1927.10502953; Jeffreys below 40 rows",
};

constexpr MethodInfo accuracy_equality{
    .id = "accuracy_equality",
    .title = "Accuracy equality",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Largest difference of accuracies between two groups.",
    .hypothesis = "accuracy is the same in all groups (permutation of the group labels)",
    .guarantee = texts::score_guarantee,
    .misleads = "Equal accuracy can hide errors of opposite kinds; see treatment equality.",
    .cost = texts::group_cost,
    .source = "Berk et al. 2021, doi:10.1177/0049124118782533; Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211",
};

constexpr MethodInfo treatment_equality{
    .id = "treatment_equality",
    .title = "Treatment equality",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "Smallest ratio of one group's false negatives per false positive to another's.",
    .hypothesis = "false negatives per false positive are the same in all groups",
    .guarantee = texts::pair_guarantee,
    .misleads = "Few errors of a kind make it unsteady; where a group has none, half an error is added to each kind.",
    .cost = texts::group_cost,
    .source =
        "Berk et al. 2021, doi:10.1177/0049124118782533; logarithm with variance 1/FN + 1/FP (Woolf 1955, "
        "doi:10.1111/j.1469-1809.1955.tb01348.x)",
};

constexpr const MethodInfo* methods[] = {&accuracy_equality, &treatment_equality, &accuracy};

/// False negatives per false positive, of groups with at least min_cases errors.
SideNumbers<Estimated> error_balance(const GroupSide& side, const FairnessOptions& options) {
  SideNumbers<Estimated> out;
  out.missing = rates_of(side, Rate::accuracy, options).missing;
  for (size_t g = 0; g < side.counts.size() && out.missing.empty(); ++g) {
    const GroupCounts& counts = side.counts[g];
    if (counts.rows() < options.min_rows || counts.false_negatives() + counts.false_positives() < options.min_cases)
      continue;
    const double add = counts.false_negatives() == 0 || counts.false_positives() == 0 ? 0.5 : 0;
    const double fn = static_cast<double>(counts.false_negatives()) + add;
    const double fp = static_cast<double>(counts.false_positives()) + add;
    out.groups.push_back(g);
    out.numbers.push_back({fn / fp, std::sqrt(1 / fn + 1 / fp)});
  }
  return out;
}

void measure(const GroupedData& data, const FairnessOptions& options, FairnessMeasurements& out) {
  constexpr ParityMethod equality{&accuracy_equality, Contrast::difference, Needs::decision_and_outcome};
  measure_rate_parity(data, equality, Rate::accuracy, options, out);
  constexpr ParityMethod treatment{&treatment_equality, Contrast::ratio, Needs::decision_and_outcome};
  measure_both_sides(
      data, treatment, [&](const GroupSide& side) { return error_balance(side, options); }, options, out);
  add_rate_levels(data, accuracy, Rate::accuracy, options, out.levels);
}

}  // namespace

constinit const FairnessFamily accuracy_parity{methods, measure};

}  // namespace leeway::fairness
