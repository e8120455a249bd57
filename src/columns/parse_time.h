#pragma once
// Times as texts.

#include <cstdint>
#include <optional>
#include <string_view>

namespace leeway {

/// Nanoseconds of "2024-02-29", "2024-02-29T10:00[:00[.123456789]]" (or a blank for the T), with Z, an offset such as
/// +02:00, or none (taken as UTC). Nothing for all else, and for times that nanoseconds in 64 bits do not reach.
std::optional<int64_t> parse_time(std::string_view text);

}  // namespace leeway
