#pragma once
// Data quality of the tables as wholes: rows, columns, duplicates, time.

#include <vector>

#include "checks/measurement.h"
#include "columns/roles.h"
#include "monitor/side.h"

namespace leeway {

/// What measure_table and measure_time of checks/quality say of two sides. Duplicates are counted where both sides have
/// rows. Errors are those of reading.
Result<std::vector<Measurement>> table_quality(const Side& reference, const Side& current, const Roles& roles,
                                               bool p_values);

}  // namespace leeway
