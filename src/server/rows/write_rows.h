#pragma once
// Rows of the store as a body.

#include <string>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "store/records.h"

namespace leeway::server {

/// id, time, model_version, the columns, label, label_time. A column of the user's with one of these names is renamed
/// input_NAME.
std::vector<Column> columns_of(store::RowSet rows);

/// RFC 4180 with a header. Missing values are empty fields; a text that a spreadsheet would run ("=…", "+…", "-…",
/// "@…") gets an apostrophe in front.
std::string to_csv(const std::vector<Column>& columns);
/// An object a row; missing values, NaN and infinities are null.
std::string to_ndjson(const std::vector<Column>& columns);
Result<std::string> to_parquet(const std::vector<Column>& columns);

}  // namespace leeway::server
