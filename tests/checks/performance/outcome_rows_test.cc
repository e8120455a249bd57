#include "checks/performance/outcome_rows.h"

#include <cmath>

#include <gtest/gtest.h>

namespace leeway::performance {
namespace {

Validity without(size_t size, std::initializer_list<size_t> rows) {
  Validity valid(size);
  for (const size_t row : rows) valid.set(row, false);
  return valid;
}

TEST(OutcomeRows, every_unusable_row_is_counted_once_under_its_first_reason) {
  const Column score = Column::of_reals("p", {.1, NAN, INFINITY, -INFINITY, .5, .6, .7, .8}, without(8, {4}));
  const Column prediction = Column::of_text("yhat", {"no", "no", "no", "yes", "yes", "maybe", "yes", "no"});
  const Column label = Column::of_integers("y", Type::integer, {0, 0, 0, 0, 0, 0, 1, 7});
  const OutcomeColumns columns{&score, &prediction, &label, {}};
  EXPECT_FALSE(binary_rows({}, {"0", "1"}));

  const auto by_score = binary_rows({&score, nullptr, &label, {}}, {"0", "1"});
  ASSERT_TRUE(by_score);
  EXPECT_EQ(by_score->usable, (InputCounts{8, 4, 1, 1, 1, 1, 0, 0}));
  EXPECT_EQ(by_score->labelled, (InputCounts{8, 3, 1, 1, 1, 1, 1, 0}));   // label 7 is neither class
  EXPECT_EQ(by_score->labels, (std::vector<uint8_t>{0, 0, 1, unknown_label}));
  EXPECT_EQ(by_score->scores, (std::vector<double>{.1, .6, .7, .8}));
  EXPECT_TRUE(by_score->decisions.empty());

  const auto both = binary_rows(columns, {"no", "yes"});
  ASSERT_TRUE(both);
  EXPECT_EQ(both->usable, (InputCounts{8, 3, 1, 1, 1, 1, 1, 0}));         // "maybe" is no class
  EXPECT_EQ(both->decisions, (std::vector<uint8_t>{0, 1, 0}));
}

TEST(OutcomeRows, a_class_is_the_same_in_every_type) {
  const Column score = Column::of_reals("p", {.1, .9, .2});
  const BinaryClasses classes{"0", "1"};
  const std::vector<Column> labels{
      Column::of_integers("y", Type::integer, {0, 1, 0}), Column::of_integers("y", Type::boolean, {0, 1, 0}),
      Column::of_reals("y", {-0.0, 1, 0}), Column::of_text("y", {"0", "1.0", "false"})};
  for (const Column& label : labels) {
    const auto rows = binary_rows({&score, nullptr, &label, {}}, classes);
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->labels, (std::vector<uint8_t>{0, 1, 0})) << name(label.type());
    EXPECT_EQ(rows->labelled.used, 3);
  }
}

TEST(OutcomeRows, no_label_column_leaves_every_label_unknown) {
  const Column score = Column::of_reals("p", {.1, .9});
  const auto rows = binary_rows({&score, nullptr, nullptr, {}}, {"0", "1"});
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->labels, (std::vector<uint8_t>{unknown_label, unknown_label}));
  EXPECT_EQ(rows->labelled, (InputCounts{2, 0, 2, 0, 0, 0, 0, 0}));
  EXPECT_EQ(rows->usable.used, 2);
}

TEST(OutcomeRows, text_is_a_score_where_it_is_a_number_and_a_type_error_elsewhere) {
  const Column score = Column::of_text("p", {"0.1", "high", "x"}, without(3, {2}));
  const auto rows = binary_rows({&score, nullptr, nullptr, {}}, {"0", "1"});
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->usable, (InputCounts{3, 1, 1, 0, 0, 0, 1, 0}));
  EXPECT_EQ(rows->scores, std::vector<double>{.1});
  const Column times = Column::of_integers("p", Type::time, {1, 2});
  EXPECT_EQ(binary_rows({&times, nullptr, nullptr, {}}, {"0", "1"})->usable.type_errors, 2);
}

TEST(OutcomeRows, columns_must_line_up) {
  const Column score = Column::of_reals("p", {.1, .9}), label = Column::of_reals("y", {1});
  const auto rows = binary_rows({&score, nullptr, &label, {}}, {"0", "1"});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, Code::invalid_argument);
}

TEST(OutcomeRows, class_names_are_ordered_and_limited) {
  EXPECT_EQ(*class_names(Column::of_integers("y", Type::integer, {10, 2, 10, -1})),
            (std::vector<std::string>{"-1", "2", "10"}));
  EXPECT_EQ(*class_names(Column::of_text("y", {"b", "10", "a", "9", "b"}, without(5, {2}))),
            (std::vector<std::string>{"9", "10", "b"}));
  EXPECT_EQ(*class_names(Column::of_reals("y", {NAN, 0.5, INFINITY})), std::vector<std::string>{"0.5"});
  EXPECT_EQ(*class_names(Column::of_integers("y", Type::boolean, {1, 0})), (std::vector<std::string>{"false", "true"}));
  EXPECT_EQ(class_names(Column::of_reals("y", {1, 2, 3}), 2).error().code, Code::invalid_argument);
}

TEST(OutcomeRows, the_positive_class_is_named_or_recognised_or_asked_for) {
  const auto classes = [](std::vector<std::string> names, std::string_view positive = {}) {
    return binary_classes(names, positive);
  };
  EXPECT_EQ(*classes({"0", "1"}), (BinaryClasses{"0", "1"}));
  EXPECT_EQ(*classes({"1", "2"}), (BinaryClasses{"1", "2"}));
  EXPECT_EQ(*classes({"Yes", "No"}), (BinaryClasses{"No", "Yes"}));
  EXPECT_EQ(*classes({"Charged Off", "Fully Paid"}, "Charged Off"), (BinaryClasses{"Fully Paid", "Charged Off"}));
  EXPECT_EQ(*classes({"0", "1"}, "0.0"), (BinaryClasses{"1", "0"}));
  EXPECT_EQ(*classes({"0"}), (BinaryClasses{"0", ""}));
  EXPECT_EQ(*classes({"0"}, "1"), (BinaryClasses{"0", "1"}));
  EXPECT_EQ(classes({"DOWN", "UP"}).error().code, Code::invalid_argument);
  EXPECT_FALSE(classes({"DOWN", "UP"}).error().remedy.empty());
  EXPECT_EQ(classes({"0", "1"}, "2").error().code, Code::invalid_argument);
  EXPECT_EQ(classes({"a", "b", "c"}).error().code, Code::invalid_argument);
  EXPECT_EQ(classes({}).error().code, Code::invalid_argument);
}

TEST(OutcomeRows, multiclass_predictions_come_from_the_scores_if_not_given) {
  const Column a = Column::of_reals("p_a", {.2, .5, NAN}), b = Column::of_reals("p_b", {.7, .5, .1}),
               c = Column::of_reals("p_c", {.1, 0, .9});
  const Column label = Column::of_text("y", {"b", "?", "c"}, without(3, {1}));
  const auto rows = multiclass_rows({nullptr, nullptr, &label, {&a, &b, &c}}, {"a", "b", "c"});
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->predictions, (std::vector<uint32_t>{1, 0}));
  EXPECT_EQ(rows->labels, (std::vector<uint32_t>{1, unknown_class}));
  EXPECT_EQ(rows->scores, (std::vector<double>{.2, .7, .1, .5, .5, 0}));
  EXPECT_EQ(rows->usable, (InputCounts{3, 2, 0, 1, 0, 0, 0, 0}));
  EXPECT_EQ(rows->labelled, (InputCounts{3, 1, 1, 1, 0, 0, 0, 0}));
  EXPECT_FALSE(multiclass_rows({nullptr, nullptr, &label, {&a, &b}}, {"a", "b", "c"}));
  EXPECT_FALSE(multiclass_rows({nullptr, nullptr, &label, {}}, {"a", "b", "c"}));
  EXPECT_FALSE(multiclass_rows({nullptr, &label, nullptr, {}}, {"a"}));
}

TEST(OutcomeRows, regression_keeps_rows_without_a_label) {
  const Column prediction = Column::of_reals("yhat", {1, 2, 3, NAN});
  const Column label = Column::of_reals("y", {1, INFINITY, 5, 5}, without(4, {2}));
  const auto rows = regression_rows({nullptr, &prediction, &label, {}});
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->predictions, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(rows->labels[0], 1);
  EXPECT_TRUE(std::isnan(rows->labels[1]) && std::isnan(rows->labels[2]));
  EXPECT_EQ(rows->labelled, (InputCounts{4, 1, 1, 1, 1, 0, 0, 0}));
  EXPECT_FALSE(regression_rows({}));
}

}  // namespace
}  // namespace leeway::performance
