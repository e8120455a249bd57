#include "base/json_writer.h"
#include "columns/column.h"
#include "server/handlers/handlers.h"
#include "server/json.h"
#include "server/service.h"

namespace leeway::server::handlers {
namespace {

void write_event(JsonWriter& w, const models::BankEvent& event) {
  w.begin_object();
  w.member("at", format_time(event.at));
  w.member("what", event.what);
  w.member("alias", event.alias);
  for (const auto& [name, version] : {std::pair{"from", event.from}, {"to", event.to}}) {
    w.key(name);
    if (version == 0) w.null();
    else w.value(std::to_string(version));
  }
  w.member("reason", event.reason);
  w.end_object();
}

Answer moved(Service& service, const Call& call, const models::BankEvent& event) {
  service.models.forget();
  service.log({LogLevel::info,
               "alias_moved",
               {{"model", call.parameter("model")},
                {"alias", event.alias},
                {"from", std::to_string(event.from)},
                {"to", std::to_string(event.to)},
                {"key", call.principal.key_id}}});
  JsonWriter w;
  write_event(w, event);
  return json_response(w.take());
}

Result<std::string> reason_in(const JsonMembers& members) {
  LEEWAY_TRY(auto reason, members.maybe_text("reason"));
  return std::move(reason).value_or("");
}

}  // namespace

/// Every move of an alias and every version added, oldest first.
Answer get_model_log(Service& service, const Call& call) {
  LEEWAY_CHECK(call.require_model(call.parameter("model")));
  LEEWAY_TRY(const auto info, service.models.find({call.parameter("model"), {}, {}}));
  LEEWAY_TRY(const auto events, service.models.bank().log(info.model));
  JsonWriter w;
  w.begin_object();
  w.key("data");
  w.begin_array();
  for (const auto& event : events) write_event(w, event);
  w.end_array();
  w.key("next_cursor");
  w.null();
  w.end_object();
  return json_response(w.take());
}

/// {"version": "3", "reason": "…"}
Answer put_alias(Service& service, const Call& call) {
  const std::string& model = call.parameter("model");
  LEEWAY_CHECK(call.require_model(model));
  LEEWAY_TRY(const auto document, JsonDocument::parse(call.request.body));
  LEEWAY_TRY(const auto members, JsonMembers::of(document.root()));
  LEEWAY_CHECK(members.only({"version", "reason"}));
  LEEWAY_TRY(const auto version, members.text("version"));
  LEEWAY_TRY(const auto reason, reason_in(members));
  LEEWAY_TRY(const auto info, service.models.find({model, version, {}}));
  LEEWAY_TRY(const auto event, service.models.bank().promote("models:/" + info.label(), call.parameter("alias"), reason,
                                                             service.clock()));
  return moved(service, call, event);
}

/// {"reason": "…"}
Answer post_rollback(Service& service, const Call& call) {
  const std::string& model = call.parameter("model");
  LEEWAY_CHECK(call.require_model(model));
  LEEWAY_TRY(const auto document, JsonDocument::parse(call.request.body));
  LEEWAY_TRY(const auto members, JsonMembers::of(document.root()));
  LEEWAY_CHECK(members.only({"reason"}));
  LEEWAY_TRY(const auto reason, reason_in(members));
  LEEWAY_TRY(const auto info, service.models.find({model, {}, {}}));
  LEEWAY_TRY(const auto event,
             service.models.bank().roll_back(info.model, call.parameter("alias"), reason, service.clock()));
  return moved(service, call, event);
}

}  // namespace leeway::server::handlers
