#include <array>

#include "server/handlers/handlers.h"
#include "server/route.h"

namespace leeway::server {
namespace {

using namespace handlers;
using http::Method;

constexpr std::array route_table = {
    Route{Method::get, "/healthz", Scope::open, get_healthz, "getHealthz", Body::none, true},
    Route{Method::get, "/readyz", Scope::open, get_readyz, "getReadyz", Body::none, true},
    Route{Method::get, "/health", Scope::read, get_health, "getHealth"},
    Route{Method::get, "/metrics", Scope::open, get_metrics, "getMetrics"},
};

}  // namespace

std::span<const Route> routes() { return route_table; }

}  // namespace leeway::server
