#include "server/json.h"

#include <gtest/gtest.h>

namespace leeway::server {
namespace {

std::string padded(std::string text) {
  text.reserve(text.size() + 64);
  return text;
}

std::string refusal_of(const std::string& text) {
  const auto document = JsonDocument::parse(padded(text));
  return document ? "" : document.error().message;
}

TEST(Json, RefusesWhatIsAmbiguous) {
  EXPECT_NE(refusal_of(R"({"a":1,"a":2})").find("'a' twice"), std::string::npos);
  EXPECT_NE(refusal_of(R"([{"a":1,"b":2},{"b":1,"b":2}])").find("'b' twice"), std::string::npos);
  EXPECT_NE(refusal_of(R"([{"a":1,"b":2},{"a":1,"b":2},{"a":1,"a":2}])").find("'a' twice"), std::string::npos);
  EXPECT_NE(refusal_of(R"({"\u0061":1,"a":2})").find("twice"), std::string::npos);
  for (const char* text : {"NaN", "[Infinity]", "[1e999]", "{a:1}", "[1,]", "", "   ", "[1] x", "\"\xff\"", "[01]"})
    EXPECT_NE(refusal_of(text), "") << text;
  EXPECT_EQ(refusal_of(R"([{"a":1},{"a":2},{"b":{"a":1}}])"), "");
}

TEST(Json, HasLimits) {
  EXPECT_EQ(refusal_of(std::string(31, '[') + std::string(31, ']')), "");
  EXPECT_NE(refusal_of(std::string(33, '[') + std::string(33, ']')).find("deeper"), std::string::npos);
  std::string many = "[0";
  for (int i = 0; i < 1'000'000; ++i) many += ",0";
  EXPECT_NE(refusal_of(many + "]").find("more than 1000000 values"), std::string::npos);
  EXPECT_NE(refusal_of('"' + std::string(1024 * 1024 + 1, 'a') + '"').find("1 MB"), std::string::npos);
}

TEST(Json, DoublesAreExact) {
  const auto document = JsonDocument::parse(padded("[0.1, 9007199254740993, 123456789.12345679, 5e-324]"));
  ASSERT_TRUE(document);
  std::vector<double> values;
  for (const auto item : JsonArray(document->root())) values.push_back(double(item));
  EXPECT_EQ(values, (std::vector<double>{0.1, 9007199254740992.0, 123456789.12345679, 5e-324}));
}

TEST(JsonLines, GoesOnAfterABrokenLine) {
  const std::string text = "{\"a\":1}\n\n{\"a\":\n{\"a\":3}";
  JsonLines lines(text);
  EXPECT_TRUE(*lines.next());
  EXPECT_EQ(lines.line(), 1u);
  EXPECT_FALSE(*lines.next());
  EXPECT_EQ(lines.line(), 3u);
  EXPECT_TRUE(*lines.next());
  EXPECT_EQ(lines.line(), 4u);
  EXPECT_FALSE(lines.next());
}

TEST(JsonMembers, NamesThePlace) {
  const std::string text = padded(R"({"name":3,"limit":2})");
  const auto document = JsonDocument::parse(text);
  const auto members = JsonMembers::of(document->root(), "/rows/3");
  ASSERT_TRUE(members);
  EXPECT_EQ(members->text("name").error().message, "/rows/3/name must be a text");
  EXPECT_EQ(members->text("other").error().message, "/rows/3/other must be given, as a text");
  EXPECT_EQ(**members->maybe_integer("limit"), 2);
  EXPECT_NE(members->only({"name", "limits"}).error().text().find("Did you mean 'limits'?"), std::string::npos);
}

}  // namespace
}  // namespace leeway::server
