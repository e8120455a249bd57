// Columns of the reference that the current data lack: every row misses them.

#include <algorithm>

#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

void measure_missing_columns(const MethodInfo& method, const TablePair& pair, const QualityOptions& options,
                             std::vector<Measurement>& out) {
  const InputCounts reference = all_rows(pair.reference.rows);
  const InputCounts current{.rows = pair.current.rows, .missing = pair.current.rows};
  for (const Field& field : *pair.reference.schema) {
    const bool may = std::find(pair.may_lack.begin(), pair.may_lack.end(), field.name) != pair.may_lack.end();
    if (may || pair.current.schema->find(field.name)) continue;
    out.push_back(share_change(method, {field.name, {}}, reference, current, {0, reference.rows},
                               {current.rows, current.rows}, options));
    out.back().note = "the current data have no such column";
  }
}

}  // namespace

extern const TableCheck missing_column;
constexpr TableCheck missing_column{
    .info = {.id = "missing_column",
             .title = "Missing column",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::share,
             .unit = "share",
             .measures = "The share of current rows without a column that the reference has: all of them.",
             .hypothesis = leeway::texts::same_share,
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "A renamed column is one that is missing and one that is new.",
             .cost = "O(columns)",
             .source = leeway::texts::share_source},
    .measure = measure_missing_columns,
};

}  // namespace leeway::quality
