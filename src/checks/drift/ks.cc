// Kolmogorov-Smirnov: the largest difference of the two distribution functions.

#include "checks/drift/binned.h"
#include "stats/kolmogorov_smirnov.h"
#include "stats/limit_laws.h"
#include "summaries/brackets.h"

namespace leeway::drift {
namespace {

void describe(double d, int64_t n, int64_t m, const DriftOptions& options, Measurement& out) {
  const auto bounds = options.finite_sample_bounds ? stats::ks_finite_sample_bounds(d, n, m, bound_confidence)
                                                   : stats::ks_bounds(d, n, m, bound_confidence);
  out.value = estimate(d, bounds);
  out.by_chance = stats::kolmogorov_mean / std::sqrt(stats::effective_size(n, m));
}

void measure_rows(NumericRows& rows, const DriftOptions& options, Measurement& out) {
  const KsResult& ks = rows.scan().ks();
  describe(ks.d(), ks.n, ks.m, options, out);
  out.details = {{"location", ks.location}, {"direction", static_cast<double>(ks.direction)}};
  if (!options.p_value) return;
  const auto p = stats::ks_p_value(ks.numerator, ks.n, ks.m, rows.pooled_cumulative());
  out.p_value = p.value.p;
  out.log_p = p.value.log_p;
}

void measure_profiles(const BinnedCounts& reference, const BinnedCounts& current, const DriftOptions& options,
                      Measurement& out) {
  const auto bracket = ks_bracket(current, reference);
  if (!bracket) {
    out.not_computable = bracket.error().message;
    return;
  }
  describe(bracket->lower, current.size(), reference.size(), options, out);
  out.bracket = Estimate{bracket->lower, bracket->lower, bracket->upper};
}

void measure_ks(DriftInput& input, const DriftOptions& options, Measurement& out) {
  if (auto* rows = input.from<NumericRows>()) return measure_rows(*rows, options, out);
  const auto& profiles = *input.from<NumericProfiles>();
  measure_profiles(*profiles.reference, *profiles.current, options, out);
}

}  // namespace

extern const DriftMethod ks;
constexpr DriftMethod ks{
    .info = {.id = "ks",
             .title = "Kolmogorov-Smirnov distance",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::ks,
             .unit = "",
             .measures = "The largest difference between the shares of current and of reference values at or below any "
                         "point. Exact for rows; from profiles a certain bracket.",
             .hypothesis = "current and reference values come from one distribution",
             .guarantee = "Each bound is wrong with at most about 5 % probability in large samples (measured 0-2.2 % "
                          "below once there is drift, at most 1.7 % above); the finite-sample bounds in every sample. "
                          "The p-value is exact, ties included, up to 1e8 pairs. Rows independent.",
             .misleads = "Differences in the tails hardly show: a value that moved from rare to impossible moves it "
                         "little. With many rows the p-value falls below any level for trifles.",
             .cost = "O(n)",
             .source = "Smirnov 1939; Schröer & Trenkler 1995, doi:10.1016/0167-9473(94)00040-P; Massart 1990, "
                       "doi:10.1214/aop/1176990746"},
    .accepts = numeric_only,
    .needs = Needs::values,
    .measure = measure_ks,
};

}  // namespace leeway::drift
