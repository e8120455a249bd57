#pragma once
// Turns what DuckDB says into one sentence with its place and its remedy.

#include <string>

#include "base/result.h"
#include "sources/duckdb_handle.h"

namespace leeway {

/// `place` names the source where the failure does not (a file, "the SQL"). Codes: invalid_data for contents,
/// invalid_argument for SQL, resource_exhausted for memory and disk, not_found for missing tables. Row values, which
/// DuckDB quotes, are left out.
Error explain_failure(const duck::Failure& failure, const std::string& place);

/// The line number that a CSV or JSON failure names; 0 if none.
int failure_line(const std::string& text);

/// The column that a CSV conversion failure names; empty if none.
std::string failure_column(const std::string& text);

}  // namespace leeway
