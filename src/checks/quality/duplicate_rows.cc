// Rows that repeat an earlier row.

#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

void measure_duplicate_rows(const MethodInfo& method, const TablePair& pair, const QualityOptions& options,
                            std::vector<Measurement>& out) {
  const auto &reference = pair.reference, &current = pair.current;
  if (reference.duplicate_rows.value_or(0) + current.duplicate_rows.value_or(0) == 0) return;
  if (!reference.duplicate_rows || !current.duplicate_rows) return;
  out.push_back(share_change(method, {}, all_rows(reference.rows), all_rows(current.rows),
                             {*reference.duplicate_rows, reference.rows},
                             {*current.duplicate_rows, current.rows}, options));
}

}  // namespace

extern const TableCheck duplicate_rows;
constexpr TableCheck duplicate_rows{
    .info = {.id = "duplicate_rows",
             .title = "Duplicate rows",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::share,
             .unit = "share",
             .measures = "The change of the share of rows that equal an earlier row in every column.",
             .hypothesis = leeway::texts::same_share,
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "Rows of few distinct values repeat by chance, and the more the more rows there are: "
                         "compare sides of like size, or columns that include an id.",
             .cost = "O(n columns)",
             .source = leeway::texts::share_source},
    .measure = measure_duplicate_rows,
};

}  // namespace leeway::quality
