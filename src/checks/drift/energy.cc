// Energy distance: squared differences of the distribution functions, along the line.

#include <cmath>

#include "checks/drift/binned.h"
#include "stats/energy.h"

namespace leeway::drift {
namespace {

void measure_energy(DriftInput& input, const DriftOptions& options, Measurement& out) {
  auto* rows = input.from<NumericRows>();
  if (!rows) {
    out.not_computable = texts::needs_rows;
    return;
  }
  const stats::RankedPair& pair = rows->ranked();
  const ReferenceScale& scale = input.scale();
  const double distance = stats::energy_distance(pair);
  out.details = {{"distance", distance}, {"scale", scale.value}};
  if (scale.rule == ReferenceScale::Rule::none) {
    out.not_computable = "the reference is constant at 0, so there is no scale to measure in";
    return;
  }
  const double unit = std::sqrt(scale.value);
  out.value = {.value = distance / unit};
  if (pair.cramer_kernel.first > 0) {
    const auto bounds = stats::energy_bounds(pair, bound_confidence);
    out.value = estimate(distance / unit, {bounds.lower / unit, bounds.upper / unit});
    out.by_chance = stats::energy_null_root_mean_square(pair) / unit;
  } else {
    out.note = "both sides are constant, so no bounds can be estimated";
  }
  if (!options.p_value) return;
  const stats::PValue p = stats::energy_p_value(pair);
  out.p_value = p.p;
  out.log_p = p.log_p;
}

}  // namespace

extern const DriftMethod energy;
constexpr DriftMethod energy{
    .info = {.id = "energy",
             .title = "Energy distance",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::energy,
             .unit = "",
             .measures = "sqrt(2 ∫(F-G)² / scale), the scale being the reference's robust standard deviation: free of "
                         "the column's unit.",
             .hypothesis = "current and reference values come from one distribution",
             .guarantee =
                 "Each bound is wrong with at most 5 % probability in large samples (conservative). The p-value "
                 "is asymptotic (gamma law with three moments). Finite variance, rows independent.",
             .misleads = "Far outliers move it, though less than wasserstein.",
             .cost = "O(n log n + m)",
             .source = "Székely & Rizzo 2013, doi:10.1016/j.jspi.2013.03.018; Székely & Bakirov 2003, "
                       "doi:10.1007/s00440-003-0262-6"},
    .accepts = numeric_only,
    .needs = Needs::values,
    .measure = measure_energy,
};

}  // namespace leeway::drift
