#include "monitor/table_quality.h"

#include <iterator>

#include "checks/quality/registry.h"

namespace leeway {
namespace {

/// `duplicates`: count them; only worth the time where both sides have rows to compare.
Result<quality::TableSide> table_side(const Side& side, const std::string& id, bool duplicates) {
  quality::TableSide out{&side.schema(), side.rows(), {}, {}};
  if (!duplicates) return out;
  LEEWAY_TRY(out.duplicate_rows, side.data()->duplicate_rows());
  if (const auto column = side.schema().find(id)) {
    const size_t index = *column;
    LEEWAY_TRY(out.duplicate_ids, side.data()->duplicate_rows({&index, 1}));
  }
  return out;
}

/// The time column of a side, if it is one; empty for a profile without rows.
Result<std::optional<Column>> times(const Side& side, const std::string& name) {
  if (name.empty() || !side.has_rows(name)) return std::nullopt;
  LEEWAY_TRY(auto column, side.read(name));
  if (column.type() != Type::time) return std::nullopt;
  return column;
}

}  // namespace

Result<std::vector<Measurement>> table_quality(const Side& reference, const Side& current, const Roles& roles,
                                               bool p_values) {
  const quality::QualityOptions options{p_values};
  quality::TablePair tables;
  const bool duplicates = reference.data() != nullptr && current.data() != nullptr;
  LEEWAY_TRY(tables.reference, table_side(reference, roles.columns.id, duplicates));
  LEEWAY_TRY(tables.current, table_side(current, roles.columns.id, duplicates));
  tables.id = roles.columns.id;
  if (!roles.columns.label.column.empty()) tables.may_lack.push_back(roles.columns.label.column);
  auto out = quality::measure_table(tables, options);

  LEEWAY_TRY(const auto from, times(reference, roles.columns.time));
  LEEWAY_TRY(const auto to, times(current, roles.columns.time));
  if (from && to) {
    auto measured = quality::measure_time({&*from, &*to}, options);
    std::move(measured.begin(), measured.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace leeway
