#pragma once
// A small HTTP/1.1 client on a connection that is kept: what traffic needs, and nothing of the web at large.

#include <memory>
#include <string>

#include "base/result.h"
#include "simulate/traffic_run.h"

namespace leeway::simulate {

struct HttpServer {
  std::string url;             ///< "http://127.0.0.1:8000", without a path; https too.
  std::string key;             ///< Sent as a bearer token if not empty.
  int64_t timeout = 30'000'000'000;  ///< Nanoseconds, of one request.
};

/// Errors: invalid_argument (not an http or https address).
Status check_server(const HttpServer& server);

/// One connection; not thread safe. Follows no redirect and uses no proxy.
class HttpClient : public TrafficTarget {
 public:
  explicit HttpClient(HttpServer server);
  ~HttpClient() override;

  /// POSTs the body as application/json, whatever it holds. Of the answer's body only
  /// what was not taken is read.
  Answer send(const TrafficMessage& message) override;
  /// The body of a 2xx answer. Errors: unavailable.
  Result<std::string> get(const std::string& path);

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace leeway::simulate
