// Mann-Whitney: the probability that a current value exceeds a reference value.

#include <algorithm>

#include "checks/drift/binned.h"
#include "stats/auc.h"
#include "stats/mann_whitney.h"

namespace leeway::drift {
namespace {

void describe(const stats::Auc& auc, Measurement& out) {
  out.value = estimate(auc.value(), stats::auc_interval(auc, bound_confidence));
  out.value.se = auc.se();
  out.by_chance = 0.5;
}

void measure_rows(NumericRows& rows, const DriftOptions& options, Measurement& out) {
  const stats::RankedPair& pair = rows.ranked();
  const double variance =
      pair.placement_variance_x / static_cast<double>(pair.n) + pair.placement_variance_y / static_cast<double>(pair.m);
  describe({.positives = pair.n,
            .negatives = pair.m,
            .twice_u = static_cast<uint64_t>(pair.twice_u),
            .twice_ties = static_cast<uint64_t>(2 * pair.tied_pairs),
            .variance = variance},
           out);
  if (!options.p_value) return;
  const auto test = stats::mann_whitney_test(pair.twice_u, pair.tie_cubes, pair.n, pair.m, rows.pooled_cumulative());
  out.p_value = test.p.p;
  out.log_p = test.p.log_p;
}

/// Bins as if they were ties; inside a bin that is no atom the rows may lie in any order.
void measure_profiles(const BinnedCounts& reference, const BinnedCounts& current, Measurement& out) {
  std::vector<stats::ScoreBin> bins;
  double open_pairs = 0;
  for (size_t i = 0; i < current.counts().size(); ++i) {
    const int64_t x = current.counts()[i], y = reference.counts()[i];
    if (x + y > 0) bins.push_back({static_cast<double>(i), y, x});
    if (!current.map().atom(i)) open_pairs += static_cast<double>(x) * static_cast<double>(y);
  }
  const stats::Auc auc = stats::auc(stats::RankedScores::of_bins(std::move(bins)));
  describe(auc, out);
  const double half = open_pairs / (2 * static_cast<double>(current.size()) * static_cast<double>(reference.size()));
  out.bracket = Estimate{auc.value(), std::max(0.0, auc.value() - half), std::min(1.0, auc.value() + half)};
}

void measure_mann_whitney(DriftInput& input, const DriftOptions& options, Measurement& out) {
  if (auto* rows = input.from<NumericRows>()) return measure_rows(*rows, options, out);
  const auto& profiles = *input.from<NumericProfiles>();
  measure_profiles(*profiles.reference, *profiles.current, out);
}

}  // namespace

extern const DriftMethod mann_whitney;
constexpr DriftMethod mann_whitney{
    .info = {.id = "mann_whitney",
             .title = "Mann-Whitney separation",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::either,
             .scale = Scale::separation_auc,
             .unit = "",
             .measures = "The probability that a random current value exceeds a random reference value, ties counting "
                         "half; 0.5 when neither side tends to be larger. Exact for rows; from profiles a certain "
                         "bracket.",
             .hypothesis = "current and reference values come from one distribution",
             .guarantee = "DeLong's bounds on the logit scale, each wrong with about 5 % probability. The p-value is "
                          "two-sided, exact given the ties up to 400 pairs, else normal with tie and continuity "
                          "corrections. Rows independent.",
             .misleads = "A change of spread without a shift leaves it at 0.5.",
             .cost = "O(n log n + m)",
             .source = "Mann & Whitney 1947, doi:10.1214/aoms/1177730491; DeLong et al. 1988, doi:10.2307/2531595"},
    .accepts = numeric_only,
    .needs = Needs::values,
    .measure = measure_mann_whitney,
};

}  // namespace leeway::drift
