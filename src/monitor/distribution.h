#pragma once
// Both sides of one column on shared bins, for the report's picture.

#include <vector>

#include "checks/drift/drift_input.h"
#include "reports/report.h"

namespace leeway {

/// At most 24 bins of about equal width for numbers (over the reference's central 99 %, the ends open), the 12
/// commonest categories and "other", or the lengths of free text. Shares are of the rows with a value. One more pass
/// over the rows.
std::vector<ReportColumn::Bin> histogram(drift::DriftInput& input);

}  // namespace leeway
