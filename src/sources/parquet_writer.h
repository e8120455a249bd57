#pragma once
// Columns in memory → a Parquet file.

#include <span>
#include <string>

#include "base/result.h"
#include "columns/column.h"
#include "columns/schema.h"

namespace leeway {

/// Writes `columns`, of equal sizes and in the schema's order, to `path` (zstd; whole or not at all, replacing what is
/// there). Types: BOOLEAN, BIGINT, DOUBLE, VARCHAR, DATE for times that are date_only, else TIMESTAMP WITH TIME ZONE in
/// microseconds (what is finer is cut off). Dataset reads back equal columns. The same columns give the same bytes with
/// the same version of DuckDB. Errors: invalid_argument (a path that cannot be written), resource_exhausted. Holds the
/// table a second time, compressed.
Status write_parquet(const std::string& path, const Schema& schema, std::span<const Column> columns);

}  // namespace leeway
