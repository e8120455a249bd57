// Jensen-Shannon distance, the square root of the divergence in nats.

#include "checks/drift/binned.h"

namespace leeway::drift {

extern const DriftMethod jensen_shannon;
constexpr DriftMethod jensen_shannon{
    .info = {.id = "jensen_shannon",
             .title = "Jensen-Shannon distance",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::js_distance,
             .unit = "",
             .measures =
                 "Square root of H((p+q)/2) - H(p)/2 - H(q)/2 over the bins of PSI, natural logarithms: 0 to 0.833.",
             .hypothesis = texts::same_shares,
             .guarantee = texts::noncentral_guarantee,
             .misleads = "Other tools use base 2, which gives values 1.2 times as large, or the divergence without the "
                         "root. Small samples look distant: compare with what chance gives.",
             .cost = texts::binned_cost,
             .source = "Lin 1991, doi:10.1109/18.61115; Endres & Schindelin 2003, doi:10.1109/TIT.2003.813506"},
    .accepts = binned,
    .needs = Needs::rows,
    .measure =
        [](DriftInput& input, const DriftOptions& options, Measurement& out) {
          measure_divergence(stats::Divergence::jensen_shannon, true, input, options, out);
        },
};

}  // namespace leeway::drift
