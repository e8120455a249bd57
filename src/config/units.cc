#include "config/units.h"

#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway {
namespace {

constexpr int64_t second = 1'000'000'000;
// Largest first.
constexpr std::array units = std::to_array<std::pair<char, int64_t>>(
    {{'w', 7 * 86400 * second}, {'d', 86400 * second}, {'h', 3600 * second}, {'m', 60 * second}, {'s', second}});
constexpr std::array periods_a_year = std::to_array<std::pair<std::string_view, double>>(
    {{"year", 1}, {"quarter", 4}, {"month", 12}, {"week", 365.25 / 7}, {"day", 365.25}});

}  // namespace

std::optional<int64_t> parse_duration(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const std::string_view digits = text.substr(0, text.size() - 1);
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const auto count = parse_int(digits);
  if (!count || *count == 0) return std::nullopt;
  for (const auto& [letter, length] : units)
    if (letter == text.back() && *count <= std::numeric_limits<int64_t>::max() / length) return *count * length;
  return std::nullopt;
}

std::string format_duration(int64_t nanoseconds) {
  for (const auto& [letter, length] : units)
    if (nanoseconds % length == 0) return fmt::format("{}{}", nanoseconds / length, letter);
  return fmt::format("{}ns", nanoseconds);
}

std::optional<double> parse_yearly_rate(std::string_view text) {
  const auto per = text.find(" per ");
  if (per == std::string_view::npos) return std::nullopt;
  const auto count = parse_double(text.substr(0, per));
  if (!count || !(*count > 0) || *count > 1e9) return std::nullopt;
  const std::string_view period = trim(text.substr(per + 5));
  for (const auto& [name, times] : periods_a_year)
    if (period == name) return *count * times;
  return std::nullopt;
}

}  // namespace leeway
