#pragma once
// How many rows of each side fall into each bin or category of a column, from rows or from summaries.

#include <cstdint>
#include <string>
#include <vector>

#include "columns/column.h"
#include "explain/feature_bins.h"
#include "summaries/binned_counts.h"
#include "summaries/category_summary.h"
#include "summaries/log_histogram.h"
#include "summaries/numeric_reference.h"
#include "summaries/row_counts.h"

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

/// The bins of a feature, with the quantiles of the columns it was made from (numbers only). O(rows).
ColumnCounts count_bins(const BinnedFeature& feature, const Column& reference, const Column& current);

/// Rows of a number, a boolean or a time against its prepared reference, on the reference's PSI bins. Ends of bins are
/// rounded for reading, by at most a hundredth of the narrower bin beside them; the counts are exact. `type_errors` of
/// the null rows are values of another type (columns/conform.h). O(current rows · log bins).
ColumnCounts count_bins(std::string column, const NumericReference& reference, const Column& current,
                        int64_t type_errors = 0);

/// One side of a number in a profile.
struct NumberSummary {
  const RowCounts& rows;
  const BinnedCounts& bins;
  const LogHistogram* values = nullptr;  ///< For quantiles, to 3 % of the distance from its centre; may be null.
};
/// Both on the reference's PSI bins, ends rounded as above. Requires the same bin map. `time`: the values are times.
/// O(bins).
ColumnCounts count_bins(std::string column, const NumberSummary& reference, const NumberSummary& current,
                        bool time = false);

/// Categories with at least 1 % of the rows of either side have a bin each, new ones too where their counts are exact;
/// then the rarer ones, the other unseen ones, values of another type and missing ones. Requires the same dictionary.
ColumnCounts count_bins(std::string column, const CategorySummary& reference, const RowCounts& reference_rows,
                        const CategorySummary& current, const RowCounts& current_rows);

}  // namespace leeway::explain
