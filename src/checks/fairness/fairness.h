#pragma once
// Door of the fairness checks: every metric over each protected attribute, over attributes crossed, and the search for
// the combination of attributes that is treated most differently.
//
// For each metric and attribute there is one measurement of parity, whose value is the worst gap or ratio over all
// pairs of groups and whose bounds carry the proof (comparison.h): the generic rule of findings/ on (lower, value,
// upper) says "unfair" when a simultaneous bound of some pair is beyond the leeway, "stable" when the plain bounds of
// all pairs are within it. `current` repeats the value, `reference` holds the same on the reference data. Details:
//
//     groups, groups_hidden, rows_hidden   compared; left out for too few rows or cases (they stay in InputCounts)
//     critical                             max-T critical value of the simultaneous bounds
//     null_quantile                        95 % (of a ratio 5 %) quantile of the value when all groups are alike;
//                                          Measurement::by_chance is its mean and p_value belongs to that hypothesis
//     change, change_lower, change_upper   of the worst pair against the same pair in the reference: difference in
//                                          differences, variances summed, 95 % simultaneous over the pairs
//
// Nothing here looks at a limit. Thread safe; the same numbers whatever the thread count.

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "checks/fairness/group_rows.h"
#include "checks/measurement.h"

namespace leeway::fairness {

struct FairnessOptions {
  int64_t min_rows = 30;        ///< A group with fewer rows is counted but not measured: noise, and people's privacy.
  int64_t min_cases = 10;       ///< A rate of fewer cases (e.g. known positives for the true-positive rate) likewise.
  size_t max_groups = 200;      ///< More groups with enough rows than that are not compared: cut into bands first.
  size_t cross_depth = 2;       ///< Attributes crossed for the full set of metrics; 1 for none.
  size_t search_depth = 3;      ///< Attributes in one conjunction of the subgroup search; 0 for no search.
  int64_t search_support = 30;  ///< Cases that a conjunction and the rest must each have.
  size_t search_results = 10;   ///< Conjunctions reported per rate, most conspicuous first.
  int permutations = 1000;
  int calibration_bins = 10;  ///< Of equal mass, within a group.
  int bootstrap = 999;        ///< Poisson bootstrap replicates, for metrics without a formula.
  uint64_t seed = 20260101;
  int threads = 1;
};

struct FairnessMeasurements {
  std::vector<Measurement> parity;  ///< One per metric and attribute: what a leeway is set for.
  std::vector<Measurement> pairs;   ///< Against the group chosen by the caller; the impact ratio against the highest.
  std::vector<Measurement> levels;  ///< Each group's own rates; value: the change against the reference.
  std::vector<Measurement> subgroups;  ///< From the search (subgroup_search.h).
};

/// `reference` may be null. Errors: invalid_argument (spans of unequal length; sides with different columns).
/// About 1 s of processor time for 1e6 rows and three attributes with their pairs, 0.3 s for 1e5.
Result<FairnessMeasurements> measure_fairness(const GroupRows* reference, const GroupRows& current,
                                              const FairnessOptions& options = {});

/// From stored score tables: what rests on counts is exact, AUCs are within their brackets, calibration is that of the
/// means of the bins. No crossed attributes, no conditional parity, no subgroup search. Errors as group_by().
Result<FairnessMeasurements> measure_fairness(std::span<const StoredAttribute> attributes, double threshold,
                                              const FairnessOptions& options = {});

/// Every method, in the order of the documentation.
std::span<const MethodInfo* const> fairness_methods();

}  // namespace leeway::fairness
