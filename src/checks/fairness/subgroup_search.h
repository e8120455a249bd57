#pragma once
// Which combination of protected attributes is treated most differently from everybody else?
//
// Every conjunction of one to `search_depth` attributes ("sex = female and race = Black") with enough rows is compared
// with the rest of the rows, by the standardised difference of a rate or of the mean residual. The largest difference
// that chance makes among all of them (max-T: group memberships permuted among the rate's cases) gives p-values and
// bounds that hold for the whole search, whatever was picked from it.

#include <vector>

#include "checks/fairness/fairness.h"

namespace leeway::fairness {

/// Adds the `search_results` most conspicuous conjunctions of each rate. value = mean of the conjunction less mean of
/// the rest, with simultaneous bounds; p_value is adjusted for the search; `current` repeats the value, `reference` is
/// the same on the reference data. Details: cases, inside and rest (means of the conjunction and of the other rows),
/// statistic, critical, searched (conjunctions with enough cases), change, change_lower, change_upper (simultaneous).
///
/// The cost of the permutations does not grow with the rows: 1000 over 60 cells take about 10 ms a rate, ten times that
/// for the mean residual. With more than 5,000 combinations that occur nothing is searched, which one measurement says.
/// Errors as measure_fairness(), which calls this.
void search_subgroups(const GroupRows* reference, const GroupRows& current, const FairnessOptions& options,
                      std::vector<Measurement>& out);

std::span<const MethodInfo* const> subgroup_methods();

}  // namespace leeway::fairness
