// Free text: how long it is.

#include "checks/drift/binned.h"
#include "stats/kolmogorov_smirnov.h"
#include "stats/limit_laws.h"
#include "summaries/brackets.h"

namespace leeway::drift {
namespace {

void measure_text_length(DriftInput& input, const DriftOptions&, Measurement& out) {
  const auto& pair = *input.from<TextPair>();
  const BinnedCounts &reference = pair.reference->lengths(), &current = pair.current->lengths();
  const auto bracket = ks_bracket(current, reference);
  if (!bracket) {
    out.not_computable = bracket.error().message;
    return;
  }
  const int64_t n = current.size(), m = reference.size();
  out.value = estimate(bracket->lower, stats::ks_bounds(bracket->lower, n, m, bound_confidence));
  out.bracket = Estimate{bracket->lower, bracket->lower, bracket->upper};
  out.by_chance = stats::kolmogorov_mean / std::sqrt(stats::effective_size(n, m));
}

}  // namespace

extern const DriftMethod text_length;
constexpr DriftMethod text_length{
    .info = {.id = "text_length",
             .title = "Text length",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::ks,
             .unit = "",
             .measures = "Kolmogorov-Smirnov distance of the texts' lengths in characters (code points).",
             .hypothesis = "",
             .guarantee = "As ks; lengths are counted in bins made from the reference, so the distance has a certain "
                          "bracket, of width 0 where each length has its own bin.",
             .misleads = "Other words of the same length are not seen; see text_vocabulary.",
             .cost = "O(bytes)",
             .source = "Smirnov 1939; Massart 1990, doi:10.1214/aop/1176990746"},
    .accepts = text_only,
    .needs = Needs::values,
    .measure = measure_text_length,
};

}  // namespace leeway::drift
