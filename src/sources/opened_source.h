#pragma once
// Opening: from what the user named to a table that can be read a column at a time, locked to that table's files.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "columns/schema.h"
#include "sources/column_builder.h"
#include "sources/dataset.h"
#include "sources/duckdb_handle.h"
#include "sources/source_files.h"

namespace leeway {

struct OpenedSource {
  TemporaryDirectory scratch;  // outlives the database
  duck::Database database;
  std::string from;              ///< The table, for a FROM clause.
  Schema schema;
  std::vector<Reading> readings;  // one for each field
  std::vector<std::string> left_out;  ///< Columns that are not in the schema.
  int64_t rows = 0;
  std::vector<std::string> notes;
  uint64_t fingerprint = 0;
};

/// As Dataset::open. Formats without access by column (CSV, JSON lines, SQL, views, standard input) are brought once
/// into a compressed table in memory, which moves to a temporary directory beyond 512 MB.
Result<OpenedSource> open_source(const SourceSpec& spec, int threads);

}  // namespace leeway
