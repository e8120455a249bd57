#pragma once
// How the numeric features move together.

#include <vector>

#include "monitor/column_run.h"

namespace leeway {

/// Takes the sampled rows out of `runs` and compares them jointly; nothing with fewer than two numeric features with rows
/// on both sides.
Result<std::vector<Measurement>> joint_measurements(std::vector<ColumnRun>& runs, int64_t reference_rows, int64_t current_rows,
                                                    bool p_values);

}  // namespace leeway
