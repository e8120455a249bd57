#pragma once
// When the rows happened: span, gaps, order.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "columns/column.h"

namespace leeway {

class ByteReader;
class ByteWriter;

/// Rows per cell of time. Cells are as narrow as max_cells allows, on the ladder 1 s, 10 s, 1 min, 10 min, 1 h, 6 h,
/// 1 d, 7 d, 28 d, 336 d, aligned to 1970-01-01: the width depends only on which rows were seen, so merging is exact.
/// `out_of_order` counts rows earlier than the row before them within one updated column; it is a sum over columns and
/// the one number here that depends on how rows were batched.
class TimeSummary {
 public:
  static constexpr size_t max_cells = 4096;
  struct Cell {
    int64_t start;   ///< nanoseconds since 1970
    int64_t count;
    bool operator==(const Cell&) const = default;
  };
  struct Gap {
    int64_t from, to;   ///< [from, to): whole cells without a row
    bool operator==(const Gap&) const = default;
  };

  /// Adds a time column's valid rows (other types add nothing).
  void update(const Column& column);
  void merge(const TimeSummary& other);

  int64_t size() const { return size_; }
  int64_t first() const { return first_; }    ///< earliest, nanoseconds; requires size() > 0
  int64_t last() const { return last_; }
  int64_t out_of_order() const { return out_of_order_; }
  int64_t cell_width() const;                 ///< nanoseconds
  std::span<const Cell> cells() const { return cells_; }   ///< occupied, ascending
  /// The longest run of empty cells between the first and the last row, if any.
  std::optional<Gap> largest_gap() const;

  void write(ByteWriter& out) const;
  static Result<TimeSummary> read(ByteReader& in);
  bool operator==(const TimeSummary&) const = default;

 private:
  void coarsen_to(int level);
  void add(std::vector<Cell> cells);

  int64_t size_ = 0, first_ = 0, last_ = 0, out_of_order_ = 0;
  int level_ = 0;
  std::vector<Cell> cells_;
};

}  // namespace leeway
