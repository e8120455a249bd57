#include "config/yaml_reader.h"

#include <cmath>
#include <gtest/gtest.h>

namespace leeway {
namespace {

YamlNode read(std::string_view text) {
  auto node = read_yaml(text, "f.yaml");
  EXPECT_TRUE(node) << node.error().text();
  return node ? *node : YamlNode();
}

std::string problem(std::string_view text) {
  const auto node = read_yaml(text, "f.yaml");
  return node ? "" : node.error().text();
}

TEST(YamlReader, TreeWithPlaces) {
  const auto root = read("a: 1\nb:\n  - x\n  - {c: 'q'}\n");
  ASSERT_TRUE(root.is_map());
  ASSERT_EQ(root.members().size(), 2u);
  const auto* b = root.find("b");
  ASSERT_NE(b, nullptr);
  ASSERT_TRUE(b->is_list());
  EXPECT_EQ(b->items()[0].text(), "x");
  EXPECT_EQ(b->items()[0].line(), 3);
  EXPECT_EQ(b->items()[0].column(), 5);
  const auto* c = b->items()[1].find("c");
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->text(), "q");
  EXPECT_TRUE(c->quoted());
  EXPECT_EQ(c->line(), 4);
  EXPECT_EQ(root.find("absent"), nullptr);
  EXPECT_EQ(root.members()[1].key_node.line(), 2);
}

/// YAML 1.2 core schema, where yaml-cpp follows 1.1.
TEST(YamlReader, CoreSchemaScalars) {
  const auto root =
      read("a: no\nb: 017\nc: 1e3\nd: .5\ne: -.inf\nf: true\ng: 'true'\nh: 0x10\ni: ~\nj:\nk: +7\nl: 1_000\nm: '5'\n");
  EXPECT_FALSE(root.find("a")->boolean("a"));
  EXPECT_EQ(*root.find("a")->string("a"), "no");
  EXPECT_EQ(*root.find("b")->integer("b"), 17);
  EXPECT_EQ(*root.find("b")->number("b"), 17);
  EXPECT_EQ(*root.find("c")->number("c"), 1000);
  EXPECT_FALSE(root.find("c")->integer("c"));
  EXPECT_EQ(*root.find("d")->number("d"), 0.5);
  EXPECT_TRUE(std::isinf(*root.find("e")->number("e")));
  EXPECT_TRUE(*root.find("f")->boolean("f"));
  EXPECT_FALSE(root.find("g")->boolean("g"));
  EXPECT_FALSE(root.find("h")->number("h"));
  EXPECT_TRUE(root.find("i")->is_null());
  EXPECT_TRUE(root.find("j")->is_null());
  EXPECT_EQ(*root.find("k")->integer("k"), 7);
  EXPECT_FALSE(root.find("l")->number("l"));
  EXPECT_EQ(root.find("m")->number("m").error().text(), "f.yaml:13:4: 'm' must be a number, not '5' in quotes.");
}

TEST(YamlReader, EmptyDocumentIsNull) {
  EXPECT_TRUE(read("").is_null());
  EXPECT_TRUE(read("# only a comment\n").is_null());
}

TEST(YamlReader, ErrorsNameThePlace) {
  EXPECT_TRUE(problem("a: 1\nb: 2\na: 3\n").starts_with("f.yaml:3:1: 'a' stands here twice, first in line 1."));
  EXPECT_TRUE(problem("a: [1, 2\nb: 3\n").starts_with("f.yaml:2:"));
  EXPECT_TRUE(problem("a: 1\n---\nb: 2\n").starts_with("f.yaml:2:1: a second document begins here."));
  EXPECT_TRUE(problem("? [a, b]\n: 1\n").find("a key must be plain text") != std::string::npos);
  EXPECT_TRUE(problem("a: \xFF\xFE\n").find("not UTF-8") != std::string::npos);
  const auto root = read("amount: 1\n");
  constexpr std::string_view known[] = {"amounts", "by"};
  EXPECT_EQ(root.only(known).error().text(), "f.yaml:1:1: unknown key 'amount'. Did you mean 'amounts'?");
}

TEST(YamlReader, AliasBombAndDeepNestingAreRefused) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    bomb += fmt::format("a{0}: &a{0} [", i);
    for (int j = 0; j < 10; ++j) bomb += fmt::format("{}*a{}", j ? ", " : "", i - 1);
    bomb += "]\n";
  }
  EXPECT_NE(problem(bomb).find("too large"), std::string::npos);
  EXPECT_NE(problem(std::string(200, '[') + std::string(200, ']')).find("nested deeper"), std::string::npos);
  EXPECT_NE(problem(std::string(20'000, '[')), "");
}

/// yaml-cpp's own reader of several documents does not return from these.
TEST(YamlReader, LeadingCommaEnds) {
  EXPECT_EQ(problem(",a"), "f.yaml:1:1: not valid YAML.");
  EXPECT_EQ(problem("\n , a: 1\n"), "f.yaml:2:2: not valid YAML.");
  EXPECT_EQ(problem("---\n,"), "f.yaml:2:1: not valid YAML.");
}

TEST(YamlReader, AliasesAreFollowed) {
  const auto root = read("a: &x {k: 1}\nb: *x\n");
  EXPECT_EQ(*root.find("b")->find("k")->integer("k"), 1);
}

}  // namespace
}  // namespace leeway
