#include "columns/roles.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace leeway {
namespace {

// A table described by its columns and what is known of them.
struct Table {
  std::vector<Field> fields;
  std::map<std::string, ColumnFacts, std::less<>> facts;

  Table& add(const std::string& name, Type type, ColumnFacts known = {}) {
    known.rows = 1000;
    fields.push_back({name, type, "", false});
    facts[name] = std::move(known);
    return *this;
  }
  Table& coded(const std::string& name, std::vector<std::string> values, Type type = Type::integer) {
    ColumnFacts known;
    known.distinct = static_cast<int64_t>(values.size());
    known.values = std::move(values);
    return add(name, type, known);
  }
  Table& unique(const std::string& name) { return add(name, Type::integer, {.distinct = 1000}); }
  Table& numbers(const std::string& name, double from, double to) {
    return add(name, Type::real, {.distinct = 700, .minimum = from, .maximum = to});
  }
  Result<Roles> settle(const ColumnRoles& given = {}, std::optional<Task> task = {}) const {
    const FactsOf known = [this](std::string_view name) -> std::optional<ColumnFacts> { return facts.find(name)->second; };
    return settle_roles(given, task, Schema(fields), Schema(fields), known);
  }
};

std::string remarks(const Roles& roles) { return join_words(roles.remarks, ";"); }

TEST(RolesTest, AScoredTableIsUnderstood) {
  const auto roles = Table()
                         .unique("id")
                         .numbers("MedInc", 0, 15)
                         .add("timestamp", Type::time)
                         .numbers("y_pred_proba", 0, 1)
                         .coded("y_pred", {"0", "1"})
                         .coded("clf_target", {"0", "1"})
                         .settle();
  ASSERT_TRUE(roles) << roles.error().text();
  EXPECT_EQ(roles->columns.id, "id");
  EXPECT_EQ(roles->columns.time, "timestamp");
  EXPECT_EQ(roles->columns.score, "y_pred_proba");
  EXPECT_EQ(roles->columns.prediction, "y_pred");
  EXPECT_EQ(roles->columns.label.column, "clf_target");
  EXPECT_EQ(roles->columns.label.positive, "1");
  EXPECT_EQ(roles->task, Task::binary);
  EXPECT_EQ(roles->features, std::vector<std::string>{"MedInc"});
  EXPECT_NE(remarks(*roles).find("score = y_pred_proba (by its name; another: --set columns.score=NAME)"), std::string::npos);
}

TEST(RolesTest, WhatIsNamedIsNotGuessed) {
  ColumnRoles given;
  given.label.column = "income";
  given.label.positive = ">50K";
  given.score = "p";
  const auto roles = Table()
                         .numbers("p", 0, 1)
                         .numbers("score", 300, 850)
                         .coded("target", {"0", "1"})
                         .coded("income", {"<=50K", ">50K"}, Type::text)
                         .settle(given);
  ASSERT_TRUE(roles);
  EXPECT_EQ(roles->columns.score, "p");
  EXPECT_EQ(roles->columns.label.column, "income");
  EXPECT_EQ(roles->features, (std::vector<std::string>{"score", "target"}));
  EXPECT_EQ(remarks(*roles), "task = binary (the label has 2 values; another: --set task=NAME)");
}

TEST(RolesTest, NoLabelIsBetterThanAWrongOne) {
  // A travel class of many values, a decile score, a default flag, a name.
  const auto roles = Table()
                         .add("class", Type::text, {.distinct = 300})
                         .coded("decile_score", {"1", "2", "3"})
                         .coded("default", {"no", "yes"}, Type::text)
                         .coded("loan_status", {"0", "1"})
                         .settle();
  ASSERT_TRUE(roles);
  EXPECT_EQ(roles->columns, ColumnRoles());
  EXPECT_EQ(roles->task, Task::none);
  EXPECT_TRUE(roles->remarks.empty()) << remarks(*roles);
}

TEST(RolesTest, APositiveValueThatIsNotClearIsAskedFor) {
  const auto roles = Table().numbers("nswprice", 0, 1).coded("class", {"DOWN", "UP"}, Type::text).settle();
  ASSERT_TRUE(roles);
  EXPECT_EQ(roles->columns.label.column, "class");
  EXPECT_EQ(roles->columns.label.positive, "");
  EXPECT_NE(remarks(*roles).find("label.positive: not clear among DOWN and UP"), std::string::npos) << remarks(*roles);
  EXPECT_EQ(Table().coded("y", {"no", "yes"}, Type::text).settle()->columns.label.positive, "yes");
  EXPECT_EQ(Table().coded("target", {"False", "True"}, Type::text).settle()->columns.label.positive, "True");
}

TEST(RolesTest, Tasks) {
  const auto task = [](const Table& table) { return name(table.settle()->task); };
  EXPECT_EQ(task(Table().numbers("target", 0, 100)), "none") << "no prediction: not even a label";
  EXPECT_EQ(task(Table().numbers("target", 0, 100).numbers("prediction", 0, 100)), "regression");
  EXPECT_EQ(task(Table().coded("target", {"a", "b", "c"}, Type::text)), "multiclass");
  EXPECT_EQ(task(Table().coded("target", {"0", "1", "2"})), "none");
  EXPECT_EQ(task(Table().coded("target", {"0", "1", "2"}).coded("y_pred", {"0", "1", "2"})), "multiclass");
  EXPECT_EQ(task(Table().coded("target", {"0", "1", "2"}).numbers("y_pred", 0, 2)), "regression");
  EXPECT_EQ(task(Table().numbers("score", 0, 1)), "binary");
  EXPECT_EQ(task(Table().numbers("score", 300, 850)), "none");
  EXPECT_EQ(task(Table().numbers("score", 300, 850).coded("label", {"0"})), "binary") << "one class only";
}

TEST(RolesTest, IdentifiersAreNotFeatures) {
  const auto roles = Table()
                         .unique("TRANSACTION_ID")
                         .unique("request_id")
                         .add("CUSTOMER_ID", Type::integer, {.distinct = 4990})
                         .add("PULocationID", Type::integer, {.distinct = 250})
                         .coded("zone_id", {"1", "2"})
                         .numbers("amount", 0, 100)
                         .settle();
  ASSERT_TRUE(roles);
  EXPECT_EQ(roles->columns.id, "TRANSACTION_ID");
  EXPECT_EQ(roles->columns.ignore, (std::vector<std::string>{"request_id", "CUSTOMER_ID"}));
  EXPECT_EQ(roles->features, (std::vector<std::string>{"PULocationID", "zone_id", "amount"}));
  ColumnRoles given;
  given.categorical = {"CUSTOMER_ID"};
  EXPECT_EQ(Table().add("CUSTOMER_ID", Type::integer, {.distinct = 4990}).settle(given)->features,
            std::vector<std::string>{"CUSTOMER_ID"});
}

TEST(RolesTest, OneTimeAmongSeveral) {
  const auto chosen = [](std::vector<std::pair<std::string, int64_t>> columns) {
    Table table;
    for (const auto& [name, missing] : columns) table.add(name, Type::time, {.missing = missing});
    return table.settle()->columns.time;
  };
  EXPECT_EQ(chosen({{"when", 0}}), "when");
  EXPECT_EQ(chosen({{"dob", 0}, {"timestamp", 0}}), "timestamp");
  EXPECT_EQ(chosen({{"lpep_pickup_datetime", 0}, {"lpep_dropoff_datetime", 0}}), "lpep_pickup_datetime");
  EXPECT_EQ(chosen({{"arrest_date", 5}, {"screening_date", 0}}), "screening_date");
  EXPECT_EQ(chosen({{"dob", 0}, {"first", 0}}), "");
}

TEST(RolesTest, GroupsAreSuggestedNotAssumed) {
  const auto roles = Table().coded("sex", {"F", "M"}, Type::text).coded("target", {"0", "1"}).settle();
  ASSERT_TRUE(roles);
  EXPECT_TRUE(roles->columns.groups.empty());
  EXPECT_NE(remarks(*roles).find("--set columns.groups=[sex]"), std::string::npos);
}

TEST(RolesTest, GroupsStayFeatures) {
  ColumnRoles given;
  given.groups = {"sex"};
  given.ignore = {"note"};
  const auto roles = Table().coded("sex", {"F", "M"}, Type::text).numbers("x", 0, 1).add("note", Type::text).settle(given);
  ASSERT_TRUE(roles);
  EXPECT_EQ(roles->features, (std::vector<std::string>{"sex", "x"}));
  EXPECT_EQ(name(roles->of("sex")), "group");
  EXPECT_EQ(name(roles->of("note")), "ignored");
}

TEST(RolesTest, WrongNamesAndContradictions) {
  const Table table = Table().numbers("income", 0, 1).numbers("score", 0, 1);
  ColumnRoles wrong;
  wrong.groups = {"incone"};
  EXPECT_EQ(table.settle(wrong).error().text(),
            "columns.groups names 'incone', which the data do not have. Did you mean 'income'?");
  ColumnRoles twice;
  twice.score = twice.label.column = "score";
  EXPECT_EQ(table.settle(twice).error().message, "column 'score' is named both label and score");
  ColumnRoles both;
  both.score = "score";
  both.scores = {{"a", "income"}};
  EXPECT_EQ(table.settle(both).error().code, Code::invalid_argument);
  ColumnRoles classes;
  classes.scores = {{"a", "income"}, {"b", "score"}};
  EXPECT_EQ(table.settle(classes, Task::binary).error().message, "columns.scores is set, but the task is binary");
  EXPECT_EQ(table.settle(classes)->task, Task::multiclass);
}

TEST(RolesTest, AColumnOfTheCurrentDataAloneMayHaveARole) {
  const Schema reference({{"x", Type::real, "", false}});
  const Schema current({{"x", Type::real, "", false}, {"target", Type::integer, "", false}});
  const FactsOf facts = [](std::string_view) { return ColumnFacts{.rows = 10, .distinct = 2, .values = {"0", "1"}}; };
  const auto roles = settle_roles({}, {}, reference, current, facts);
  ASSERT_TRUE(roles);
  EXPECT_EQ(roles->columns.label.column, "target");
}

}  // namespace
}  // namespace leeway
