#include "columns/column.h"

#include <gtest/gtest.h>

#include <cmath>

namespace leeway {
namespace {

TEST(Column, CountsNullsAndForgetsAFullBitmap) {
  Validity valid(70);
  EXPECT_TRUE(Column::of_reals("x", std::vector<double>(70), valid).validity().all());
  valid.set(3, false);
  valid.set(69, false);
  const Column column = Column::of_reals("x", std::vector<double>(70), valid);
  EXPECT_EQ(column.null_count(), 2u);
  EXPECT_FALSE(column.is_valid(69));
  EXPECT_TRUE(column.is_valid(68));
  EXPECT_TRUE(std::isnan(column.number(3)));
}

TEST(Column, GatherKeepsTypeNullsAndDictionary) {
  Validity valid(3);
  valid.set(1, false);
  const Column column = Column::of_text("c", {"a", "b", "c"}, valid);
  const std::vector<uint32_t> rows = {2, 1, 1, 0};
  const Column picked = column.gather(rows);
  EXPECT_EQ(picked.text(0), "c");
  EXPECT_EQ(picked.null_count(), 2u);
  EXPECT_EQ(picked.text(3), "a");
}

TEST(Column, WithoutMakesRowsNullAndKeepsTheRest) {
  const Column column = Column::of_text("c", {"a", "b", "c"});
  const std::vector<uint32_t> rows = {1};
  const Column out = column.without(rows).without(std::vector<uint32_t>{2});
  EXPECT_EQ(out.null_count(), 2u);
  EXPECT_EQ(out.text(0), "a");
  EXPECT_EQ(out.text(1), "");
  EXPECT_EQ(column.null_count(), 0u);
}

TEST(Column, TextOfEveryType) {
  EXPECT_EQ(Column::of_integers("b", Type::boolean, {1}).text(0), "true");
  EXPECT_EQ(Column::of_integers("i", Type::integer, {-5}).text(0), "-5");
  EXPECT_EQ(Column::of_reals("r", {0.1}).text(0), "0.1");
  EXPECT_EQ(Column::of_integers("t", Type::time, {1'790'849'100'000'000'000}).text(0), "2026-10-01T10:05:00Z");
}

TEST(FormatTime, FractionsDatesAndTimesBefore1970) {
  EXPECT_EQ(format_time(1'500'000'000), "1970-01-01T00:00:01.5Z");
  EXPECT_EQ(format_time(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(format_time(86'400'000'000'000, true), "1970-01-02");
}

}  // namespace
}  // namespace leeway
