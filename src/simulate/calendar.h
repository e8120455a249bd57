#pragma once
// Times of rows: reading a user's dates and durations, and arrivals with daily, weekly and yearly rhythm. All UTC.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "simulate/table_spec.h"

namespace leeway::simulate {

inline constexpr int64_t second = 1'000'000'000;
inline constexpr int64_t hour = 3600 * second;
inline constexpr int64_t day = 24 * hour;

/// "2026-02-01", "2026-02-01T13:30", "2026-02-01 13:30:15" or with a final Z, as nanoseconds since 1970. Empty for
/// anything else, a date that does not exist, or a year outside 1970 … 2200.
std::optional<int64_t> parse_time(std::string_view text);

/// "90d", "36h", "2w", "45m" (minutes), "1.5d"; positive, at most 100 years. Empty for anything else.
std::optional<int64_t> parse_duration(std::string_view text);

Moment moment_of(int64_t nanoseconds);

/// Midnight of the first day of the month of `nanoseconds`.
int64_t month_of(int64_t nanoseconds);

/// `rows` times in [start, start + span), ascending, in whole seconds, with density by the table's rhythm.
/// Requires span of at least one hour. O(rows log rows).
std::vector<int64_t> arrivals(const TableSpec& table, int64_t start, int64_t span, size_t rows, Random random);

}  // namespace leeway::simulate
