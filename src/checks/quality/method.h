#pragma once
// What a data quality check is, and what it is told of the two sides. A check adds a measurement for each thing it has
// something to say about; silence means that neither side shows what it looks for.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/measurement.h"
#include "checks/share_difference.h"
#include "columns/column.h"
#include "columns/schema.h"
#include "summaries/category_summary.h"
#include "summaries/moments.h"
#include "summaries/numeric_reference.h"

namespace leeway::quality {

/// One side as a table. Counts that are not at hand (in a profile, say) are empty.
struct TableSide {
  const Schema* schema = nullptr;           ///< Never null.
  int64_t rows = 0;
  std::optional<int64_t> duplicate_rows;    ///< Rows that equal an earlier one.
  std::optional<int64_t> duplicate_ids;     ///< Rows whose id an earlier one has.
};

struct TablePair {
  TableSide reference, current;
  std::string id;                           ///< The id column, for the subject; may be empty.
  std::vector<std::string> may_lack;        ///< Columns that current data need not have: a label still to come.
};

/// A numeric column: the prepared reference and the batch as numeric_scan.h reads it.
struct NumericPair {
  const NumericReference* reference = nullptr;
  const Moments* current = nullptr;
  std::span<const double> values;           ///< The batch's finite values; empty if only a profile of it is at hand.
};

/// One column on both sides. What the pointers point to must outlive it.
struct ColumnPair {
  Field reference_field, current_field;
  InputCounts reference, current;           ///< As checks/input_policy.h makes them.
  std::optional<NumericPair> numeric;
  const CategorySummary* reference_categories = nullptr;  ///< Both or neither, over one dictionary.
  const CategorySummary* current_categories = nullptr;

  Subject subject(std::string slice = {}) const { return {reference_field.name, std::move(slice)}; }
};

/// The time column on both sides, of type time.
struct TimePair {
  const Column* reference = nullptr;
  const Column* current = nullptr;
};

struct QualityOptions {
  bool p_values = false;                    ///< Also p-values (no verdict needs one).
};

template <class Pair>
struct QualityCheck {
  MethodInfo info;
  /// `method` is `info`.
  void (*measure)(const MethodInfo& method, const Pair& pair, const QualityOptions& options,
                  std::vector<Measurement>& out);
};
using TableCheck = QualityCheck<TablePair>;
using ColumnCheck = QualityCheck<ColumnPair>;
using TimeCheck = QualityCheck<TimePair>;

/// The change of a share of rows under the input policy; not computable without rows on both sides.
Measurement share_change(const MethodInfo& method, const Subject& subject, const InputCounts& reference,
                         const InputCounts& current, const ShareCount& reference_share, const ShareCount& current_share,
                         const QualityOptions& options);

/// A difference of counts, known exactly: its bounds are itself.
Measurement exact_change(const MethodInfo& method, const Subject& subject, const InputCounts& reference,
                         const InputCounts& current, double reference_level, double current_level);

/// Counts of a side of which only the number of rows matters.
InputCounts all_rows(int64_t rows);

}  // namespace leeway::quality
