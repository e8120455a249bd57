#pragma once
// One column of a later data set as the type that the reference gave it: what an export, a CSV sniffer or a changed
// upstream system turned into something else is read back where that is possible, and counted where it is not.

#include <cstdint>
#include <optional>

#include "columns/column.h"

namespace leeway {

struct Conformed {
  Column column;              ///< Same name and rows; a value that is not of the expected type is null.
  int64_t type_errors = 0;    ///< How many those are. column.null_count() - type_errors rows were null before.
};

/// Empty if the column can be compared as it is: the type expected, any number or boolean for a number, anything for
/// text (values compare by their text). Otherwise
///   a number is expected:  text is parsed ("nan" and "inf" are values), a time is a type error;
///   a boolean is expected: 0, 1 and the texts true, false, 0, 1 (any case) are values, the rest type errors;
///   a time is expected:    text is parsed (parse_time.h), everything else is a type error.
/// O(rows + dictionary).
std::optional<Conformed> conform(const Column& column, Type expected);

}  // namespace leeway
