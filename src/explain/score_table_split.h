#pragma once
// Level 0 without rows: the split of decomposition.h from two stored score tables.

#include "base/result.h"
#include "explain/decomposition.h"
#include "explain/row_losses.h"
#include "summaries/score_table.h"

namespace leeway::explain {

enum class TableLoss { zero_one, logarithmic, brier, cost };

struct TableSplitOptions {
  double threshold = 0.5;   ///< zero_one, cost: an edge of the tables' bins.
  Costs costs = {};         ///< cost
  uint32_t group = ScoreTable::all_groups;
  int max_cells = 50;
};

/// Cells are runs of the tables' bins with about equal numbers of reference rows. Rows with a known outcome only. Exact
/// sums, so the same numbers as from rows with these cells (log loss: clipped as the table does).
/// Errors: failed_precondition if the tables differ in their bins, the threshold is no edge, or losses are asked of
/// scores that are no probabilities; invalid_argument if a side has no known outcome. O(bins).
Result<Decomposition> decompose_score_tables(TableLoss loss, const ScoreTable& reference, const ScoreTable& current,
                                             const TableSplitOptions& options = {});

}  // namespace leeway::explain
