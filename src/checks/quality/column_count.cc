// How many columns each side has.

#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

void measure_column_count(const MethodInfo& method, const TablePair& pair, const QualityOptions&,
                          std::vector<Measurement>& out) {
  out.push_back(exact_change(method, {}, all_rows(pair.reference.rows), all_rows(pair.current.rows),
                             static_cast<double>(pair.reference.schema->size()),
                             static_cast<double>(pair.current.schema->size())));
}

}  // namespace

extern const TableCheck column_count;
constexpr TableCheck column_count{
    .info = {.id = "column_count",
             .title = "Columns",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::either,
             .scale = Scale::metric,
             .unit = "columns",
             .measures = "The number of current columns less the number of reference columns.",
             .hypothesis = "",
             .guarantee = "Exact.",
             .misleads = "A column lost and another gained leave it at 0: see missing_column and new_column.",
             .cost = "O(1)",
             .source = "by definition"},
    .measure = measure_column_count,
};

}  // namespace leeway::quality
