// The change of the mean relative to the reference's.

#include <cmath>

#include "checks/drift/binned.h"
#include "stats/distributions.h"

namespace leeway::drift {
namespace {

/// Fieller's interval of a/b: the ratios ρ with (a - ρb)² <= z²(Var a + ρ² Var b). NaN when b may be 0.
stats::Interval fieller(const stats::MeanVariance& a, const stats::MeanVariance& b) {
  const double z = stats::normal_quantile(bound_confidence);
  const double va = z * z * a.se() * a.se(), vb = z * z * b.se() * b.se();
  const double square = b.mean() * b.mean() - vb, cross = a.mean() * b.mean();
  if (!(square > 0)) return {};
  const double root = std::sqrt(std::max(0.0, cross * cross - square * (a.mean() * a.mean() - va)));
  return {(cross - root) / square, (cross + root) / square};
}

void measure_relative_mean_shift(DriftInput& input, const DriftOptions&, Measurement& out) {
  const stats::MeanVariance reference = input.reference_mean(), current = input.current_mean();
  const double base = reference.mean();
  if (base == 0) {
    out.not_computable = "the reference mean is 0";
    return;
  }
  out.value = {.value = (current.mean() - base) / std::fabs(base)};
  out.details = {{"reference_mean", base}, {"current_mean", current.mean()}};
  if (!(reference.se() + current.se() > 0)) {
    out.note = "both sides are constant or have a single value, so no bounds can be estimated";
    return;
  }
  const stats::Interval ratio = fieller(current, reference);
  if (std::isnan(ratio.lower)) {
    out.note = "the reference mean cannot be told from 0, so no bounds can be given";
    return;
  }
  // (a - b)/|b| is a/b - 1, mirrored for a negative mean.
  const stats::Interval change =
      base > 0 ? stats::Interval{ratio.lower - 1, ratio.upper - 1} : stats::Interval{1 - ratio.upper, 1 - ratio.lower};
  out.value = estimate(out.value.value, change);
}

}  // namespace

extern const DriftMethod relative_mean_shift;
constexpr DriftMethod relative_mean_shift{
    .info = {.id = "relative_mean_shift",
             .title = "Relative mean shift",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::either,
             .scale = Scale::metric,
             .unit = "share",
             .measures = "The change of the mean over the absolute value of the reference's mean.",
             .hypothesis = "",
             .guarantee =
                 "Fieller's interval: each bound is wrong with about 5 % probability in large samples; none is "
                 "given when the reference mean may be 0. Finite variance, rows independent.",
             .misleads = "Near a reference mean of 0 everything is large; the zero of the scale must mean something "
                         "(not for degrees Celsius).",
             .cost = "O(n)",
             .source = "Fieller 1954, doi:10.1111/j.2517-6161.1954.tb00159.x"},
    .accepts = numeric_only,
    .needs = Needs::values,
    .measure = measure_relative_mean_shift,
};

}  // namespace leeway::drift
