#pragma once
// One side's values as the other side's type, so that a column that changed its type can still be compared. What does
// not convert is counted, never dropped silently.

#include <cstdint>
#include <optional>
#include <string_view>

#include "columns/column.h"

namespace leeway {

struct Cast {
  Column column;             ///< Of the type asked for, same name and rows.
  int64_t type_errors = 0;   ///< Rows with a value that is not of that type; null in `column`.
};

/// `column` as `type`. Text is read once per distinct value: numbers in any usual form ("1e3", " 7 ", "NaN"), booleans as
/// true/false, yes/no, t/f, y/n and 1/0 in any case, times in ISO 8601. A real becomes an integer only if it is whole and
/// fits 64 bits, a number a boolean only if it is 0 or 1, anything a text as Column::text shows it. Numbers and times are
/// not each other: every value is a type error. O(n + distinct), from a real or integer to text O(n log distinct).
Cast cast_to(const Column& column, Type type);

/// The type in which two sides of a column are compared: their own if it is one; the wider of boolean, integer and real;
/// else the reference's.
Type comparison_type(Type reference, Type current);

/// Nanoseconds of "2024-02-29", "2024-02-29T10:00[:00[.123456789]]" (or a blank for the T), with Z, an offset such as +02:00,
/// or none (taken as UTC). Nothing for all else, and for times that nanoseconds in 64 bits do not reach.
std::optional<int64_t> parse_time(std::string_view text);

/// true/false, yes/no, t/f, y/n, 1/0 in any case.
std::optional<bool> parse_boolean(std::string_view text);

}  // namespace leeway
