#include "server/target.h"

#include <gtest/gtest.h>

namespace leeway::server {
namespace {

TEST(Target, DecodesEachSegmentOnce) {
  const auto target = parse_target("/api/v1/models/gr%C3%BCn%20er?x=1&y=a%26b");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->segments, (std::vector<std::string>{"api", "v1", "models", "grün er"}));
  EXPECT_EQ(target->query, "x=1&y=a%26b");
}

TEST(Target, RefusesWhatOthersMayReadOtherwise) {
  for (const char* text :
       {"/a/..", "/a/../b", "/./a",  "/a..b", "/%2e%2e/a", "/a%2fb", "/a%5cb", "/a\\b", "/a;b", "/a%3Bb",   "/%252e",
        "/a%25", "/a%00",   "/a%0a", "/a%7f", "/%",        "/%g1",   "/%4",    "/%ff",  "a",    "http://x/"})
    EXPECT_FALSE(parse_target(text)) << text;
}

TEST(Query, ReadsTypesAndNamesMistakes) {
  const auto query = Query::parse("limit=5&from=2026-11-20T16%3A30%3A00%2B02:00&name=a+b");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->get("name"), "a b");
  EXPECT_EQ(*query->integer("limit", 1, 1, 10), 5);
  EXPECT_EQ(*query->integer("other", 7, 1, 10), 7);
  EXPECT_FALSE(query->integer("limit", 1, 1, 4));
  EXPECT_EQ(**query->time("from"), 1795185000000000000);  // 2026-11-20T14:30:00Z, by Python's datetime
  EXPECT_TRUE(query->only({"limit", "from", "name"}));
  EXPECT_NE(query->only({"limits", "from", "name"}).error().text().find("Did you mean 'limits'?"), std::string::npos);
}

TEST(Query, RefusesRepeatsAndNaiveTimes) {
  EXPECT_FALSE(Query::parse("a=1&a=2"));
  EXPECT_FALSE(Query::parse("a=%zz"));
  EXPECT_FALSE(Query::parse("a=1")->time("a"));
  EXPECT_FALSE(Query::parse("a=2026-11-20T16:30:00")->time("a"));
  EXPECT_FALSE(Query::parse("a=2026-11-20")->time("a"));
}

}  // namespace
}  // namespace leeway::server
