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

constexpr std::string_view as_integer = "CAST(@ AS BIGINT)", as_real = "CAST(@ AS DOUBLE)", as_text = "CAST(@ AS VARCHAR)";

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

uint64_t slot_hash(uint64_t a, uint64_t b) { return mix64(a ^ mix64(b)); }

}  // namespace

std::optional<Reading> reading_of(std::string_view duckdb_type) {
  if (duckdb_type.ends_with(']')) return std::nullopt;
  if (duckdb_type.starts_with("DECIMAL(")) return reading_of_decimal(duckdb_type);
  if (duckdb_type.starts_with("ENUM(")) return Reading{.type = Type::text, .select = as_text};
  for (const auto& rule : rules)
    if (rule.duckdb == duckdb_type) return rule.reading;
  return std::nullopt;
}

uint32_t Dictionary::code(const duckdb_string_t& cell) {
  uint64_t words[2];
  std::memcpy(words, &cell, sizeof words);
  const std::string_view text = duck::view(cell);
  const bool is_short = text.size() <= sizeof cell.value.inlined.inlined;
  const uint64_t a = words[0], b = is_short ? words[1] : hash64(text);
  for (size_t at = slot_hash(a, b) & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
    Slot& slot = slots_[at];
    if (slot.code_plus_one == 0) {
      words_.emplace_back(text);
      const auto code_plus_one = static_cast<uint32_t>(words_.size());
      slot = {a, b, code_plus_one};
      if (words_.size() * 2 > slots_.size()) grow();
      return code_plus_one - 1;
    }
    if (slot.a == a && slot.b == b && (is_short || words_[slot.code_plus_one - 1] == text))
      return slot.code_plus_one - 1;
  }
}

void Dictionary::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.code_plus_one == 0) continue;
    size_t at = slot_hash(slot.a, slot.b) & (slots_.size() - 1);
    while (slots_[at].code_plus_one != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
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
    case Type::text: append_codes(chunk, column); break;
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

void ColumnBuilder::append_codes(const duck::Chunk& chunk, size_t column) {
  const auto* cells = chunk.data<duckdb_string_t>(column);
  const uint64_t* valid = chunk.validity(column);
  for (size_t i = 0; i < chunk.size(); ++i)
    codes_.push_back(!valid || (valid[i / 64] >> (i % 64) & 1) ? dictionary_.code(cells[i]) : 0);
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
