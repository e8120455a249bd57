#include "columns/parse_time.h"

#include <chrono>

#include "base/text.h"

namespace leeway {
namespace {

// Eats fixed parts of a text from its front.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool is_done() const { return rest_.empty(); }
  bool skip(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  /// Exactly `digits` digits with a value of at most `most`.
  std::optional<int> number(size_t digits, int most) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value <= most ? std::optional(value) : std::nullopt;
  }
  /// One to nine digits behind a point, as nanoseconds.
  std::optional<int64_t> fraction() {
    int64_t value = 0, unit = 1'000'000'000;
    while (peek() >= '0' && peek() <= '9' && unit > 1) {
      value += (peek() - '0') * (unit /= 10);
      rest_.remove_prefix(1);
    }
    return unit < 1'000'000'000 ? std::optional(value) : std::nullopt;
  }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::sys_days> read_date(Cursor& in) {
  const auto year = in.number(4, 9999);
  if (!year || !in.skip("-")) return std::nullopt;
  const auto month = in.number(2, 12);
  if (!month || !in.skip("-")) return std::nullopt;
  const auto day = in.number(2, 31);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

// Seconds of "10:00" or "10:00:00"; a leap second counts as the next one.
std::optional<int64_t> read_clock(Cursor& in) {
  const auto hour = in.number(2, 23);
  if (!hour || !in.skip(":")) return std::nullopt;
  const auto minute = in.number(2, 59);
  if (!minute) return std::nullopt;
  const auto second = in.skip(":") ? in.number(2, 60) : std::optional(0);
  if (!second) return std::nullopt;
  return *hour * 3600 + *minute * 60 + *second;
}

// Seconds east of UTC of "Z", "+02:00", "+0200", "+02" or nothing.
std::optional<int64_t> read_zone(Cursor& in) {
  if (in.is_done() || in.skip("Zz")) return 0;
  const int64_t sign = in.peek() == '-' ? -1 : 1;
  if (!in.skip("+-")) return std::nullopt;
  const auto hours = in.number(2, 14);
  if (!hours) return std::nullopt;
  in.skip(":");
  const auto minutes = in.is_done() ? std::optional(0) : in.number(2, 59);
  if (!minutes) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

}  // namespace

std::optional<int64_t> parse_time(std::string_view text) {
  Cursor in(trim(text));
  const auto date = read_date(in);
  if (!date) return std::nullopt;
  int64_t seconds = date->time_since_epoch().count() * int64_t{86400}, nanoseconds = 0;
  if (in.skip("Tt ")) {
    const auto clock = read_clock(in);
    const auto fraction = clock && in.skip(".,") ? in.fraction() : std::optional<int64_t>(0);
    if (!clock || !fraction) return std::nullopt;
    in.skip(" ");
    const auto zone = read_zone(in);
    if (!zone) return std::nullopt;
    seconds += *clock - *zone;
    nanoseconds = *fraction;
  }
  int64_t out = 0;
  if (!in.is_done() || __builtin_mul_overflow(seconds, int64_t{1'000'000'000}, &out) ||
      __builtin_add_overflow(out, nanoseconds, &out))
    return std::nullopt;
  return out;
}

}  // namespace leeway
