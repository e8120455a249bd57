#include "server/handlers/handlers.h"
#include "server/service.h"

namespace leeway::server::handlers {

/// Says no more than whether, because it is open to all.
Answer get_readyz(Service& service, const Call&) {
  if (service.stopping) return busy("The server stops.");
  if (!service.ready) return busy("The journal is being replayed.");
  return json_response(R"({"status":"ready"})");
}

}  // namespace leeway::server::handlers
