#include "server/rows/table_builder.h"

#include <gtest/gtest.h>

namespace leeway::server {
namespace {

std::vector<Column> built(std::string text) {
  text.reserve(text.size() + 64);
  const auto document = JsonDocument::parse(text);
  TableBuilder builder;
  for (const auto row : JsonArray(document->root())) EXPECT_TRUE(builder.add(JsonObject(row)));
  return builder.finish();
}

std::vector<std::string> texts(const Column& column) {
  std::vector<std::string> out;
  for (size_t row = 0; row < column.size(); ++row) out.push_back(column.is_valid(row) ? column.text(row) : "-");
  return out;
}

TEST(TableBuilder, TypesAreTheNarrowestThatHoldAllValues) {
  const auto columns = built(
      R"([{"b":true,"i":1,"r":1,"t":1,"m":true,"n":null},{"b":false,"i":2,"r":0.5,"t":"x","m":2},{"r":true,"t":2.5}])");
  ASSERT_EQ(columns.size(), 6u);
  EXPECT_EQ(columns[0].type(), Type::boolean);
  EXPECT_EQ(columns[1].type(), Type::integer);
  EXPECT_EQ(columns[2].type(), Type::real);
  EXPECT_EQ(columns[3].type(), Type::text);
  EXPECT_EQ(columns[4].type(), Type::integer);
  EXPECT_EQ(columns[5].type(), Type::real);
  EXPECT_EQ(texts(columns[0]), (std::vector<std::string>{"true", "false", "-"}));
  EXPECT_EQ(texts(columns[1]), (std::vector<std::string>{"1", "2", "-"}));
  EXPECT_EQ(texts(columns[2]), (std::vector<std::string>{"1", "0.5", "1"}));
  EXPECT_EQ(texts(columns[3]), (std::vector<std::string>{"1", "x", "2.5"}));
  EXPECT_EQ(texts(columns[4]), (std::vector<std::string>{"1", "2", "-"}));
  EXPECT_EQ(columns[5].null_count(), 3u);
}

TEST(TableBuilder, ColumnsMayComeLateAndInAnyOrder) {
  const auto columns = built(R"([{"a":1},{"b":"x","a":2},{"c":3},{"a":null,"b":"y","c":4}])");
  EXPECT_EQ(texts(columns[0]), (std::vector<std::string>{"1", "2", "-", "-"}));
  EXPECT_EQ(texts(columns[1]), (std::vector<std::string>{"-", "x", "-", "y"}));
  EXPECT_EQ(texts(columns[2]), (std::vector<std::string>{"-", "-", "3", "4"}));
}

TEST(TableBuilder, ManyRowsCrossWords) {
  std::string text = "[";
  for (int i = 0; i < 200; ++i)
    text +=
        (i ? "," : "") + (i % 3 == 0 ? std::string("{}") : "{\"a\":" + std::to_string(i) + (i == 199 ? ".5}" : "}"));
  const auto columns = built(text + "]");
  ASSERT_EQ(columns[0].size(), 200u);
  EXPECT_EQ(columns[0].null_count(), 67u);
  for (size_t i = 0; i < 199; ++i) {
    ASSERT_EQ(columns[0].is_valid(i), i % 3 != 0) << i;
    if (i % 3 != 0) {
      ASSERT_EQ(columns[0].reals()[i], static_cast<double>(i));
    }
  }
}

TEST(TableBuilder, ARefusedRowLeavesNothing) {
  std::string text = R"([{"a":1},{"a":[1],"z":2},{"a":3}])";
  text.reserve(text.size() + 64);
  const auto document = JsonDocument::parse(text);
  TableBuilder builder;
  std::vector<bool> taken;
  for (const auto row : JsonArray(document->root())) taken.push_back(builder.add(JsonObject(row)).has_value());
  EXPECT_EQ(taken, (std::vector<bool>{true, false, true}));
  const auto columns = builder.finish();
  EXPECT_EQ(texts(columns[0]), (std::vector<std::string>{"1", "3"}));
}

}  // namespace
}  // namespace leeway::server
