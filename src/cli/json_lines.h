#pragma once
// Columns as JSON lines.

#include <span>
#include <string>

#include "columns/column.h"
#include "columns/schema.h"

namespace leeway::cli {

/// One object a row, keys in the schema's order. Numbers are exact, NaN and infinities null, times ISO texts, null
/// null.
std::string to_json_lines(const Schema& schema, std::span<const Column> columns);

}  // namespace leeway::cli
