#pragma once
// Rows as files that other programs read.

#include <string>

#include "base/result.h"
#include "store/records.h"

namespace leeway::store {

/// Columns id, time, version, those of the rows, label, label_time. A name that occurs twice (in any case) gets "_1",
/// "_2". Errors: those of write_parquet.
Status write_rows_parquet(const RowSet& rows, const std::string& path);

/// The same as CSV (RFC 4180, UTF-8, \n), with a header line if asked for, so that pieces can follow each other.
/// Numbers read back exactly, times are ISO 8601, null is the empty field and empty text is "". A column's name that a
/// spreadsheet would take for a formula begins with an apostrophe.
std::string rows_as_csv(const RowSet& rows, bool header);

}  // namespace leeway::store
