#pragma once
// The rows of a request's body, whichever way they are written.

#include <expected>
#include <string>

#include "server/ingest/intake.h"
#include "server/json.h"
#include "server/route.h"
#include "server/rows/table_builder.h"

namespace leeway::server {

constexpr size_t row_limit = 100'000;

struct RowsBody {
  std::string model, version;  ///< From the body or the query; empty if neither says.
  TableBody table;
};

/// JSON (a list of objects, or an object with `list` and perhaps model and version), NDJSON or Parquet, by
/// Content-Type. Rows that cannot be read are rejections with the codes "json" and "value". Problems: 400 (nothing can
/// be read at all, model named twice differently), 413 (more than 100,000 rows).
std::expected<RowsBody, Problem> read_rows(const Call& call, std::string_view list);

/// Adds a JSON list of rows to `builder`; what cannot be added becomes a rejection.
std::expected<void, Problem> add_rows(JsonArray rows, TableBuilder& builder, TableBody& table);

/// A Parquet file in memory. Errors: invalid_data.
Result<std::vector<Column>> read_parquet(const std::string& bytes);

}  // namespace leeway::server
