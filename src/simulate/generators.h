#pragma once
// Draws a synthetic table with its injected causes. The door of this folder.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "columns/schema.h"
#include "simulate/drift_plan.h"
#include "simulate/table_spec.h"

namespace leeway::simulate {

struct TableRequest {
  const TableSpec* table = nullptr;  ///< From find_table().
  size_t rows = 10'000;
  uint64_t seed = 1;
  int64_t start = 0;                 ///< Nanoseconds since 1970; rows lie in [start, start + span).
  int64_t span = 0;                  ///< Nanoseconds, at least a day.
  DriftPlan plan;                    ///< Empty: nothing moves.
  std::optional<int64_t> as_of;      ///< Labels that become known later are blank; empty: all are known.
  bool with_score = true;
  int threads = 0;                   ///< 0 for all processors; the rows do not depend on it.
};

/// What one drift of the plan did to the rows: the truth that detectors and explanations are scored against.
struct Cause {
  Drift drift;
  int64_t rows_in_range = 0;   ///< Rows that it could have touched: in its time and segment, at a strength above 0.
  int64_t rows_affected = 0;   ///< Rows that it did touch.
  std::string quantity;        ///< What `before` and `after` are: "mean of amount in the rows affected".
  double before = 0;           ///< NaN if no row is there.
  double after = 0;
};

/// Columns in order: id, time, snapshot month (if the table has one), features and groups, score, label, the time that
/// the label becomes known (if the table has one).
struct SyntheticTable {
  Schema schema;
  std::vector<Column> columns;
  std::vector<Cause> causes;   ///< In the plan's order.
};

/// Draws the table. The same request gives the same bytes on every machine and at any number of threads. Each row has
/// a random stream of its own and each use within it another, so that a plan changes only what it says: without prior
/// shifts a drifted table equals the plain one of the same seed in every other cell.
/// Errors: invalid_argument (no rows, more than 50 million, a span below a day or beyond 100 years).
/// About 2 µs a row and core, times the odds factor of a prior shift; memory 8 bytes a cell.
Result<SyntheticTable> make_table(const TableRequest& request);

/// The causes as a JSON document ("schema": "leeway.causes/1"), with the request that they belong to.
std::string causes_json(const TableRequest& request, const SyntheticTable& table);

}  // namespace leeway::simulate
