// How many rows each side has.

#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

void measure_row_count(const MethodInfo& method, const TablePair& pair, const QualityOptions&,
                       std::vector<Measurement>& out) {
  const int64_t reference = pair.reference.rows, current = pair.current.rows;
  out.push_back(exact_change(method, {}, all_rows(reference), all_rows(current), static_cast<double>(reference),
                             static_cast<double>(current)));
}

}  // namespace

extern const TableCheck row_count;
constexpr TableCheck row_count{
    .info = {.id = "row_count",
             .title = "Rows",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::either,
             .scale = Scale::metric,
             .unit = "rows",
             .measures = "The number of current rows less the number of reference rows.",
             .hypothesis = "",
             .guarantee = "Exact.",
             .misleads = "Sides that span different lengths of time differ in rows without a fault.",
             .cost = "O(1)",
             .source = "by definition"},
    .measure = measure_row_count,
};

}  // namespace leeway::quality
