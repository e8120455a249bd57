#include "base/json_writer.h"
#include "columns/column.h"
#include "server/handlers/handlers.h"
#include "server/pagination.h"
#include "server/service.h"

namespace leeway::server::handlers {
namespace {

void write_info(JsonWriter& w, const models::VersionInfo& info) {
  w.member("model", info.model);
  w.member("version", std::to_string(info.number));
  w.member("sha256", info.id);
  w.member("added", format_time(info.added));
  w.key("aliases");
  w.begin_array();
  for (const auto& alias : info.aliases) w.value(alias);
  w.end_array();
}

void write_metrics(JsonWriter& w, const models::ModelRecord& record) {
  w.key("metrics");
  w.begin_array();
  for (const auto& metric : record.metrics) {
    w.begin_object();
    w.member("name", metric.name);
    w.member("data", metric.data);
    w.member("value", metric.value);
    w.member("low", metric.low);
    w.member("high", metric.high);
    w.member("rows", metric.rows);
    w.end_object();
  }
  w.end_array();
}

void write_columns(JsonWriter& w, const models::Model& model) {
  w.key("columns");
  w.begin_array();
  for (const auto& column : model.encoder().columns()) {
    w.begin_object();
    w.member("name", column.name);
    w.member("type", leeway::name(column.type));
    w.end_object();
  }
  w.end_array();
}

/// The version's number as a key that sorts as numbers do.
std::string sortable(const models::VersionInfo& info) { return fmt::format("{:010}", info.number); }

}  // namespace

Answer get_versions(Service& service, const Call& call) {
  LEEWAY_CHECK(call.query.only({"limit", "cursor"}));
  LEEWAY_CHECK(call.require_model(call.parameter("model")));
  LEEWAY_TRY(const auto page, read_page(service, call));
  LEEWAY_TRY(auto versions, service.models.list());
  std::erase_if(versions, [&](const auto& info) { return info.model != call.parameter("model"); });
  if (versions.empty()) return refuse(404, "There is no such model in the bank.");
  return json_response(page_of(service, call, page, versions, sortable, [](JsonWriter& w, const auto& info) {
    w.begin_object();
    write_info(w, info);
    w.end_object();
  }));
}

Answer get_version(Service& service, const Call& call) {
  LEEWAY_CHECK(call.require_model(call.parameter("model")));
  LEEWAY_TRY(const auto version, service.models.open({call.parameter("model"), call.parameter("version"), {}}));
  const auto& facts = version->model.facts();
  JsonWriter w;
  w.begin_object();
  write_info(w, version->info);
  w.member("task", leeway::name(facts.task));
  w.member("label", facts.label);
  w.member("algorithm", facts.algorithm);
  w.member("threshold", version->model.threshold());
  w.member("training_rows", facts.training_rows);
  w.member("software", facts.software);
  write_columns(w, version->model);
  write_metrics(w, version->record);
  w.end_object();
  return json_response(w.take());
}

}  // namespace leeway::server::handlers
