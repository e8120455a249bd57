#include <map>

#include "base/json_writer.h"
#include "columns/column.h"
#include "server/handlers/handlers.h"
#include "server/json.h"
#include "server/pagination.h"
#include "server/service.h"

namespace leeway::server::handlers {
namespace {

/// A model as the bank and the store know it together.
struct Known {
  std::string name;
  std::vector<models::VersionInfo> versions;  // of the bank, by number
  bool stored = false;                        // rows or settings of it are in the store
};

Result<std::map<std::string, Known>> known_models(Service& service, const Principal& principal) {
  std::map<std::string, Known> all;
  LEEWAY_TRY(const auto versions, service.models.list());
  for (const auto& info : versions) all[info.model].versions.push_back(info);
  LEEWAY_TRY(const auto records, service.store.models());
  for (const auto& record : records) all[record.name].stored = true;
  for (auto& [name, known] : all) known.name = name;
  std::erase_if(all, [&](const auto& entry) { return !principal.may_touch(entry.first); });
  return all;
}

void write_aliases(JsonWriter& w, const std::vector<models::VersionInfo>& versions) {
  w.key("aliases");
  w.begin_object();
  for (const auto& info : versions)
    for (const auto& alias : info.aliases) w.member(alias, std::to_string(info.number));
  w.end_object();
}

void write_model(JsonWriter& w, Service& service, const Known& known) {
  w.begin_object();
  w.member("name", known.name);
  w.member("served_here", !known.versions.empty());
  w.member("versions", static_cast<uint64_t>(known.versions.size()));
  write_aliases(w, known.versions);
  const auto settings = service.settings.of(known.name);
  w.key("task");
  if (!settings->config.task) w.null();
  else w.value(leeway::name(*settings->config.task));
  w.end_object();
}

}  // namespace

Answer get_models(Service& service, const Call& call) {
  LEEWAY_CHECK(call.query.only({"limit", "cursor"}));
  LEEWAY_TRY(const auto page, read_page(service, call));
  LEEWAY_TRY(const auto models, known_models(service, call.principal));
  return json_response(page_of(
      service, call, page, models, [](const auto& entry) { return entry.first; },
      [&](JsonWriter& w, const auto& entry) { write_model(w, service, entry.second); }));
}

Answer get_model(Service& service, const Call& call) {
  const std::string& name = call.parameter("model");
  LEEWAY_CHECK(call.require_model(name));
  LEEWAY_TRY(const auto models, known_models(service, call.principal));
  const auto found = models.find(name);
  if (found == models.end()) return refuse(404, "There is no such model.");
  JsonWriter w;
  w.begin_object();
  w.member("name", name);
  w.member("served_here", !found->second.versions.empty());
  write_aliases(w, found->second.versions);
  const auto settings = service.settings.of(name);
  w.key("settings");
  settings->write(w);
  w.key("columns");
  w.begin_array();
  if (const auto columns = found->second.stored
                               ? service.store.columns(name)
                               : Result<std::vector<store::ColumnRecord>>(std::vector<store::ColumnRecord>{}))
    for (const auto& column : *columns) {
      w.begin_object();
      w.member("name", column.name);
      w.member("type", leeway::name(column.type));
      w.member("lasting", column.lasting);
      w.end_object();
    }
  w.end_array();
  w.end_object();
  return json_response(w.take());
}

Answer put_model(Service& service, const Call& call) {
  const std::string& name = call.parameter("model");
  LEEWAY_CHECK(call.require_model(name));
  if (!good_model_name(name)) return refuse(400, "A model's name has 1 to 100 letters, digits, _, . or -.");
  LEEWAY_TRY(const auto document, JsonDocument::parse(call.request.body));
  LEEWAY_TRY([[maybe_unused]] const auto members, JsonMembers::of(document.root()));
  LEEWAY_TRY(const auto settings, ModelSettings::read(call.request.body));  // JSON is YAML
  LEEWAY_CHECK(service.store.put_model({name, service.clock(), settings.document}));
  service.settings.forget();
  JsonWriter w;
  settings.write(w);
  return json_response(w.take());
}

}  // namespace leeway::server::handlers
