// Ids that name more than one row.

#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

void measure_duplicate_ids(const MethodInfo& method, const TablePair& pair, const QualityOptions& options,
                           std::vector<Measurement>& out) {
  const auto &reference = pair.reference, &current = pair.current;
  if (reference.duplicate_ids.value_or(0) + current.duplicate_ids.value_or(0) == 0) return;
  if (!reference.duplicate_ids || !current.duplicate_ids) return;
  out.push_back(share_change(method, {pair.id, {}}, all_rows(reference.rows), all_rows(current.rows),
                             {*reference.duplicate_ids, reference.rows}, {*current.duplicate_ids, current.rows},
                             options));
}

}  // namespace

extern const TableCheck duplicate_ids;
constexpr TableCheck duplicate_ids{
    .info = {.id = "duplicate_ids",
             .title = "Duplicate ids",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::share,
             .unit = "share",
             .measures = "The change of the share of rows whose id an earlier row of the same side has.",
             .hypothesis = leeway::texts::same_share,
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "Rows without an id count as one id.",
             .cost = "O(n)",
             .source = leeway::texts::share_source},
    .measure = measure_duplicate_ids,
};

}  // namespace leeway::quality
