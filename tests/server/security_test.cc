#include "server/security.h"

#include <gtest/gtest.h>

namespace leeway::server {
namespace {

TEST(Host, AddressesAndLocalhostAlwaysNamesOnlyWhenListed) {
  const OriginRules rules{{"leeway.example"}, {}};
  for (const char* host : {"127.0.0.1", "127.0.0.1:8000", "10.1.2.3:80", "[::1]", "[::1]:8000", "[2001:db8::1]:1",
                           "localhost", "LOCALHOST:8000", "leeway.example", "Leeway.Example:443"})
    EXPECT_TRUE(host_allowed(host, rules)) << host;
  for (const char* host :
       {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "0x7f.1", "2130706433", "127.1", "[::1",
        "::1", "[::1]x", "[::1]:x", "localhost:x", "localhost:123456", "leeway.example.", "[fe80::1%eth0]",
        "xn--80ak6aa92e.com", "127.0.0.1, evil.example", "localhost@evil.example"})
    EXPECT_FALSE(host_allowed(host, rules)) << host;
}

http::Request asked(http::Method method, std::initializer_list<std::pair<const char*, const char*>> fields) {
  http::Request request;
  request.method = method;
  request.headers.add("Host", "localhost:8000");
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  return request;
}

TEST(Origin, UnsafeMethodsComeFromThisHostOrListedOrigins) {
  using enum http::Method;
  const OriginRules rules{{}, {"https://ui.example"}};
  EXPECT_FALSE(foreign_page(asked(post, {}), rules));
  EXPECT_FALSE(foreign_page(asked(post, {{"Origin", "http://localhost:8000"}}), rules));
  EXPECT_FALSE(foreign_page(asked(post, {{"Origin", "https://ui.example"}, {"Sec-Fetch-Site", "cross-site"}}), rules));
  EXPECT_FALSE(foreign_page(asked(get, {{"Origin", "https://evil.example"}}), rules));
  for (const char* origin : {"https://evil.example", "null", "", "https://localhost:8000", "http://localhost",
                             "http://localhost:8001", "https://ui.example.evil"})
    EXPECT_TRUE(foreign_page(asked(post, {{"Origin", origin}}), rules)) << origin;
  EXPECT_TRUE(foreign_page(asked(post, {{"Sec-Fetch-Site", "cross-site"}}), rules));
  EXPECT_TRUE(foreign_page(asked(del, {{"Sec-Fetch-Site", "same-site"}}), rules));
  EXPECT_FALSE(foreign_page(asked(post, {{"Sec-Fetch-Site", "same-origin"}}), rules));
}

TEST(Origin, WebSocketHandshakesCount) {
  EXPECT_TRUE(
      foreign_page(asked(http::Method::get, {{"Upgrade", "websocket"}, {"Origin", "https://evil.example"}}), {}));
  EXPECT_FALSE(
      foreign_page(asked(http::Method::get, {{"Upgrade", "websocket"}, {"Origin", "http://localhost:8000"}}), {}));
}

TEST(RequestId, TakenOnlyWhenHarmless) {
  EXPECT_EQ(request_id_of(asked(http::Method::get, {{"X-Request-Id", "a_B-9"}})), "a_B-9");
  EXPECT_TRUE(request_id_of(asked(http::Method::get, {{"X-Request-Id", "a\"b"}})).starts_with("req_"));
  EXPECT_TRUE(
      request_id_of(asked(http::Method::get, {{"X-Request-Id", std::string(65, 'a').c_str()}})).starts_with("req_"));
}

}  // namespace
}  // namespace leeway::server
