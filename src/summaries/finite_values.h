#pragma once
// The finite values of a column as doubles, a block at a time, counting what is left out.

#include <cstddef>
#include <span>
#include <vector>

#include "columns/column.h"
#include "summaries/row_counts.h"

namespace leeway {

/// Reads a real, integer, boolean or time column once, in row order. Blocks are views of the column itself while all its
/// rows are finite and valid, else of `buffer`, into which the finite ones are moved up (integers are rounded to double).
/// A text column has no values: its valid rows count as type errors.
///   FiniteValues values(column, buffer);
///   for (auto block = values.next(); !block.empty(); block = values.next()) …
/// `column` and `buffer` must outlive the views. Cost: one read, plus 1 ns a row when values must be moved.
class FiniteValues {
 public:
  static constexpr size_t block_size = 2048;

  FiniteValues(const Column& column, std::vector<double>& buffer);

  /// The next values: block_size of them, fewer only in the last block, none at the end.
  std::span<const double> next();
  void read_all() {
    while (!next().empty()) {
    }
  }
  /// After the last block: all values, in one piece.
  std::span<const double> all() const { return moved_ ? std::span<const double>(buffer_).first(filled_) : column_.reals(); }
  /// After the last block.
  const RowCounts& rows() const { return rows_; }

 private:
  struct Look;
  static Look look_at(std::span<const double> rows);
  std::span<const double> emit(std::span<const double> values, const Look& look);
  void move_up();

  const Column& column_;
  std::vector<double>& buffer_;
  bool moved_;             // blocks come from buffer_
  size_t row_ = 0;         // next row to look at
  size_t filled_ = 0;      // values in buffer_
  size_t emitted_ = 0;     // values handed out
  RowCounts rows_;
};

}  // namespace leeway
