#pragma once
// What a model does over many rows: how much each column matters, in which direction, and which columns carry a change
// of its scores. All from the exact contributions of scored rows (Scores::contributions), by raw column of the
// encoder.

#include <cstdint>
#include <string>
#include <vector>

#include "models/model.h"
#include "stats/interval.h"

namespace leeway::models {

/// One column over all rows.
struct ColumnEffect {
  size_t column = 0;             ///< Of the encoder's columns().
  double mean_size = 0;          ///< Mean absolute contribution to the margin.
  double mean = 0;               ///< Mean contribution.
};
/// Largest mean size first. `scores` holds contributions and rows, else nothing. O(rows · columns).
std::vector<ColumnEffect> column_effects(const Scores& scores, size_t output = 0);

/// A group of rows with like values of a column.
struct DependencePoint {
  std::string label;             ///< "12 to 31", "North", "missing"
  int64_t rows = 0;
  double mean = 0;               ///< Mean contribution of the column to the margin in these rows.
};
/// How a column's contribution goes with its value: numbers in at most `groups` groups of about equal rows, in
/// ascending order; texts and booleans by value, the commonest first, the rest together; missing values last. O(rows
/// log rows).
std::vector<DependencePoint> dependence(const Model& model, const EncodedBatch& batch, const Scores& scores,
                                        size_t column, size_t groups = 10, size_t output = 0);

/// One column's part in the change of the mean margin from reference to current rows.
struct ContributionShift {
  size_t column = 0;
  double reference = 0, current = 0;   ///< Mean contributions.
  stats::Interval interval;            ///< 95 % for the change (normal, rows independent); NaN below 2 rows a side.
  double change() const { return current - reference; }
};
struct MarginShift {
  double reference = 0, current = 0;          ///< Mean margins: base value plus the mean contributions of all columns.
  stats::Interval interval;
  std::vector<ContributionShift> columns;     ///< Largest change first; their changes sum to change() exactly as reals,
                                              ///< to rounding as doubles.
  double change() const { return current - reference; }
};
/// The same model on both sides, so that a change comes from the rows alone: the bridge from drift of columns to drift
/// of scores. Errors: invalid_argument (no rows on a side, no contributions). O(rows · columns).
Result<MarginShift> margin_shift(const Scores& reference, const Scores& current, size_t output = 0);

}  // namespace leeway::models
