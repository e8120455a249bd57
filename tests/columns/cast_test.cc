#include "columns/cast.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace leeway {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Validity with_null(size_t size, size_t null) {
  Validity valid(size);
  valid.set(null, false);
  return valid;
}

// The values as text, "!" for a null that was none before.
std::string cast_text(const Column& from, Type type) {
  const Cast cast = cast_to(from, type);
  EXPECT_EQ(name(cast.column.type()), name(type));
  EXPECT_EQ(cast.column.size(), from.size());
  EXPECT_EQ(cast.column.name(), from.name());
  std::string out;
  int64_t errors = 0;
  for (size_t row = 0; row < from.size(); ++row) {
    const bool error = from.is_valid(row) && !cast.column.is_valid(row);
    errors += error;
    out += (row > 0 ? "|" : "") + (error ? "!" : cast.column.is_valid(row) ? cast.column.text(row) : "∅");
  }
  EXPECT_EQ(cast.type_errors, errors);
  return out;
}

TEST(CastTest, TextToNumbers) {
  const Column from = Column::of_text("x", {"1", "2.5", " 7 ", "-3", "1e2", "abc", "", "nan", "9223372036854775807"});
  EXPECT_EQ(cast_text(from, Type::real), "1|2.5|7|-3|100|!|!|NaN|9223372036854775808");
  EXPECT_EQ(cast_text(from, Type::integer), "1|!|7|-3|100|!|!|!|9223372036854775807");
}

TEST(CastTest, NullsStayNullsAndAreNoErrors) {
  const Column from = Column::of_text("x", {"1", "2", "z"}, with_null(3, 1));
  EXPECT_EQ(cast_text(from, Type::integer), "1|∅|!");
  EXPECT_EQ(cast_text(from, Type::boolean), "true|∅|!");
  EXPECT_EQ(cast_text(Column::of_reals("x", {1, 2, 3}, with_null(3, 0)), Type::text), "∅|2|3");
}

TEST(CastTest, RealToInteger) {
  const Column from = Column::of_reals("x", {1, -0.0, 2.5, nan, infinity, 0x1p63, -0x1p63, 9007199254740992.0});
  EXPECT_EQ(cast_text(from, Type::integer), "1|0|!|!|!|!|-9223372036854775808|9007199254740992");
  EXPECT_EQ(cast_text(from, Type::boolean), "true|false|!|!|!|!|!|!");
}

TEST(CastTest, Booleans) {
  const Column words = Column::of_text("x", {"true", "FALSE", "Yes", "n", "1", "maybe"});
  EXPECT_EQ(cast_text(words, Type::boolean), "true|false|true|false|true|!");
  EXPECT_EQ(cast_text(Column::of_integers("x", Type::integer, {0, 1, 2}), Type::boolean), "false|true|!");
  EXPECT_EQ(cast_text(Column::of_integers("x", Type::boolean, {0, 1}), Type::real), "0|1");
  EXPECT_EQ(cast_text(Column::of_integers("x", Type::boolean, {0, 1}), Type::integer), "0|1");
}

TEST(CastTest, NumbersToText) {
  EXPECT_EQ(cast_text(Column::of_integers("x", Type::integer, {7, 8, 7}), Type::text), "7|8|7");
  const Cast cast = cast_to(Column::of_reals("x", {0.0, -0.0, nan, nan}), Type::text);
  EXPECT_EQ(cast.column.dictionary().size(), 2u);
  EXPECT_EQ(cast_text(Column::of_integers("x", Type::time, {0}), Type::text), "1970-01-01T00:00:00Z");
}

TEST(CastTest, TimesAreNotNumbers) {
  EXPECT_EQ(cast_text(Column::of_integers("x", Type::time, {5}), Type::integer), "!");
  EXPECT_EQ(cast_text(Column::of_integers("x", Type::time, {5}), Type::real), "!");
  EXPECT_EQ(cast_text(Column::of_integers("x", Type::integer, {5}), Type::time), "!");
  EXPECT_EQ(cast_text(Column::of_text("x", {"2024-01-01", "x"}), Type::time), "2024-01-01T00:00:00Z|!");
}

TEST(CastTest, ComparisonTypes) {
  EXPECT_EQ(comparison_type(Type::integer, Type::real), Type::real);
  EXPECT_EQ(comparison_type(Type::real, Type::boolean), Type::real);
  EXPECT_EQ(comparison_type(Type::boolean, Type::integer), Type::integer);
  EXPECT_EQ(comparison_type(Type::integer, Type::text), Type::integer);
  EXPECT_EQ(comparison_type(Type::text, Type::integer), Type::text);
  EXPECT_EQ(comparison_type(Type::time, Type::text), Type::time);
}

TEST(ParseTimeTest, Forms) {
  constexpr int64_t day = 86400, second = 1'000'000'000;
  const int64_t at = (19782 * day + 10 * 3600) * second;  // 2024-02-29T10:00:00Z
  EXPECT_EQ(parse_time("2024-02-29"), 19782 * day * second);
  for (const auto* text : {"2024-02-29T10:00", "2024-02-29 10:00:00", "2024-02-29t10:00:00z", "2024-02-29T12:00:00+02:00",
                           "2024-02-29T04:30:00-0530", "2024-02-29T12:00:00 +02", " 2024-02-29T10:00:00Z "})
    EXPECT_EQ(parse_time(text), at) << text;
  EXPECT_EQ(parse_time("2024-02-29T10:00:00.000000001Z"), at + 1);
  EXPECT_EQ(parse_time("2024-02-29T10:00:00,5"), at + second / 2);
  EXPECT_EQ(parse_time("1969-12-31T23:59:59.5Z"), -second / 2);
}

TEST(ParseTimeTest, Refusals) {
  for (const auto* text : {"", "2024", "2024-13-01", "2023-02-29", "2024-02-30", "2024-02-29T", "2024-02-29T24:00", "2024-02-29T10",
                           "2024-02-29T10:00:00.", "2024-02-29T10:00:00.1234567890", "2024-02-29T10:00:00+25:00", "2024-02-29x",
                           "9999-12-31", "0001-01-01", "24-02-29"})
    EXPECT_FALSE(parse_time(text)) << text;
}

RC_GTEST_PROP(ParseTimeTest, ReadsWhatIsWritten, (int64_t nanoseconds)) {
  RC_ASSERT(parse_time(format_time(nanoseconds)) == nanoseconds);
}

RC_GTEST_PROP(CastTest, IntegersSurviveTheWayThroughText, (std::vector<int64_t> values)) {
  const Column from = Column::of_integers("x", Type::integer, values);
  const Cast there = cast_to(from, Type::text);
  const Cast back = cast_to(there.column, Type::integer);
  RC_ASSERT(back.type_errors == 0);
  RC_ASSERT(std::vector<int64_t>(back.column.integers().begin(), back.column.integers().end()) == values);
}

}  // namespace
}  // namespace leeway
