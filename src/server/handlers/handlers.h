#pragma once
// Every endpoint in one line; each is a file here, and a line in routes.cc.

#include "server/route.h"

namespace leeway::server::handlers {

Answer get_healthz(Service& service, const Call& call);
Answer get_readyz(Service& service, const Call& call);
Answer get_health(Service& service, const Call& call);
Answer get_metrics(Service& service, const Call& call);

}  // namespace leeway::server::handlers
