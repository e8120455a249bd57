// Total variation: the share of rows that would have to change bin.

#include "checks/drift/binned.h"
#include "stats/contingency.h"

namespace leeway::drift {
namespace {

void measure_total_variation(DriftInput& input, const DriftOptions& options, Measurement& out) {
  const stats::CountPair counts = input.bins().counts();
  const auto found = stats::estimate_total_variation(counts, bound_confidence);
  out.value = estimate(found.value, found.bounds);
  out.by_chance = found.expected;
  if (!options.p_value) return;
  const stats::PValue p = stats::homogeneity(counts.window, counts.reference).p;
  out.p_value = p.p;
  out.log_p = p.log_p;
}

}  // namespace

extern const DriftMethod total_variation;
constexpr DriftMethod total_variation{
    .info = {.id = "total_variation",
             .title = "Total variation distance",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::ks,
             .unit = "",
             .measures = "Half of Σ|p-q| over the bins of PSI: the share of rows that would have to change bin.",
             .hypothesis = texts::same_shares,
             .guarantee =
                 "The upper bound holds with 95 % probability in every sample size, the lower with the noise's "
                 "estimated size; both are wide. The p-value is that of the chi-square statistic on the same "
                 "bins. Rows independent.",
             .misleads = "Small samples look distant: compare with what chance gives.",
             .cost = texts::binned_cost,
             .source = "McDiarmid 1989, doi:10.1017/CBO9781107359949.008"},
    .accepts = binned,
    .needs = Needs::rows,
    .measure = measure_total_variation,
};

}  // namespace leeway::drift
