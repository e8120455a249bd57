#include "server/handlers/handlers.h"
#include "server/service.h"

namespace leeway::server::handlers {

/// Open, but series that name models are for keys that may read.
Answer get_metrics(Service& service, const Call& call) {
  const bool open_metrics = http::accepts(call.request.headers.get("Accept"), "application/openmetrics-text");
  http::Response response;
  response.headers.add("Content-Type", open_metrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                                    : "text/plain; version=0.0.4; charset=utf-8");
  response.body = service.metrics.expose(open_metrics ? Metrics::Format::open_metrics : Metrics::Format::text,
                                         call.principal.may(Scope::read));
  return response;
}

}  // namespace leeway::server::handlers
