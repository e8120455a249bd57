// Infinities, mostly divisions by zero upstream.

#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

ShareCount infinite(const InputCounts& counts) { return {counts.plus_infinity + counts.minus_infinity, counts.rows}; }

void measure_infinite(const MethodInfo& method, const ColumnPair& pair, const QualityOptions& options,
                      std::vector<Measurement>& out) {
  const ShareCount reference = infinite(pair.reference), current = infinite(pair.current);
  if (reference.hits + current.hits == 0) return;
  out.push_back(share_change(method, pair.subject(), pair.reference, pair.current, reference, current, options));
}

}  // namespace

extern const ColumnCheck infinite_share;
constexpr ColumnCheck infinite_share{
    .info = {.id = "infinite_share",
             .title = "Infinite values",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::share,
             .unit = "share",
             .measures = "The change of the share of rows that hold an infinity of either sign.",
             .hypothesis = leeway::texts::same_share,
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "Infinities take no part in numeric distances; only this check and the bins see them.",
             .cost = "O(1)",
             .source = leeway::texts::share_source},
    .measure = measure_infinite,
};

}  // namespace leeway::quality
