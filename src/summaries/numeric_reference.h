#pragma once
// A reference column prepared once, so that any later batch is compared with it in one pass and without a sort.
//
// Kept: the distinct finite values with cumulative counts, and a monotone map of the real line to some ten thousand
// *cells* with the reference's cumulative counts at their ends. For a batch the rows per cell are counted; at the ends of
// cells both distribution functions are then known exactly, and only the cells that could still hold the answer are
// looked into (numeric_scan.h). Everything lives in flat arrays that may lie in a memory-mapped profile.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "summaries/bin_map.h"
#include "summaries/cell_map.h"
#include "summaries/moments.h"
#include "summaries/row_counts.h"

namespace leeway {

class ByteReader;
class ByteWriter;

/// The reference's robust standard deviation, by the first rule that gives a positive number.
struct ReferenceScale {
  enum class Rule : uint8_t {
    none = 0,           ///< Constant zero: no scale exists.
    iqr = 1,            ///< interquartile range / 1.349
    sd = 2,
    mad_nonzero = 3,    ///< median absolute deviation of the values that are not zero
    abs_median = 4,
  };
  double value = 0;     ///< > 0 unless rule is none.
  Rule rule = Rule::none;
  bool operator==(const ReferenceScale&) const = default;
};

/// Immutable. `const` use is safe from several threads. Copying shares the arrays.
class NumericReference {
 public:
  /// Largest number of finite values, on either side of a comparison: all counts and their products fit 64 bits.
  static constexpr int64_t max_size = (int64_t{1} << 31) - 1;

  /// A reference without rows.
  NumericReference() = default;

  /// Prepares the finite values of a real, integer, boolean or time column; nulls, NaN and infinities are counted in
  /// rows(). Any number of values from 0 is accepted. 20-40 ns a row; temporarily 32 bytes a row.
  /// Errors: invalid_argument (a text column), resource_exhausted (more than max_size rows).
  static Result<NumericReference> prepare(const Column& column);
  /// As above, for plain doubles (NaN and infinities counted, all others used).
  static Result<NumericReference> prepare(std::span<const double> values);

  const RowCounts& rows() const { return rows_; }
  int64_t size() const { return moments_.size(); }   ///< m: finite values
  /// Mean and variance, about the median in a unit near the scale: batches are summed the same way.
  const Moments& moments() const { return moments_; }
  /// Integers beyond 2^53: values are kept and compared as int64 (wide_distinct()); distinct() is then empty and the
  /// doubles below are rounded.
  bool wide() const { return !wide_distinct_.empty(); }
  std::span<const double> distinct() const { return distinct_; }            ///< strictly ascending; empty if wide
  std::span<const int64_t> wide_distinct() const { return wide_distinct_; }
  size_t distinct_count() const { return wide() ? wide_distinct_.size() : distinct_.size(); }
  /// Values <= the i-th distinct one.
  int64_t cumulative(size_t i) const {
    return cumulative_.empty() ? static_cast<int64_t>(i) + 1 : static_cast<int64_t>(cumulative_[i]);
  }

  std::span<const uint32_t> cumulative() const { return cumulative_; }   ///< empty if all values are distinct

  // The rest requires size() > 0.
  double value(size_t distinct_index) const {
    return wide() ? static_cast<double>(wide_distinct_[distinct_index]) : distinct_[distinct_index];
  }
  double min() const { return value(0); }
  double max() const { return value(distinct_count() - 1); }
  bool constant() const { return distinct_count() == 1; }
  int64_t at_most(double x) const;                   ///< #{reference <= x}
  int64_t below(double x) const;                     ///< #{reference < x}
  double order_statistic(int64_t rank) const;        ///< the rank-th smallest, rank in [1, size()]
  double quantile(double q) const;                   ///< order statistic of rank ceil(q·m), q in (0, 1]
  double median() const { return quantile(0.5); }
  const ReferenceScale& scale() const { return scale_; }
  /// Edges (bin_map.h) of the PSI bins: order statistics at i/B, atoms above 1/B alone, duplicates collapsed;
  /// B = min(bins, m/50) but at least 2. All rows lie in edges.size() + 1 bins, the first and last open-ended.
  std::vector<double> psi_edges(int bins = 10) const;
  /// Values that hold more than `share` (> 0) of the rows, ascending.
  std::vector<double> atoms(double share) const;
  /// For a histogram: at most about `bins` bins of equal width over the central 99 %, as edges; integers keep together,
  /// and few distinct values get a bin each.
  std::vector<double> histogram_edges(int bins = 32) const;

  // For numeric_scan.h and the profile format.
  const CellMap& cell_map() const { return map_; }
  size_t cells() const { return cell_rows_.empty() ? 0 : cell_rows_.size() - 1; }
  std::span<const uint32_t> cell_rows() const { return cell_rows_; }    ///< reference rows before cell c; cells()+1 long
  std::span<const uint32_t> cell_first() const { return cell_first_; }  ///< distinct values before cell c; cells()+1
  /// Least double of cell c, +infinity if it has none; the first cell's is the reference's minimum, although smaller
  /// rows fall into it. cells() long.
  std::span<const double> cell_lower() const { return cell_lower_; }
  /// The cell holds one value only (a pivot).
  bool single(size_t c) const {
    return c > 0 && c + 1 < cell_lower_.size() && cell_lower_[c + 1] == next_double(cell_lower_[c]);
  }

  /// Appends the arrays as api/profile_format.md lays them out.
  void write(ByteWriter& out) const;
  /// A view of such bytes, 8-byte aligned: nothing is copied; `owner` keeps them alive. Checks everything that memory
  /// safety rests on in O(cells). Errors: invalid_data.
  static Result<NumericReference> view(std::span<const std::byte> bytes, std::shared_ptr<const void> owner);

 private:
  friend class ReferencePreparer;
  size_t distinct_of_rank(int64_t rank) const;

  RowCounts rows_;
  Moments moments_;
  std::span<const double> distinct_;
  std::span<const int64_t> wide_distinct_;
  std::span<const uint32_t> cumulative_;   // empty if all values are distinct
  ReferenceScale scale_;
  CellMap map_;
  std::span<const uint32_t> cell_rows_, cell_first_;
  std::span<const double> cell_lower_;
  std::shared_ptr<const void> owner_;      // the vectors or the mapping behind the spans
};

}  // namespace leeway
