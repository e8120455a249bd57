#pragma once
// Door of the data quality checks: rows and columns, values that are none, values that are new, times that are missing.
//
// The shares of missing values and of unseen categories are measured with the drift of each column
// (drift/missing_share.cc, drift/unseen_share.cc), since they are always watched; these checks speak only where there
// is something to say.
// Thread safe.

#include <span>
#include <vector>

#include "checks/quality/method.h"

namespace leeway::quality {

/// Rows, columns, schema, duplicates. O(columns).
std::vector<Measurement> measure_table(const TablePair& pair, const QualityOptions& options = {});
/// One column. O(1) beyond what is passed, and a pass over the batch where its values leave the reference's range.
std::vector<Measurement> measure_column(const ColumnPair& pair, const QualityOptions& options = {});
/// The time column. Sorts times that are out of order.
std::vector<Measurement> measure_time(const TimePair& pair, const QualityOptions& options = {});

std::span<const TableCheck* const> table_checks();
std::span<const ColumnCheck* const> column_checks();
std::span<const TimeCheck* const> time_checks();

/// Every record, in the order of the documentation.
std::vector<const MethodInfo*> methods();

}  // namespace leeway::quality
