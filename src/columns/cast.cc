#include "columns/cast.h"

#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "base/text.h"

namespace leeway {
namespace {

// Values and validity under way; a value that is absent is null, and an error unless its source was null.
template <class T>
class Collector {
 public:
  Collector(const Column& from) : from_(from), values_(from.size()), valid_(from.size()) {}

  void put(size_t row, const std::optional<T>& value) {
    if (value && from_.is_valid(row)) {
      values_[row] = *value;
      return;
    }
    valid_.set(row, false);
    errors_ += from_.is_valid(row) ? 1 : 0;
  }
  std::vector<T> values() { return std::move(values_); }
  Validity valid() { return errors_ + static_cast<int64_t>(from_.null_count()) > 0 ? std::move(valid_) : Validity(); }
  int64_t errors() const { return errors_; }

 private:
  const Column& from_;
  std::vector<T> values_;
  Validity valid_;
  int64_t errors_ = 0;
};

std::optional<int64_t> whole(double value) {
  // 2^63 itself is a double, the greatest int64 is not.
  if (std::trunc(value) != value || value < -0x1p63 || value >= 0x1p63) return std::nullopt;
  return static_cast<int64_t>(value);
}

std::optional<int64_t> zero_or_one(double value) {
  return value == 0 || value == 1 ? std::optional<int64_t>(value != 0) : std::nullopt;
}

// What a number becomes as an integer-backed type.
std::optional<int64_t> integer_of(double value, Type type) {
  if (type == Type::integer) return whole(value);
  return type == Type::boolean ? zero_or_one(value) : std::nullopt;
}

std::optional<int64_t> integer_of(std::string_view text, Type type) {
  if (type == Type::time) return parse_time(text);
  if (type == Type::boolean) {
    const auto flag = parse_boolean(text);
    return flag ? std::optional<int64_t>(*flag) : std::nullopt;
  }
  if (const auto integer = parse_int(trim(text))) return integer;
  const auto number = parse_double(text);
  return number ? whole(*number) : std::nullopt;
}

std::optional<int64_t> integer_of(int64_t value, Type from, Type type) {
  if (from == Type::time || type == Type::time) return std::nullopt;
  if (type == Type::boolean) return value == 0 || value == 1 ? std::optional(value) : std::nullopt;
  return value;
}

Cast to_integers(const Column& from, Type type) {
  Collector<int64_t> out(from);
  if (from.type() == Type::text) {
    std::vector<std::optional<int64_t>> read;
    for (const auto& word : from.dictionary()) read.push_back(integer_of(word, type));
    for (size_t row = 0; row < from.size(); ++row)
      out.put(row, from.is_valid(row) ? read[from.codes()[row]] : std::nullopt);
  } else if (from.type() == Type::real) {
    for (size_t row = 0; row < from.size(); ++row) out.put(row, integer_of(from.reals()[row], type));
  } else {
    for (size_t row = 0; row < from.size(); ++row) out.put(row, integer_of(from.integers()[row], from.type(), type));
  }
  return {Column::of_integers(from.name(), type, out.values(), out.valid()), out.errors()};
}

Cast to_reals(const Column& from) {
  Collector<double> out(from);
  if (from.type() == Type::text) {
    std::vector<std::optional<double>> read;
    for (const auto& word : from.dictionary()) read.push_back(parse_double(word));
    for (size_t row = 0; row < from.size(); ++row)
      out.put(row, from.is_valid(row) ? read[from.codes()[row]] : std::nullopt);
  } else {
    const bool is_time = from.type() == Type::time;
    for (size_t row = 0; row < from.size(); ++row)
      out.put(row, is_time ? std::nullopt : std::optional(static_cast<double>(from.integers()[row])));
  }
  return {Column::of_reals(from.name(), out.values(), out.valid()), out.errors()};
}

// Distinct values by their bits, so that NaN is one value.
Cast to_text(const Column& from) {
  std::map<int64_t, uint32_t> index;
  std::vector<uint32_t> codes(from.size());
  std::vector<std::string> dictionary;
  for (size_t row = 0; row < from.size(); ++row) {
    if (!from.is_valid(row)) continue;
    const int64_t bits = from.type() == Type::real ? std::bit_cast<int64_t>(from.reals()[row] + 0.0) : from.integers()[row];
    const auto [at, fresh] = index.try_emplace(bits, static_cast<uint32_t>(dictionary.size()));
    if (fresh) dictionary.push_back(from.text(row));
    codes[row] = at->second;
  }
  return {Column::of_codes(from.name(), std::move(codes), std::move(dictionary), from.validity()), 0};
}

// ---- times --------------------------------------------------------------------------------------------------------

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

Cast cast_to(const Column& column, Type type) {
  if (column.type() == type) return {column, 0};
  if (type == Type::real) return to_reals(column);
  if (type == Type::text) return to_text(column);
  return to_integers(column, type);
}

Type comparison_type(Type reference, Type current) {
  constexpr std::array widening = {Type::boolean, Type::integer, Type::real};
  const auto rank = [&](Type type) { return std::find(widening.begin(), widening.end(), type) - widening.begin(); };
  const auto a = rank(reference), b = rank(current);
  const auto none = static_cast<std::ptrdiff_t>(widening.size());
  return a == none || b == none ? reference : widening[static_cast<size_t>(std::max(a, b))];
}

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

std::optional<bool> parse_boolean(std::string_view text) {
  constexpr std::array words = std::to_array<std::pair<std::string_view, bool>>({{"true", true}, {"false", false},
                                                                                 {"yes", true}, {"no", false},
                                                                                 {"t", true}, {"f", false},
                                                                                 {"y", true}, {"n", false},
                                                                                 {"1", true}, {"0", false}});
  const std::string low = lower_ascii(trim(text));
  for (const auto& [word, value] : words)
    if (low == word) return value;
  return std::nullopt;
}

}  // namespace leeway
