#include "sources/column_builder.h"

#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include "base/hash.h"
#include "base/text.h"

namespace leeway {
namespace {

struct TypeRule {
  std::string_view duckdb;
  Reading reading;
};

constexpr std::string_view as_integer = "CAST(@ AS BIGINT)";
constexpr std::string_view as_real = "CAST(@ AS DOUBLE)";
constexpr std::string_view as_text = "CAST(@ AS VARCHAR)";

constexpr std::array rules = std::to_array<TypeRule>({
    {"BOOLEAN", {.type = Type::boolean}},
    {"TINYINT", {.type = Type::integer, .select = as_integer}},
    {"SMALLINT", {.type = Type::integer, .select = as_integer}},
    {"INTEGER", {.type = Type::integer, .select = as_integer}},
    {"BIGINT", {.type = Type::integer}},
    {"UTINYINT", {.type = Type::integer, .select = as_integer}},
    {"USMALLINT", {.type = Type::integer, .select = as_integer}},
    {"UINTEGER", {.type = Type::integer, .select = as_integer}},
    {"UBIGINT", {.type = Type::integer, .select = as_integer, .beyond_int64 = true}},
    {"HUGEINT", {.type = Type::integer, .select = as_integer, .beyond_int64 = true}},
    {"UHUGEINT", {.type = Type::integer, .select = as_integer, .beyond_int64 = true}},
    {"BIGNUM", {.type = Type::real, .select = as_real}},
    {"FLOAT", {.type = Type::real, .select = as_real}},
    {"DOUBLE", {.type = Type::real}},
    {"VARCHAR", {.type = Type::text}},
    {"JSON", {.type = Type::text, .select = "json_extract_string(@, '$')"}},
    {"UUID", {.type = Type::text, .select = as_text}},
    {"TIME", {.type = Type::text, .select = as_text}},
    {"TIME_NS", {.type = Type::text, .select = as_text}},
    {"TIME WITH TIME ZONE", {.type = Type::text, .select = as_text}},
    {"INTERVAL", {.type = Type::text, .select = as_text}},
    {"\"NULL\"", {.type = Type::text, .select = as_text}},
    {"DATE", {.type = Type::time, .tick = 86'400'000'000'000, .date = true}},
    {"TIMESTAMP_S", {.type = Type::time, .tick = 1'000'000'000}},
    {"TIMESTAMP_MS", {.type = Type::time, .tick = 1'000'000}},
    {"TIMESTAMP", {.type = Type::time, .tick = 1'000}},
    {"TIMESTAMP WITH TIME ZONE", {.type = Type::time, .tick = 1'000}},
    {"TIMESTAMP_NS", {.type = Type::time}},
});

// DECIMAL(width,scale) without a fraction that fits int64 stays exact.
Reading reading_of_decimal(std::string_view type) {
  const auto comma = type.find(',');
  const auto width = parse_int(type.substr(8, comma - 8));
  const auto scale = parse_int(type.substr(comma + 1, type.size() - comma - 2));
  if (width && scale && *scale == 0 && *width <= 18) return {.type = Type::integer, .select = as_integer};
  return {.type = Type::real, .select = as_real};
}

// Codes of the cells seen last, by their 16 bytes: equal bytes are equal texts as long as the chunk lives that long
// texts point into.
class RecentCells {
 public:
  struct Entry {
    uint64_t a = ~uint64_t{0}, b = 0;  // no text is that long
    uint32_t code = 0;
  };
  static std::pair<uint64_t, uint64_t> bytes_of(const duckdb_string_t& cell) {
    uint64_t bytes[2];
    std::memcpy(bytes, &cell, sizeof bytes);
    return {bytes[0], bytes[1]};
  }
  Entry& at(uint64_t a, uint64_t b) { return entries_[(a ^ b * 0x9E3779B97F4A7C15ull) * 0x9E3779B97F4A7C15ull >> 56]; }

 private:
  std::array<Entry, 256> entries_;
};

}  // namespace

std::optional<Reading> reading_of(std::string_view duckdb_type) {
  if (duckdb_type.ends_with(']')) return std::nullopt;
  if (duckdb_type.starts_with("DECIMAL(")) return reading_of_decimal(duckdb_type);
  if (duckdb_type.starts_with("ENUM(")) return Reading{.type = Type::text, .select = as_text};
  for (const auto& rule : rules)
    if (rule.duckdb == duckdb_type) return rule.reading;
  return std::nullopt;
}

void Dictionary::append_codes(const duckdb_string_t* cells, const uint64_t* valid, size_t count,
                              std::vector<uint32_t>& codes) {
  RecentCells recent;
  for (size_t i = 0; i < count; ++i) {
    if (valid && (valid[i / 64] >> (i % 64) & 1) == 0) {
      codes.push_back(0);
      continue;
    }
    const auto [a, b] = RecentCells::bytes_of(cells[i]);
    RecentCells::Entry& entry = recent.at(a, b);
    if (entry.a != a || entry.b != b) entry = {a, b, code(duck::view(cells[i]))};
    codes.push_back(entry.code);
  }
}

uint32_t Dictionary::code(std::string_view text) {
  const uint64_t hash = hash64(text);
  const auto tag = static_cast<uint32_t>(hash >> 32);
  for (size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
    Slot& slot = slots_[at];
    if (slot.code_plus_one != 0) {
      if (slot.tag == tag && words_[slot.code_plus_one - 1] == text) return slot.code_plus_one - 1;
      continue;
    }
    words_.emplace_back(text);
    const auto fresh = static_cast<uint32_t>(words_.size());
    slot = {tag, fresh};
    if (words_.size() * 4 > slots_.size() * 3) grow();
    return fresh - 1;
  }
}

void Dictionary::grow() {
  slots_.assign(slots_.size() * 2, Slot());
  for (size_t code = 0; code < words_.size(); ++code) {
    const uint64_t hash = hash64(words_[code]);
    size_t at = hash & (slots_.size() - 1);
    while (slots_[at].code_plus_one != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {static_cast<uint32_t>(hash >> 32), static_cast<uint32_t>(code + 1)};
  }
}

ColumnBuilder::ColumnBuilder(std::string name, Reading reading, size_t rows_expected)
    : name_(std::move(name)), reading_(reading) {
  if (reading_.type == Type::real) reals_.reserve(rows_expected);
  else if (reading_.type == Type::text) codes_.reserve(rows_expected);
  else integers_.reserve(rows_expected);
}

void ColumnBuilder::append(const duck::Chunk& chunk, size_t column) {
  const size_t count = chunk.size();
  switch (reading_.type) {
    case Type::real: {
      const double* from = chunk.data<double>(column);
      reals_.insert(reals_.end(), from, from + count);
      break;
    }
    case Type::integer: {
      const int64_t* from = chunk.data<int64_t>(column);
      integers_.insert(integers_.end(), from, from + count);
      break;
    }
    case Type::boolean: {
      const auto* from = chunk.data<uint8_t>(column);
      for (size_t i = 0; i < count; ++i) integers_.push_back(from[i] != 0);
      break;
    }
    case Type::time: append_times(chunk, column); break;
    case Type::text:
      dictionary_.append_codes(chunk.data<duckdb_string_t>(column), chunk.validity(column), count, codes_);
      break;
  }
  if (const uint64_t* valid = chunk.validity(column)) append_nulls(valid, count);
  size_ += count;
}

void ColumnBuilder::append_times(const duck::Chunk& chunk, size_t column) {
  const size_t count = chunk.size();
  const auto* days = chunk.data<int32_t>(column);
  const auto* ticks = chunk.data<int64_t>(column);
  constexpr int64_t infinity = std::numeric_limits<int64_t>::max();
  for (size_t i = 0; i < count; ++i) {
    const int64_t from = reading_.date ? days[i] : ticks[i];
    int64_t nanoseconds = 0;
    if (from == infinity || from == -infinity || __builtin_mul_overflow(from, reading_.tick, &nanoseconds)) {
      nanoseconds = 0;
      mark_null(size_ + i, 1);
    }
    integers_.push_back(nanoseconds);
  }
}

void ColumnBuilder::append_nulls(const uint64_t* valid, size_t count) {
  for (size_t at = 0; at < count; at += 64) {
    const uint64_t within = count - at >= 64 ? ~uint64_t{0} : (uint64_t{1} << (count - at)) - 1;
    const uint64_t nulls = ~valid[at / 64] & within;
    if (nulls == 0) continue;
    mark_null(size_ + at, nulls);
    // The source leaves whatever it likes in null cells; a column that is read twice must be the same twice.
    for (uint64_t left = nulls; left != 0; left &= left - 1) {
      const size_t row = size_ + at + static_cast<size_t>(std::countr_zero(left));
      if (reading_.type == Type::real) reals_[row] = 0;
      else if (reading_.type != Type::text) integers_[row] = 0;
    }
  }
}

void ColumnBuilder::mark_null(size_t row, uint64_t nulls) {
  const size_t word = row / 64, shift = row % 64;
  if (valid_.size() < word + 2) valid_.resize(word + 2, ~uint64_t{0});
  valid_[word] &= ~(nulls << shift);
  if (shift != 0) valid_[word + 1] &= ~(nulls >> (64 - shift));
}

Column ColumnBuilder::finish() {
  Validity valid;
  if (!valid_.empty()) {
    valid_.resize((size_ + 63) / 64, ~uint64_t{0});
    valid = Validity(std::move(valid_));
  }
  switch (reading_.type) {
    case Type::real: return Column::of_reals(std::move(name_), std::move(reals_), std::move(valid));
    case Type::text:
      return Column::of_codes(std::move(name_), std::move(codes_), dictionary_.take(), std::move(valid));
    default: return Column::of_integers(std::move(name_), reading_.type, std::move(integers_), std::move(valid));
  }
}

}  // namespace leeway
