#pragma once
// Where the rows of one column went. A sum: windows add up, deletion subtracts.

#include <cstdint>

#include "base/result.h"
#include "columns/column.h"

namespace leeway {

class ByteReader;
class ByteWriter;

/// used() + missing + nan + plus_infinity + minus_infinity + type_errors = rows.
struct RowCounts {
  int64_t rows = 0;
  int64_t missing = 0;         ///< Null.
  int64_t nan = 0;             ///< Type real only, as are the infinities.
  int64_t plus_infinity = 0;
  int64_t minus_infinity = 0;
  int64_t type_errors = 0;     ///< Values of another type than the reference's column.
  int64_t zeros = 0;           ///< Of those used: numbers equal to zero.
  int64_t negatives = 0;       ///< Of those used: numbers below zero.

  /// Rows with a value that enters the numbers: finite, or any text.
  int64_t used() const { return rows - missing - nan - plus_infinity - minus_infinity - type_errors; }

  RowCounts() = default;
  /// Counts a column's rows as they are; no type errors. O(n), one pass.
  explicit RowCounts(const Column& column);

  void merge(const RowCounts& other);
  void write(ByteWriter& out) const;
  static Result<RowCounts> read(ByteReader& in);
  bool operator==(const RowCounts&) const = default;
};

}  // namespace leeway
