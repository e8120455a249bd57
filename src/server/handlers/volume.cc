#include "base/json_writer.h"
#include "columns/column.h"
#include "server/handlers/handlers.h"
#include "server/service.h"

namespace leeway::server::handlers {
namespace {

constexpr int64_t day = int64_t{86'400} * 1'000'000'000;

}  // namespace

/// How many rows and outcomes a model has, by version, in [from, to) by event time: the last day unless said.
Answer get_volume(Service& service, const Call& call) {
  LEEWAY_CHECK(call.query.only({"from", "to"}));
  const std::string& model = call.parameter("model");
  LEEWAY_CHECK(call.require_model(model));
  LEEWAY_TRY(const auto given_from, call.query.time("from"));
  LEEWAY_TRY(const auto given_to, call.query.time("to"));
  const int64_t to = given_to.value_or(service.clock() + 1), from = given_from.value_or(to - day);
  if (from >= to) return refuse(400, "'from' must be before 'to'.");
  LEEWAY_TRY(const auto volume, service.store.volume(model, from, to));
  JsonWriter w;
  w.begin_object();
  w.member("model", model);
  w.member("from", format_time(from));
  w.member("to", format_time(to));
  w.key("versions");
  w.begin_array();
  for (const auto& entry : volume) {
    w.begin_object();
    w.member("version", entry.version);
    w.member("rows", entry.rows);
    w.member("labelled", entry.labelled);
    w.member("first", format_time(entry.first));
    w.member("last", format_time(entry.last));
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return json_response(w.take());
}

}  // namespace leeway::server::handlers
