// Kullback-Leibler divergence of the reference from the current rows.

#include "checks/drift/binned.h"

namespace leeway::drift {

extern const DriftMethod kl_reverse;
constexpr DriftMethod kl_reverse{
    .info = {.id = "kl_reverse",
             .title = "Reverse Kullback-Leibler divergence",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::kl,
             .unit = "nats",
             .measures = "Σ q ln(q/p), q the reference's shares and p the current ones, over the bins of PSI.",
             .hypothesis = texts::same_shares,
             .guarantee = texts::noncentral_guarantee,
             .misleads = "It is not symmetric: bins that became more frequent count little. See kl.",
             .cost = texts::binned_cost,
             .source = "Kullback & Leibler 1951, doi:10.1214/aoms/1177729694"},
    .accepts = binned,
    .needs = Needs::rows,
    .measure = [](DriftInput& input, const DriftOptions& options,
                  Measurement& out) { measure_divergence(stats::Divergence::kl_reverse, false, input, options, out); },
};

}  // namespace leeway::drift
