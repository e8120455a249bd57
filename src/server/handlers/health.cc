#include "base/json_writer.h"
#include "columns/column.h"
#include "server/handlers/handlers.h"
#include "server/service.h"

namespace leeway::server::handlers {

Answer get_health(Service& service, const Call&) {
  JsonWriter w;
  w.begin_object();
  w.member("status", service.ready && !service.stopping ? "ok" : "starting");
  w.member("version", service.version);
  w.member("commit", service.commit);
  w.member("started", format_time(service.started));
  w.end_object();
  return json_response(w.take());
}

}  // namespace leeway::server::handlers
