#include "monitor/treatment.h"

#include <gtest/gtest.h>

namespace leeway {
namespace {

Column words(const std::string& name, size_t rows, size_t distinct, const std::string& around = {}) {
  std::vector<std::string> values;
  for (size_t i = 0; i < rows; ++i) values.push_back(around + "v" + std::to_string(i % distinct));
  return Column::of_text(name, values);
}

TEST(Treatment, ByTypeAndRole) {
  const Roles none;
  const Column number = Column::of_integers("n", Type::integer, {1, 2}), flag = Column::of_integers("b", Type::boolean, {0, 1}),
               time = Column::of_integers("t", Type::time, {1, 2});
  EXPECT_EQ(choose_treatment(number, Role::feature, none).treatment, Treatment::numeric);
  EXPECT_EQ(choose_treatment(flag, Role::feature, none).treatment, Treatment::category);
  EXPECT_EQ(choose_treatment(time, Role::feature, none).treatment, Treatment::time);
  for (const Role role : {Role::id, Role::ignored, Role::weight}) EXPECT_EQ(choose_treatment(number, role, none).treatment, Treatment::counted);
  EXPECT_EQ(choose_treatment(number, Role::group, none).treatment, Treatment::category);
  // A class is a category however it is written, the label of a regression a number.
  Roles binary, regression;
  binary.task = Task::binary;
  regression.task = Task::regression;
  EXPECT_EQ(choose_treatment(number, Role::label, binary).treatment, Treatment::category);
  EXPECT_EQ(choose_treatment(number, Role::prediction, regression).treatment, Treatment::numeric);
}

TEST(Treatment, TextIsACategoryFreeTextOrAnIdentifier) {
  const Roles none;
  EXPECT_EQ(choose_treatment(words("colour", 1000, 20), Role::feature, none).treatment, Treatment::category);
  EXPECT_EQ(choose_treatment(words("few", 40, 40), Role::feature, none).treatment, Treatment::category);
  EXPECT_EQ(choose_treatment(words("note", 1000, 900, "paid in full "), Role::feature, none).treatment, Treatment::text);
  const auto identifier = choose_treatment(words("account", 1000, 900), Role::feature, none);
  EXPECT_EQ(identifier.treatment, Treatment::counted);
  EXPECT_TRUE(identifier.like_an_id);
}

TEST(Treatment, WhatTheUserSaysGoesFirst) {
  Roles told;
  told.columns.categorical = {"code", "account"};
  told.columns.numeric = {"month"};
  told.columns.cyclic = {"hour"};
  told.columns.text = {"colour", "code2"};
  const Column code = Column::of_integers("code", Type::integer, {1}), hour = Column::of_integers("hour", Type::integer, {1}),
               month = Column::of_text("month", {"1"}), code2 = Column::of_integers("code2", Type::integer, {1});
  EXPECT_EQ(choose_treatment(code, Role::feature, told).treatment, Treatment::category);
  EXPECT_EQ(choose_treatment(words("account", 1000, 900), Role::feature, told).treatment, Treatment::category);
  EXPECT_EQ(choose_treatment(month, Role::feature, told).treatment, Treatment::numeric);
  EXPECT_TRUE(choose_treatment(hour, Role::feature, told).cyclic);
  EXPECT_EQ(choose_treatment(words("colour", 100, 3), Role::feature, told).treatment, Treatment::text);
  EXPECT_EQ(choose_treatment(code2, Role::feature, told).treatment, Treatment::category);   // a number has no words
  EXPECT_EQ(choose_treatment(code, Role::id, told).treatment, Treatment::counted);          // but an id is an id
}

}  // namespace
}  // namespace leeway
