#pragma once
// The numeric columns of a table side by side, standardised by the reference, for summaries that need them jointly.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "summaries/bytes.h"
#include "summaries/numeric_reference.h"

namespace leeway {

/// How columns are standardised: (x - centre)/scale, cut off at ±5 so that no outlier dominates. Immutable.
struct JointLayout {
  static constexpr double limit = 5;
  struct Entry {
    std::string column;
    double centre = 0;  ///< of the reference, its median, say
    double scale = 1;   ///< > 0
    bool operator==(const Entry&) const = default;
  };
  std::vector<Entry> entries;

  /// More columns than this are not taken: the cost of second moments grows with their square.
  static constexpr size_t most_columns = 500;

  void write(ByteWriter& out) const;
  static Result<JointLayout> read(ByteReader& in);
  bool operator==(const JointLayout&) const = default;
};

/// How a column enters a layout; empty if it does not vary in the reference or has no scale.
std::optional<JointLayout::Entry> joint_entry(const std::string& name, const NumericReference& reference);

/// The rows of a table that enter joint summaries: all, or 10,000 of them evenly spaced. Columns are gathered at these
/// rows as they are read, so that no table need be in memory at once.
std::vector<uint32_t> joint_sample(size_t table_rows);

/// Reads standardised rows, a block at a time. `columns` are numeric (or boolean, time), of equal length and in the
/// layout's order; null, NaN and infinite values count as missing.
class JointRows {
 public:
  static constexpr size_t block = 256;

  JointRows(const JointLayout& layout, std::span<const Column> columns);

  /// Reads the next rows and returns how many: block, fewer at the end, then 0.
  size_t next();
  /// Entry j of row i of the block stands at j · block + i: its value, 0 where it is missing or there is no such row,
  /// and 1 where it is present, else 0.
  std::span<const double> values() const { return values_; }
  std::span<const int16_t> present() const { return present_; }

 private:
  const JointLayout& layout_;
  std::span<const Column> columns_;
  size_t next_ = 0;
  std::vector<double> values_;
  std::vector<int16_t> present_;
};

}  // namespace leeway
