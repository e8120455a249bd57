// Kullback-Leibler divergence of the current rows from the reference.

#include "checks/drift/binned.h"

namespace leeway::drift {

extern const DriftMethod kl;
constexpr DriftMethod kl{
    .info = {.id = "kl",
             .title = "Kullback-Leibler divergence",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::kl,
             .unit = "nats",
             .measures = "Σ p ln(p/q), p the current shares and q the reference's, over the bins of PSI: the "
                         "information lost when the reference stands for the current data.",
             .hypothesis = texts::same_shares,
             .guarantee = texts::noncentral_guarantee,
             .misleads = "It is not symmetric: bins that became rarer count little. See kl_reverse.",
             .cost = texts::binned_cost,
             .source = "Kullback & Leibler 1951, doi:10.1214/aoms/1177729694"},
    .accepts = binned,
    .needs = Needs::rows,
    .measure = [](DriftInput& input, const DriftOptions& options,
                  Measurement& out) { measure_divergence(stats::Divergence::kl, false, input, options, out); },
};

}  // namespace leeway::drift
