#pragma once
// The application: decides who may ask what, runs the handlers, and dresses every answer. Sits between the transport
// and the route table.

#include <string>
#include <vector>

#include "server/http/server.h"
#include "server/login_guard.h"
#include "server/route.h"
#include "server/security.h"
#include "server/service.h"
#include "server/worker_pool.h"

namespace leeway::server {

struct ApiOptions {
  OriginRules origins;
  int workers = 8;
  size_t queue = 1024;                            ///< Requests that may wait for a worker; beyond it 503.
  uint64_t decompressed_bytes = 256 * 1024 * 1024;
  uint64_t decompressed_ratio = 20;
};

/// Thread safe. Must outlive the transport's Server; drain() it before the server goes.
class Api final : public http::Application {
 public:
  Api(Service& service, ApiOptions options);
  ~Api() override { drain(); }

  http::Admission admit(http::Request& head) override;
  void handle(http::Request request, http::Reply reply) override;
  http::Response refuse(const http::Request& head, int status, std::string_view detail) override;

  /// Finishes the requests that wait for a worker.
  void drain() { pool_.stop(); }
  size_t queued() const { return pool_.queued(); }

 private:
  struct Exchange;
  std::optional<Problem> let_in(http::Request& head, Exchange& exchange);
  std::optional<Problem> authenticate(const http::Request& head, Exchange& exchange);
  void run(http::Request request, http::Reply reply);
  Answer call(http::Request& request, Exchange& exchange);
  void record(http::Request request, http::Reply reply, Outcome outcome);
  std::optional<Problem> decompress(http::Request& request) const;
  http::Response finish(const http::Request& request, const Exchange& exchange, http::Response response);
  http::Response finish(const http::Request& request, const Exchange& exchange, const Problem& problem);
  void note(const http::Request& request, const Exchange& exchange, int status, double seconds) const;

  Service& service_;
  const ApiOptions options_;
  LoginGuard guard_;
  WorkerPool pool_;
};

}  // namespace leeway::server
