#pragma once
// Columns as a table takes them.

#include <cstdint>
#include <string>
#include <vector>

#include "columns/column.h"

namespace leeway::store {

/// `column` as one of `type`: what does not convert is null and counted. Anything becomes text; a number becomes an
/// integer only if it is one.
Column fit(const Column& column, Type type, int64_t& type_errors);

/// The same with its texts cleaned (session.h).
Column cleaned(Column column);

/// A column of `rows` nulls.
Column nulls(std::string name, Type type, size_t rows);

/// Texts that are mostly distinct, such as ids: as Column::of_text, faster.
Column text_column(std::string name, const std::vector<std::string>& values);
/// The same text in every row.
Column constant_text(std::string name, const std::string& value, size_t rows);

}  // namespace leeway::store
