// Columns whose type is another than in the reference.

#include <fmt/format.h>

#include "base/text.h"
#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

void measure_retyped(const MethodInfo& method, const ColumnPair& pair, const QualityOptions&,
                     std::vector<Measurement>& out) {
  const InputCounts& rows = pair.current;
  // A column of nulls has whatever type its source gives to nothing.
  if (pair.reference_field.type == pair.current_field.type || rows.missing == rows.rows) return;
  out.push_back(exact_change(method, pair.subject(), pair.reference, rows, 0, 1));
  std::string& note = out.back().note;
  note = fmt::format("{} in the reference, {} now", name(pair.reference_field.type), name(pair.current_field.type));
  if (pair.reference_field.type == Type::text) return;
  const int64_t present = rows.rows - rows.missing;
  note += fmt::format("; {} of {} values can be read as before", grouped(present - rows.type_errors), grouped(present));
}

}  // namespace

extern const ColumnCheck retyped_column;
constexpr ColumnCheck retyped_column{
    .info = {.id = "retyped_column",
             .title = "Column type changed",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::metric,
             .unit = "columns",
             .measures = "1 for each column whose type is another than in the reference.",
             .hypothesis = "",
             .guarantee = "Exact.",
             .misleads = "Formats without types (CSV) have them guessed from the values, so one odd value changes "
                         "the type; how many values are odd is in type_errors.",
             .cost = "O(1)",
             .source = "by definition"},
    .measure = measure_retyped,
};

}  // namespace leeway::quality
