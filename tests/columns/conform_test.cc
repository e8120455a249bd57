#include "columns/conform.h"

#include <cmath>

namespace leeway {
namespace {

Column text(const std::vector<std::string>& values) { return Column::of_text("x", values); }

TEST(Conform, what_compares_as_it_is_stays) {
  EXPECT_FALSE(conform(text({"a"}), Type::text));
  EXPECT_FALSE(conform(Column::of_reals("x", {1.5}), Type::integer));
  EXPECT_FALSE(conform(Column::of_integers("x", Type::boolean, {1}), Type::real));
  EXPECT_FALSE(conform(Column::of_integers("x", Type::integer, {7}), Type::text));
  EXPECT_FALSE(conform(Column::of_integers("x", Type::time, {7}), Type::time));
}

TEST(Conform, text_that_is_a_number_counts_as_one) {
  Validity valid(5);
  valid.set(3, false);
  const auto column = Column::of_codes("x", {0, 1, 2, 0, 3}, {"12", " 3.5 ", "n/a", "nan"}, valid);
  const auto conformed = conform(column, Type::real);
  ASSERT_TRUE(conformed);
  EXPECT_EQ(conformed->type_errors, 1);
  EXPECT_EQ(conformed->column.null_count(), 2u);
  EXPECT_EQ(conformed->column.name(), "x");
  EXPECT_EQ(conformed->column.reals()[0], 12);
  EXPECT_EQ(conformed->column.reals()[1], 3.5);
  EXPECT_FALSE(conformed->column.is_valid(2));
  EXPECT_FALSE(conformed->column.is_valid(3));
  EXPECT_TRUE(std::isnan(conformed->column.reals()[4]));
}

TEST(Conform, integers_written_as_text_stay_exact) {
  const auto conformed = conform(text({"9007199254740993", "oops", "-1"}), Type::integer);
  ASSERT_TRUE(conformed);
  EXPECT_EQ(conformed->column.type(), Type::integer);
  EXPECT_EQ(conformed->column.integers()[0], 9007199254740993);
  EXPECT_EQ(conformed->type_errors, 1);
}

TEST(Conform, booleans) {
  const auto words = conform(text({"True", "0", "yes", "FALSE", "1"}), Type::boolean);
  ASSERT_TRUE(words);
  EXPECT_EQ(words->type_errors, 1);
  EXPECT_EQ(words->column.type(), Type::boolean);
  EXPECT_EQ(words->column.integers()[0], 1);
  EXPECT_EQ(words->column.integers()[3], 0);
  const auto numbers = conform(Column::of_reals("x", {0, 1, 0.5, -0.0}), Type::boolean);
  ASSERT_TRUE(numbers);
  EXPECT_EQ(numbers->type_errors, 1);
  EXPECT_TRUE(numbers->column.is_valid(3));
}

TEST(Conform, what_can_be_no_value_of_the_type_is_an_error) {
  const auto time = Column::of_integers("x", Type::time, {5, 6}, [] {
    Validity valid(2);
    valid.set(0, false);
    return valid;
  }());
  const auto as_number = conform(time, Type::real);
  ASSERT_TRUE(as_number);
  EXPECT_EQ(as_number->type_errors, 1);
  EXPECT_EQ(as_number->column.null_count(), 2u);
  EXPECT_EQ(as_number->column.type(), Type::real);
  EXPECT_EQ(conform(Column::of_integers("x", Type::integer, {20260101}), Type::time)->type_errors, 1);
}

TEST(Conform, times_written_as_text) {
  const auto times = conform(text({"1970-01-02", "soon", "1970-01-01T00:00:01Z"}), Type::time);
  ASSERT_TRUE(times);
  EXPECT_EQ(times->type_errors, 1);
  EXPECT_EQ(times->column.type(), Type::time);
  EXPECT_EQ(times->column.integers()[0], 86'400'000'000'000);
  EXPECT_EQ(times->column.integers()[2], 1'000'000'000);
}

TEST(Conform, a_column_without_values_has_no_type_errors) {
  const auto conformed = conform(Column::of_codes("x", {0, 0}, {}, Validity(2, false)), Type::integer);
  ASSERT_TRUE(conformed);
  EXPECT_EQ(conformed->type_errors, 0);
  EXPECT_EQ(conformed->column.null_count(), 2u);
  EXPECT_EQ(conform(text({}), Type::real)->column.size(), 0u);
}

}  // namespace
}  // namespace leeway
