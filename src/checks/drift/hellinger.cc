// Hellinger distance.

#include "checks/drift/binned.h"

namespace leeway::drift {

extern const DriftMethod hellinger;
constexpr DriftMethod hellinger{
    .info = {.id = "hellinger",
             .title = "Hellinger distance",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::hellinger,
             .unit = "",
             .measures = "sqrt(1 - Σ sqrt(pq)) over the bins of PSI: 0 to 1.",
             .hypothesis = texts::same_shares,
             .guarantee = texts::noncentral_guarantee,
             .misleads = "Small samples look distant: compare with what chance gives.",
             .cost = texts::binned_cost,
             .source = "Hellinger 1909; Le Cam & Yang 2000, doi:10.1007/978-1-4612-1166-2"},
    .accepts = binned,
    .needs = Needs::rows,
    .measure =
        [](DriftInput& input, const DriftOptions& options, Measurement& out) {
          measure_divergence(stats::Divergence::squared_hellinger, true, input, options, out);
        },
};

}  // namespace leeway::drift
