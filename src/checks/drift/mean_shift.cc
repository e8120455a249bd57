// The change of the mean, in the column's unit.

#include "checks/drift/binned.h"

namespace leeway::drift {
namespace {

Estimate level(const stats::MeanVariance& side) {
  Estimate out = estimate(side.mean(), stats::mean_interval(side, bound_confidence));
  out.se = side.se();
  return out;
}

void measure_mean_shift(DriftInput& input, const DriftOptions& options, Measurement& out) {
  const stats::MeanVariance reference = input.reference_mean(), current = input.current_mean();
  out.reference = level(reference);
  out.current = level(current);
  const auto test = stats::welch(current, reference, bound_confidence);
  out.value = {.value = current.mean() - reference.mean()};
  if (!(test.se > 0)) {
    out.note = "both sides are constant or have a single value, so no bounds can be estimated";
    return;
  }
  out.value = estimate(test.difference, test.interval);
  out.value.se = test.se;
  out.by_chance = 0;
  if (!options.p_value) return;
  out.p_value = test.p;
  out.log_p = test.log_p;
}

}  // namespace

extern const DriftMethod mean_shift;
constexpr DriftMethod mean_shift{
    .info = {.id = "mean_shift",
             .title = "Mean shift",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::either,
             .scale = Scale::metric,
             .unit = "",
             .measures = "The change of the mean, in the column's unit; for scores, how much more or less is predicted "
                         "on average.",
             .hypothesis = "both sides have one mean",
             .guarantee = "Welch's interval: each bound is wrong with about 5 % probability in large samples. Finite "
                          "variance, rows independent.",
             .misleads = "A mean can stay while everything else moves; see the column's distance too.",
             .cost = "O(n)",
             .source = "Welch 1947, doi:10.1093/biomet/34.1-2.28"},
    .accepts = numeric_only,
    .needs = Needs::values,
    .measure = measure_mean_shift,
};

}  // namespace leeway::drift
