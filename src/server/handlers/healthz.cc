#include "server/handlers/handlers.h"

namespace leeway::server::handlers {

Answer get_healthz(Service&, const Call&) { return json_response(R"({"status":"ok"})"); }

}  // namespace leeway::server::handlers
