#pragma once
// Both sides of one column on shared bins: for the report's picture and for the sentence about what moved.

#include <vector>

#include "checks/drift/drift_input.h"
#include "explain/moved_bins.h"
#include "reports/report.h"

namespace leeway {

/// At most 24 bins of about equal width for numbers (over the reference's central 99 %, the ends open), the 12 commonest
/// categories and "other", or the lengths of free text. Shares are of the rows with a value. One more pass over the rows.
std::vector<ReportColumn::Bin> histogram(drift::DriftInput& input);

/// The rows per reference-quantile bin or category, with quantiles of both sides. Sorts the rows of a number once.
explain::ColumnCounts shift_counts(drift::DriftInput& input);

}  // namespace leeway
