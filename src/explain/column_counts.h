#pragma once
// How many rows of each side fall into each bin or category of a column, whatever the sides came from.

#include <cstdint>
#include <string>
#include <vector>

#include "checks/drift/drift_input.h"
#include "explain/feature_bins.h"

namespace leeway::explain {

/// One bin with its rows on both sides. Bins are those of the reference (quantiles or categories), disjoint, and hold
/// every row of both sides.
struct BinCount {
  Bin bin;
  int64_t reference = 0;
  int64_t current = 0;
};

/// The same quantiles of both sides, ascending: probabilities (i + 1) / (count + 1), of present values. Only for seeing
/// a change of unit; empty if unknown.
struct QuantilePair {
  std::vector<double> reference;
  std::vector<double> current;
};

struct ColumnCounts {
  std::string column;
  std::vector<BinCount> bins;  ///< Intervals ascending and first.
  QuantilePair quantiles;
};

/// Both sides of a column. Numbers (rows or profiles): the reference's PSI bins, whose ends are rounded for reading by
/// at most a hundredth of the narrower bin beside them, while the counts are exact; quantiles from the rows, or from
/// the profiles' log-linear histograms to 3 % of the distance from their centre. Categories: one bin each with at least
/// 1 % of the rows of either side, new ones too where their counts are exact; then the rarer ones and the other unseen
/// ones. Text: by length. Then infinite values, values of another type and missing ones. Sorts rows of numbers once,
/// else O(bins).
ColumnCounts count_bins(drift::DriftInput& input);

}  // namespace leeway::explain
