#include "checks/drift/binned.h"

#include <cmath>

namespace leeway::drift {

Estimate estimate(double value, const stats::Interval& bounds) {
  return {.value = value, .lower = bounds.lower, .upper = bounds.upper};
}

void measure_divergence(stats::Divergence kind, bool root, DriftInput& input, const DriftOptions& options,
                        Measurement& out) {
  const stats::CountPair counts = input.bins().counts();
  const auto found = stats::estimate_divergence(kind, counts, bound_confidence);
  const auto shown = [root](double v) { return root ? std::copysign(std::sqrt(std::fabs(v)), v) : v; };
  out.value = estimate(shown(found.value), {shown(found.bounds.lower), shown(found.bounds.upper)});
  out.by_chance = shown(found.expected);
  out.details = {{"statistic", found.statistic},
                 {"df", static_cast<double>(found.df)},
                 {"bias_corrected", shown(found.corrected)},
                 {"kappa", found.kappa}};
  if (!options.p_value) return;
  const stats::PValue p = stats::divergence_p_value(found, counts);
  out.p_value = p.p;
  out.log_p = p.log_p;
}

}  // namespace leeway::drift
