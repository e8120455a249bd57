#include "base/json_writer.h"
#include "columns/column.h"
#include "server/handlers/handlers.h"
#include "server/service.h"

namespace leeway::server::handlers {

/// GET /: what this server is and which models it serves.
Answer get_root(Service& service, const Call& call) {
  LEEWAY_TRY(const auto versions, service.models.list());
  JsonWriter w;
  w.begin_object();
  w.member("name", "leeway");
  w.member("version", service.version);
  w.member("status", service.ready ? "ready" : "starting");
  w.member("started", format_time(service.started));
  w.key("models");
  w.begin_array();
  for (size_t i = 0; i < versions.size(); ++i) {
    const auto& info = versions[i];
    if (i > 0 && versions[i - 1].model == info.model) continue;
    if (!call.principal.may_touch(info.model)) continue;
    LEEWAY_TRY(const auto used, service.models.find({info.model, {}, {}}));
    w.begin_object();
    w.member("name", info.model);
    w.member("version", std::to_string(used.number));
    w.end_object();
  }
  w.end_array();
  w.member("documentation", "/docs");
  w.end_object();
  return json_response(w.take());
}

}  // namespace leeway::server::handlers
