#pragma once
// Spans of time and rates as people write them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leeway {

/// "90d", "1w", "12h", "30m", "45s" (a positive whole number and s, m, h, d or w) in nanoseconds; nothing for all else.
std::optional<int64_t> parse_duration(std::string_view text);

/// The shortest of those forms: "1w", "36h".
std::string format_duration(int64_t nanoseconds);

/// "1 per year", "2 per month", "0.5 per week", "3 per day" as a number a year (of 365.25 days); nothing for all else.
std::optional<double> parse_yearly_rate(std::string_view text);

}  // namespace leeway
