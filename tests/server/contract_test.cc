// The route table and api/openapi.yaml say the same.

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "config/yaml_reader.h"
#include "server/route.h"

namespace leeway::server {
namespace {

YamlNode contract() {
  std::ifstream in(std::string(LEEWAY_SOURCE_DIR) + "/api/openapi.yaml", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto root = read_yaml(text, "openapi.yaml");
  EXPECT_TRUE(root) << (root ? "" : root.error().text());
  return root ? *root : YamlNode();
}

/// "GET /healthz open getHealthz"
std::string line(std::string_view method, std::string_view path, std::string_view scope, std::string_view operation) {
  return fmt::format("{} {} {} {}", method, path, scope, operation);
}

std::set<std::string> lines_of_contract() {
  std::set<std::string> lines;
  const YamlNode root = contract();
  for (const auto& path : root.find("paths")->members())
    for (const auto& [method, word] :
         {std::pair{"get", "GET"}, {"put", "PUT"}, {"post", "POST"}, {"delete", "DELETE"}, {"patch", "PATCH"}})
      if (const YamlNode* operation = path.value.find(method))
        lines.insert(
            line(word, path.key, operation->find("x-leeway-scope")->text(), operation->find("operationId")->text()));
  return lines;
}

TEST(Contract, HasExactlyTheRoutesOfTheTable) {
  std::set<std::string> table;
  for (const auto& route : routes())
    table.insert(line(http::name(route.method), route.pattern, name(route.scope), route.operation));
  EXPECT_EQ(table.size(), routes().size());
  EXPECT_EQ(table, lines_of_contract());
}

TEST(Contract, NamesTheBodiesThatRoutesRead) {
  const YamlNode root = contract();
  for (const auto& route : routes()) {
    const YamlNode* operation = root.find("paths")
                                    ->find(route.pattern)
                                    ->find(route.method == http::Method::get   ? "get"
                                           : route.method == http::Method::put ? "put"
                                                                               : "post");
    ASSERT_NE(operation, nullptr) << route.pattern;
    const YamlNode* body = operation->find("requestBody");
    ASSERT_EQ(body != nullptr, route.body != Body::none) << route.pattern;
    if (!body) continue;
    for (const std::string type :
         {"application/json", "application/x-ndjson", "application/vnd.apache.parquet", "text/csv", "text/plain"}) {
      http::Request request;
      request.headers.add("Content-Type", type);
      EXPECT_EQ(!wrong_body_type(request, route.body), body->find("content")->find(type) != nullptr)
          << route.pattern << " " << type;
    }
  }
}

TEST(Routes, OnlyWhatHoldsNoDataIsOpen) {
  const std::set<std::string_view> open = {"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs/{file}"};
  for (const auto& route : routes())
    EXPECT_EQ(route.scope == Scope::open, open.contains(route.pattern)) << route.pattern;
}

TEST(Routes, UnsafeMethodsNeedARightToChange) {
  for (const auto& route : routes()) {
    if (http::is_safe(route.method)) continue;
    EXPECT_TRUE(route.scope == Scope::ingest || route.scope == Scope::write || route.scope == Scope::admin)
        << route.pattern;
  }
}

TEST(Routes, MatchByWholeSegments) {
  using enum http::Method;
  const auto operation = [](http::Method method, std::vector<std::string> segments) {
    const Match found = match(method, segments);
    return found.route             ? found.route->operation
           : found.methods.empty() ? std::string_view("404")
                                   : std::string_view("405");
  };
  EXPECT_EQ(operation(get, {""}), "getRoot");
  EXPECT_EQ(operation(head, {"healthz"}), "getHealthz");
  EXPECT_EQ(operation(post, {"healthz"}), "405");
  EXPECT_EQ(operation(get, {"healthz", ""}), "404");
  EXPECT_EQ(operation(get, {"api", "v1", "models", ""}), "404");
  EXPECT_EQ(operation(get, {"api", "v1", "models", "x"}), "getModel");
  EXPECT_EQ(match(get, {"api", "v1", "models", "x", "versions", "3"}).parameters.at(1).second, "3");
}

}  // namespace
}  // namespace leeway::server
