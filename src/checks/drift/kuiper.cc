// Kuiper: the sum of the largest differences in both directions, the same wherever a circle is cut open.

#include <algorithm>

#include "checks/drift/binned.h"
#include "stats/kolmogorov_smirnov.h"
#include "stats/limit_laws.h"

namespace leeway::drift {
namespace {

void describe(double v, int64_t n, int64_t m, const DriftOptions& options, Measurement& out) {
  const auto bounds = options.finite_sample_bounds ? stats::kuiper_finite_sample_bounds(v, n, m, bound_confidence)
                                                   : stats::kuiper_bounds(v, n, m, bound_confidence);
  out.value = estimate(v, bounds);
  out.by_chance = stats::kuiper_mean / std::sqrt(stats::effective_size(n, m));
}

/// At the edges both distribution functions are known; inside a bin F - G is at most (F at its end) - (G at its start).
struct OneSidedBracket {
  double lower = 0, upper = 0;
};
OneSidedBracket largest_lead(const BinnedCounts& f, const BinnedCounts& g) {
  const auto n = static_cast<double>(f.size()), m = static_cast<double>(g.size());
  int64_t i = 0, j = 0;
  OneSidedBracket out;
  for (size_t bin = 0; bin < f.counts().size(); ++bin) {
    const double g_before = static_cast<double>(j) / m;
    i += f.counts()[bin];
    j += g.counts()[bin];
    const double f_after = static_cast<double>(i) / n, lead = f_after - static_cast<double>(j) / m;
    out.lower = std::max(out.lower, lead);
    out.upper = std::max(out.upper, f.map().atom(bin) ? lead : f_after - g_before);
  }
  return out;
}

void measure_kuiper(DriftInput& input, const DriftOptions& options, Measurement& out) {
  if (auto* rows = input.from<NumericRows>()) {
    const OneSidedResult found = rows->scan().one_sided();
    describe(found.kuiper(), found.n, found.m, options, out);
    out.details = {{"d_plus", found.d_plus()}, {"d_minus", found.d_minus()}};
    if (!options.p_value) return;
    const stats::PValue p = stats::kuiper_p_value(found.kuiper(), found.n, found.m);
    out.p_value = p.p;
    out.log_p = p.log_p;
    return;
  }
  const auto& profiles = *input.from<NumericProfiles>();
  const auto plus = largest_lead(*profiles.current, *profiles.reference);
  const auto minus = largest_lead(*profiles.reference, *profiles.current);
  const double lower = plus.lower + minus.lower;
  describe(lower, profiles.current->size(), profiles.reference->size(), options, out);
  out.bracket = Estimate{lower, lower, std::min(1.0, plus.upper + minus.upper)};
}

}  // namespace

extern const DriftMethod kuiper;
constexpr DriftMethod kuiper{
    .info = {.id = "kuiper",
             .title = "Kuiper distance",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::ks,
             .unit = "",
             .measures = "The largest lead of the current distribution function over the reference's plus the largest "
                         "lag: for values that run round a circle (hours, months, angles), where it does not matter "
                         "which value is called the first.",
             .hypothesis = "current and reference values come from one distribution",
             .guarantee = "Each bound is wrong with at most about 5 % probability in large samples; the p-value is "
                          "asymptotic, with Stephens' correction, and conservative under ties. Rows independent.",
             .misleads =
                 "On values with an order it counts a lead and a lag twice; its leeway is that of ks, which for "
                 "a shift is the same.",
             .cost = "O(n)",
             .source = "Kuiper 1960, doi:10.1016/S1385-7258(60)50006-0; Stephens 1970"},
    .accepts = numeric_only,
    .needs = Needs::values,
    .measure = measure_kuiper,
};

}  // namespace leeway::drift
