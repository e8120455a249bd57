// Categories that the reference does not have, less those that any new sample would bring.

#include <algorithm>

#include "checks/drift/drift_input.h"
#include "checks/share_difference.h"

namespace leeway::drift {
namespace {

/// Rows of the reference whose value occurs just once: their share is Good's estimate of the share of new values in
/// rows of the same kind. Values beyond the dictionary's names count as single, which errs on the side of no alarm.
ShareCount singletons(const CategorySummary& reference) {
  const auto counts = reference.counts();
  return {std::count(counts.begin(), counts.end(), 1) + reference.other(), reference.size()};
}

void measure_unseen_share(DriftInput& input, const DriftOptions& options, Measurement& out) {
  const auto& pair = *input.from<CategoryPair>();
  const ShareCount expected = singletons(*pair.reference), seen{pair.current->unseen(), pair.current->size()};
  measure_share_difference(expected, seen, options.p_value, out);
  out.by_chance = 0;
  if (!pair.reference->dictionary().complete())
    out.note = "the reference has more values than are remembered, so none counts as unseen";
}

}  // namespace

extern const DriftMethod unseen_share;
constexpr DriftMethod unseen_share{
    .info = {.id = "unseen_share",
             .title = "Unseen categories",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::share,
             .unit = "share",
             .measures =
                 "The share of rows with a category that the reference does not have, less the share that fresh "
                 "rows like the reference's would bring (rows of values that occur just once in it).",
             .hypothesis = "unseen categories are as frequent as in fresh rows like the reference's",
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "A renamed category is one that is unseen and one that vanished.",
             .cost = "O(n)",
             .source =
                 "Good 1953, doi:10.1093/biomet/40.3-4.237; Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211"},
    .accepts = category_only,
    .needs = Needs::values,
    .measure = measure_unseen_share,
};

}  // namespace leeway::drift
