#include "base/json_writer.h"
#include "columns/column.h"
#include "server/handlers/handlers.h"
#include "server/service.h"

namespace leeway::server::handlers {
namespace {

std::string_view severity_word(Severity severity) {
  if (severity == Severity::red) return "critical";
  return severity == Severity::yellow ? "warning" : "info";
}

void write_time(JsonWriter& w, std::string_view name, const std::optional<int64_t>& time) {
  w.key(name);
  if (time) w.value(format_time(*time));
  else w.null();
}

void write_alert(JsonWriter& w, const store::IncidentRecord& record) {
  const auto& [subject, incident, document] = record;
  w.begin_object();
  w.member("id", incident.id);
  w.member("dedup_key", incident.dedup_key);
  w.member("monitor", subject.monitor);
  w.member("model", subject.model);
  w.member("feature", subject.feature);
  w.member("segment", subject.segment);
  w.member("state", alerts::name(incident.state));
  w.member("severity", severity_word(incident.severity));
  w.member("since", format_time(incident.since));
  write_time(w, "opened", incident.opened);
  write_time(w, "acknowledged", incident.acknowledged);
  write_time(w, "resolved", incident.resolved);
  w.end_object();
}

}  // namespace

/// Incidents, newest first; those that are not resolved unless ?all=true.
Answer get_alerts(Service& service, const Call& call) {
  LEEWAY_CHECK(call.query.only({"model", "all", "limit"}));
  LEEWAY_TRY(const int64_t limit, call.query.integer("limit", 100, 1, 1000));
  const std::string model(call.query.get("model").value_or(""));
  LEEWAY_TRY(auto incidents, service.store.incidents(model, call.query.get("all") != "true", limit));
  std::erase_if(incidents, [&](const auto& record) { return !call.principal.may_touch(record.subject.model); });
  JsonWriter w;
  w.begin_object();
  w.key("data");
  w.begin_array();
  for (const auto& record : incidents) write_alert(w, record);
  w.end_array();
  w.end_object();
  return json_response(w.take());
}

}  // namespace leeway::server::handlers
