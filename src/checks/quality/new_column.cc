// Columns that the reference lacks.

#include <fmt/format.h>

#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

void measure_new_columns(const MethodInfo& method, const TablePair& pair, const QualityOptions&,
                         std::vector<Measurement>& out) {
  for (const Field& field : *pair.current.schema) {
    if (pair.reference.schema->find(field.name)) continue;
    out.push_back(exact_change(method, {field.name, {}}, all_rows(pair.reference.rows), all_rows(pair.current.rows), 0,
                               1));
    out.back().note = fmt::format("the reference has no such column; its type is {}", name(field.type));
  }
}

}  // namespace

extern const TableCheck new_column;
constexpr TableCheck new_column{
    .info = {.id = "new_column",
             .title = "New column",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::either,
             .scale = Scale::metric,
             .unit = "columns",
             .measures = "1 for each current column that the reference does not have.",
             .hypothesis = "",
             .guarantee = "Exact.",
             .misleads = "A column that the model does not read changes nothing.",
             .cost = "O(columns)",
             .source = "by definition"},
    .measure = measure_new_columns,
};

}  // namespace leeway::quality
