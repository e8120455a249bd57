#pragma once
// Which bins or categories of a column moved, in numbers and in one sentence.

#include "explain/column_counts.h"
#include "explain/explanation.h"

namespace leeway::explain {

/// Bins largest contribution to the PSI first (shares smoothed by half a row, bins empty on both sides left out, as in
/// checks/drift), and a sentence of at most three clauses, the largest movement first, those below a tenth of the PSI
/// left out:
///   "income moved down: 34 % of values are now below 20,000 (was 20 %)."   (or: up, spread out, drew together)
///   "employment: new category 'gig' holds 6 % of rows; missing rose from 1 % to 9 % of rows."
///   "income looks as if it were in another unit, 100 times as large: the median went from 523 to 52,410, and the
///   values divided by 100 lie as the reference's do (to within 0.8 % of rows)."      (unit_change.h)
/// Every number is computed from the counts. It describes; whether the movement matters is for findings/.
/// Never fails: with no rows on a side the sentence says that. O(bins).
ColumnShift explain_shift(const ColumnCounts& counts);

}  // namespace leeway::explain
