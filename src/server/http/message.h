#pragma once
// A request and a response as plain values: what the rest of the server sees of HTTP.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway::http {

enum class Method : uint8_t { get, head, post, put, patch, del, options, other };
Method method_of(std::string_view word);
std::string_view name(Method method);
inline bool is_safe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
}

/// Header fields in the order they came or were set. Names compare without case.
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  void add(std::string name, std::string value);
  /// Replaces all fields of that name.
  void set(std::string name, std::string value);
  /// The first field's value, or empty.
  std::string_view get(std::string_view name) const;
  size_t count(std::string_view name) const;
  bool has(std::string_view name) const { return count(name) > 0; }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  size_t size() const { return fields_.size(); }

 private:
  std::vector<Field> fields_;
};

bool equal_ignoring_case(std::string_view a, std::string_view b);
/// True if `list` ("gzip, br;q=0") names `token` with a quality above 0.
bool accepts(std::string_view list, std::string_view token);

struct Request {
  Method method = Method::get;
  std::string method_text;  ///< As sent; for logs of methods that are not known.
  std::string target;       ///< Origin form as sent: "/a/b?c=d".
  Headers headers;
  std::string body;     ///< With at least 64 bytes of capacity behind it, for the JSON parser.
  std::string address;  ///< Of the peer, without its port.
  bool secure = false;  ///< By TLS.
  std::chrono::steady_clock::time_point received;
  std::shared_ptr<void> context;  ///< The Application's own, from admit() to handle().
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  bool close = false;  ///< Ends the connection after this answer.
};

std::string_view reason_phrase(int status);

}  // namespace leeway::http
