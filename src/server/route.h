#pragma once
// The route table's vocabulary. A route names its method, pattern, scope and handler; without a scope it does not
// compile, and what no route names is refused.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http/server.h"
#include "server/keys.h"
#include "server/problem.h"
#include "server/target.h"

namespace leeway::server {

struct Service;
struct Call;

/// Which bodies a route reads; others get 415.
enum class Body : uint8_t {
  none,          ///< A body is passed over.
  json,          ///< application/json
  rows,          ///< application/json, application/x-ndjson, application/vnd.apache.parquet
  data,          ///< application/vnd.apache.parquet, text/csv, application/x-ndjson
  scoring,       ///< application/json, text/csv (MLflow)
  cloud_event,   ///< Anything: the event says by its own attributes what it is.
};

struct Route {
  http::Method method;
  std::string_view pattern;   ///< "/api/v1/models/{model}"
  Scope scope;
  Answer (*handler)(Service&, const Call&);
  std::string_view operation; ///< The operationId of api/openapi.yaml, and the label of metrics.
  Body body = Body::none;
  bool quick = false;         ///< Neither waits nor computes: may run on an I/O thread.
  bool websocket = false;
};

/// All routes, in the order of the contract; defined in routes.cc.
std::span<const Route> routes();

/// What a pattern's braces stood for.
using Parameters = std::vector<std::pair<std::string_view, std::string>>;

struct Match {
  const Route* route = nullptr;            ///< Null: no route of this method.
  Parameters parameters;
  std::vector<http::Method> methods;       ///< That the path has, for Allow; empty: no such path.
};
/// HEAD finds the route of GET.
Match match(http::Method method, const std::vector<std::string>& segments);

/// A request that was let in, as its handler sees it.
struct Call {
  const http::Request& request;
  const Parameters& parameters;
  const Query& query;
  const Principal& principal;
  std::string_view request_id;

  /// What stands for {name}; empty if the pattern has no such part.
  const std::string& parameter(std::string_view name) const;
  /// 403 if the key may not touch this model.
  std::expected<void, Problem> require_model(std::string_view model) const;
};

/// The media type of a Content-Type field, lower case, without parameters.
std::string media_type(std::string_view content_type);
/// 415 if the request has a body of a type that the route does not read.
std::optional<Problem> wrong_body_type(const http::Request& request, Body body);

}  // namespace leeway::server
