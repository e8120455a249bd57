#include "simulate/calendar.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/portable_math.h"
#include "base/text.h"

namespace leeway::simulate {
namespace {

/// Takes exactly `width` digits off the front of `text`.
std::optional<int> take_digits(std::string_view& text, size_t width) {
  int value = 0;
  if (text.size() < width) return std::nullopt;
  for (size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || !any_of.contains(text.front())) return false;
  text.remove_prefix(1);
  return true;
}

/// "13:30" or "13:30:15" in seconds.
std::optional<int> take_time_of_day(std::string_view& text) {
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 23 || !take(text, ":")) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  int seconds = 0;
  if (take(text, ":")) {
    const auto read = take_digits(text, 2);
    if (!read || *read > 59) return std::nullopt;
    seconds = *read;
  }
  return *hours * 3600 + *minutes * 60 + seconds;
}

}  // namespace

std::optional<int64_t> parse_time(std::string_view text) {
  using namespace std::chrono;
  text = trim(text);
  const auto y = take_digits(text, 4);
  if (!y || *y < 1970 || *y > 2200 || !take(text, "-")) return std::nullopt;
  const auto m = take_digits(text, 2);
  if (!m || !take(text, "-")) return std::nullopt;
  const auto d = take_digits(text, 2);
  if (!d) return std::nullopt;
  const year_month_day date{year(*y), month(static_cast<unsigned>(*m)), std::chrono::day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  int64_t seconds = sys_days(date).time_since_epoch().count() * int64_t{86400};
  if (take(text, "T ")) {
    const auto of_day = take_time_of_day(text);
    if (!of_day) return std::nullopt;
    seconds += *of_day;
    take(text, "Z");
  }
  if (!text.empty()) return std::nullopt;
  return seconds * second;
}

std::optional<int64_t> parse_duration(std::string_view text) {
  constexpr struct {
    char letter;
    int64_t length;
  } units[] = {{'m', 60 * second}, {'h', hour}, {'d', day}, {'w', 7 * day}};
  text = trim(text);
  if (text.size() < 2) return std::nullopt;
  const auto unit = std::ranges::find(units, text.back(), [](const auto& u) { return u.letter; });
  const auto count = parse_double(text.substr(0, text.size() - 1));
  if (unit == std::end(units) || !count || !(*count > 0)) return std::nullopt;
  const double length = *count * static_cast<double>(unit->length);
  if (!(length <= 100.0 * 366 * static_cast<double>(day)) || length < 1) return std::nullopt;
  return static_cast<int64_t>(length);
}

Moment moment_of(int64_t nanoseconds) {
  using namespace std::chrono;
  const sys_seconds time{std::chrono::seconds(nanoseconds / second)};
  const auto date = floor<days>(time);
  const auto turn = year_month_day(date).year();
  const sys_days first = turn / January / 1, next = (turn + years(1)) / January / 1;
  const double since = static_cast<double>((time - sys_seconds(first)).count());
  return {.nanoseconds = nanoseconds,
          .hour = static_cast<int>((time - sys_seconds(date)).count() / 3600),
          .weekday = static_cast<int>(weekday(date).iso_encoding()) - 1,
          .year_turn = since / (86400.0 * static_cast<double>((next - first).count()))};
}

int64_t month_of(int64_t nanoseconds) {
  using namespace std::chrono;
  const year_month_day date{floor<days>(sys_seconds(std::chrono::seconds(nanoseconds / second)))};
  return sys_days(date.year() / date.month() / 1).time_since_epoch().count() * day;
}

std::vector<int64_t> arrivals(const TableSpec& table, int64_t start, int64_t span, size_t rows, Random random) {
  // Cumulative rate at the ends of the hours; the last may be a fraction of one.
  std::vector<double> cumulative = {0};
  for (int64_t at = 0; at < span; at += hour) {
    const Moment when = moment_of(start + at);
    const double share = static_cast<double>(std::min(hour, span - at)) / static_cast<double>(hour);
    const double season = 1 + table.by_season * portable::cos_turns(when.year_turn - 0.96);
    cumulative.push_back(cumulative.back() + share * season * table.by_hour[static_cast<size_t>(when.hour)] *
                                                 table.by_weekday[static_cast<size_t>(when.weekday)]);
  }
  std::vector<double> levels(rows);
  for (auto& level : levels) level = random.uniform() * cumulative.back();
  std::ranges::sort(levels);
  std::vector<int64_t> times;
  times.reserve(rows);
  size_t slot = 0;
  for (const double level : levels) {
    while (slot + 2 < cumulative.size() && level >= cumulative[slot + 1]) ++slot;
    const double within = (level - cumulative[slot]) / (cumulative[slot + 1] - cumulative[slot]);
    const int64_t length = std::min(hour, span - static_cast<int64_t>(slot) * hour);
    const auto offset = std::min(static_cast<int64_t>(within * static_cast<double>(length)), length - 1);
    times.push_back(start + static_cast<int64_t>(slot) * hour + offset / second * second);
  }
  return times;
}

}  // namespace leeway::simulate
