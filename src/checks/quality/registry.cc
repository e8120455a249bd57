#include "checks/quality/registry.h"

namespace leeway::quality {

// One line for each check, in the order of the documentation. The check itself is in the file of its name.
extern const TableCheck row_count;
extern const TableCheck column_count;
extern const TableCheck missing_column;
extern const TableCheck new_column;
extern const TableCheck duplicate_rows;
extern const TableCheck duplicate_ids;
extern const ColumnCheck retyped_column;
extern const ColumnCheck type_errors;
extern const ColumnCheck nan_share;
extern const ColumnCheck infinite_share;
extern const ColumnCheck constant_column;
extern const ColumnCheck out_of_range;
extern const ColumnCheck vanished_share;
extern const ColumnCheck suspect_values;
extern const TimeCheck time_order;
extern const TimeCheck time_gaps;

namespace {

constexpr const TableCheck* tables[] = {&row_count,  &column_count,   &missing_column,
                                        &new_column, &duplicate_rows, &duplicate_ids};
constexpr const ColumnCheck* columns[] = {&retyped_column,  &type_errors,  &nan_share,      &infinite_share,
                                          &constant_column, &out_of_range, &vanished_share, &suspect_values};
constexpr const TimeCheck* times[] = {&time_order, &time_gaps};

template <class Checks, class Pair>
std::vector<Measurement> measure_all(const Checks& checks, const Pair& pair, const QualityOptions& options) {
  std::vector<Measurement> out;
  for (const auto* check : checks) check->measure(check->info, pair, options, out);
  return out;
}

}  // namespace

std::vector<Measurement> measure_table(const TablePair& pair, const QualityOptions& options) {
  return measure_all(tables, pair, options);
}
std::vector<Measurement> measure_column(const ColumnPair& pair, const QualityOptions& options) {
  return measure_all(columns, pair, options);
}
std::vector<Measurement> measure_time(const TimePair& pair, const QualityOptions& options) {
  return measure_all(times, pair, options);
}

std::span<const TableCheck* const> table_checks() { return tables; }
std::span<const ColumnCheck* const> column_checks() { return columns; }
std::span<const TimeCheck* const> time_checks() { return times; }

std::vector<const MethodInfo*> methods() {
  std::vector<const MethodInfo*> out;
  for (const auto* check : tables) out.push_back(&check->info);
  for (const auto* check : columns) out.push_back(&check->info);
  for (const auto* check : times) out.push_back(&check->info);
  return out;
}

}  // namespace leeway::quality
