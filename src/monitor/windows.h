#pragma once
// Cuts the current side into windows of equal length by its time column.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "columns/column.h"

namespace leeway {

struct TimeWindow {
  int64_t from = 0, to = 0;          ///< nanoseconds, half open, aligned to 1970-01-01 (weeks to Mondays)
  std::vector<uint32_t> rows;        ///< ascending
};

/// The start of the window of `length` nanoseconds that holds `time`.
int64_t window_start(int64_t time, int64_t length);

/// Windows in time order; those without rows are left out, rows without a time belong to none. `length` in nanoseconds.
/// Errors: invalid_argument for a column that is no time, and when there would be more than 10,000 windows.
Result<std::vector<TimeWindow>> cut_windows(const Column& time, int64_t length);

}  // namespace leeway
