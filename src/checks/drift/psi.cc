// Population stability index over the reference's quantile bins or categories.

#include "checks/drift/binned.h"

namespace leeway::drift {

extern const DriftMethod psi;
constexpr DriftMethod psi{
    .info =
        {.id = "psi",
         .title = "PSI (population stability index)",
         .family = Family::drift,
         .version = 1,
         .orientation = Orientation::higher_is_worse,
         .scale = Scale::psi,
         .unit = "nats",
         .measures = "Σ(p-q) ln(p/q) over bins made from the reference, missing and unseen values among them; half a "
                     "row added to each bin. Unseen values count as far as they exceed what fresh rows like the reference's "
                     "would bring.",
         .hypothesis = texts::same_shares,
         .guarantee = texts::noncentral_guarantee,
         .misleads =
             "Movements inside a bin are not seen. The customary limits 0.1 and 0.25 ignore the sample size: with 100 "
             "rows and 10 bins a PSI above 0.1 happens 39 % of the time without drift; read the bounds.",
         .cost = texts::binned_cost,
         .source =
             "Yurdakul 2018, dissertation 3208, Western Michigan University; Potgieter et al. 2023, arXiv:2307.11878"},
    .accepts = binned,
    .needs = Needs::rows,
    .measure = [](DriftInput& input, const DriftOptions& options,
                  Measurement& out) { measure_divergence(stats::Divergence::psi, false, input, options, out); },
};

}  // namespace leeway::drift
