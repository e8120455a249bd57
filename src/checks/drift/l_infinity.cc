// L∞: the bin whose share changed most.

#include "checks/drift/binned.h"

namespace leeway::drift {
namespace {

void measure_l_infinity(DriftInput& input, const DriftOptions& options, Measurement& out) {
  const Bins& bins = input.bins();
  const auto found = stats::estimate_largest_difference(bins.counts(), bound_confidence);
  out.value = estimate(found.value, found.bounds);
  out.by_chance = found.expected;
  if (found.value > 0) out.note = "the share that changed most is that of " + bins.labels[found.cell];
  if (!options.p_value) return;
  out.p_value = found.p.p;
  out.log_p = found.p.log_p;
}

}  // namespace

extern const DriftMethod l_infinity;
constexpr DriftMethod l_infinity{
    .info = {.id = "l_infinity",
             .title = "Largest change of a share",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::none,
             .unit = "share",
             .measures = "max|p-q| over the bins of PSI: by how much the share changed that changed most.",
             .hypothesis = texts::same_shares,
             .guarantee = "Miettinen-Nurminen bounds: the lower one allows for the choice among the bins. The p-value "
                          "is the least of Fisher's exact tests times the number of bins. Rows independent.",
             .misleads = "Many small changes leave it small.",
             .cost = "O(n) for the bins, then about 50 µs a bin",
             .source = "Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211"},
    .accepts = binned,
    .needs = Needs::rows,
    .measure = measure_l_infinity,
};

}  // namespace leeway::drift
