#include <algorithm>

#include "base/json_writer.h"
#include "server/base62.h"
#include "server/handlers/handlers.h"
#include "server/inference/score_and_log.h"
#include "server/inference/tensors.h"
#include "server/rows/read_rows.h"

namespace leeway::server::handlers {
namespace {

ModelReference reference_of(const Call& call) { return {call.parameter("model"), call.parameter("version"), {}}; }

/// An output of a model by the protocol.
struct Output {
  std::string_view name;
  std::string_view datatype;
};

std::vector<Output> outputs_of(const models::ModelFacts& facts) {
  if (facts.task == Task::regression) return {{"score", "FP64"}};
  return {{"score", "FP64"}, {"prediction", facts.task == Task::multiclass ? "BYTES" : "INT64"}};
}

void write_shape(JsonWriter& w, int64_t rows, size_t width) {
  w.key("shape");
  w.begin_array();
  w.value(rows);
  if (width > 1) w.value(static_cast<uint64_t>(width));
  w.end_array();
}

void write_tensor_info(JsonWriter& w, std::string_view name, std::string_view datatype, size_t width) {
  w.begin_object();
  w.member("name", name);
  w.member("datatype", datatype);
  write_shape(w, -1, width);
  w.end_object();
}

void write_output(JsonWriter& w, const ScoredRows& scored, const Output& output) {
  const auto& scores = scored.scores();
  const auto& facts = scored.version().model.facts();
  const bool score = output.name == "score";
  w.begin_object();
  w.member("name", output.name);
  write_shape(w, static_cast<int64_t>(scored.rows()), score ? scores.outputs : 1);
  w.member("datatype", output.datatype);
  w.key("data");
  w.begin_array();
  if (score) {
    for (const double value : scores.value) w.value(value);
  } else {
    for (const uint32_t value : scores.prediction) {
      if (facts.task == Task::multiclass) w.value(facts.classes[value]);
      else w.value(static_cast<int64_t>(value));
    }
  }
  w.end_array();
  w.end_object();
}

std::vector<std::string> declared_columns(const models::Model& model) {
  std::vector<std::string> names;
  for (const auto& column : model.encoder().columns()) names.push_back(column.name);
  return names;
}

/// The outputs asked for, or all.
std::expected<std::vector<Output>, Problem> chosen_outputs(const JsonMembers& request,
                                                           const models::ModelFacts& facts) {
  std::vector<Output> all = outputs_of(facts);
  LEEWAY_TRY(const auto list, request.maybe_array("outputs"));
  if (!list) return all;
  std::vector<Output> out;
  for (const auto item : *list) {
    LEEWAY_TRY(const auto members, JsonMembers::of(item, "/outputs"));
    LEEWAY_TRY(const auto name, members.text("name"));
    const auto found = std::ranges::find(all, std::string_view(name), &Output::name);
    if (found == all.end()) return refuse(400, "The model has no output of that name.");
    out.push_back(*found);
  }
  return out;
}

std::string answer_of(const Scoring& scoring, const std::vector<Output>& outputs, const std::string& id) {
  const auto& info = scoring.scored.version().info;
  JsonWriter w;
  w.begin_object();
  w.member("model_name", info.model);
  w.member("model_version", std::to_string(info.number));
  w.member("id", id);
  w.key("outputs");
  w.begin_array();
  for (const auto& output : outputs) write_output(w, scoring.scored, output);
  w.end_array();
  w.end_object();
  return w.take();
}

/// Rows without an id column are called <id>/<row> after the request's own id.
void give_ids(std::vector<Column>& columns, const IntakeRoles& roles, const std::string& id) {
  if (std::ranges::any_of(columns, [&](const Column& column) { return column.name() == roles.id; })) return;
  std::vector<std::string> ids;
  for (size_t row = 0; row < columns.front().size(); ++row) ids.push_back(fmt::format("{}/{}", id, row));
  columns.push_back(Column::of_text(roles.id, ids));
}

}  // namespace

Answer get_v2(Service& service, const Call&) {
  JsonWriter w;
  w.begin_object();
  w.member("name", "leeway");
  w.member("version", service.version);
  w.key("extensions");
  w.begin_array();
  w.end_array();
  w.end_object();
  return json_response(w.take());
}

Answer get_v2_live(Service&, const Call&) { return json_response(R"({"live":true})"); }

Answer get_v2_ready(Service& service, const Call&) {
  const bool ready = service.ready && !service.stopping;
  return json_response(ready ? R"({"live":true,"ready":true})" : R"({"live":true,"ready":false})", ready ? 200 : 503);
}

Answer get_v2_model(Service& service, const Call& call) {
  LEEWAY_CHECK(call.require_model(call.parameter("model")));
  LEEWAY_TRY(const auto version, service.models.open(reference_of(call)));
  LEEWAY_TRY(const auto all, service.models.list());
  JsonWriter w;
  w.begin_object();
  w.member("name", version->info.model);
  w.key("versions");
  w.begin_array();
  for (const auto& info : all)
    if (info.model == version->info.model) w.value(std::to_string(info.number));
  w.end_array();
  w.member("platform", "xgboost_json");
  w.key("inputs");
  w.begin_array();
  for (const auto& column : version->model.encoder().columns())
    write_tensor_info(w, column.name, datatype_of(column.type), 1);
  w.end_array();
  w.key("outputs");
  w.begin_array();
  for (const auto& output : outputs_of(version->model.facts()))
    write_tensor_info(w, output.name, output.datatype,
                      output.name == "score" ? version->model.booster().trees().outputs() : 1);
  w.end_array();
  w.end_object();
  return json_response(w.take());
}

Answer get_v2_model_ready(Service& service, const Call& call) {
  LEEWAY_CHECK(call.require_model(call.parameter("model")));
  LEEWAY_TRY(const auto version, service.models.open(reference_of(call)));
  JsonWriter w;
  w.begin_object();
  w.member("name", version->info.model);
  w.member("ready", true);
  w.end_object();
  return json_response(w.take());
}

Answer post_v2_infer(Service& service, const Call& call) {
  LEEWAY_TRY(auto found, service.replays.find(call));
  if (found.answer) return *std::move(found.answer);
  LEEWAY_TRY(const auto document, JsonDocument::parse(call.request.body));
  LEEWAY_TRY(const auto members, JsonMembers::of(document.root()));
  LEEWAY_CHECK(members.only({"id", "parameters", "inputs", "outputs"}));
  LEEWAY_TRY(const auto version, service.models.open(reference_of(call)));
  LEEWAY_TRY(const auto inputs, members.maybe_array("inputs"));
  if (!inputs) return refuse(400, "The request has no inputs.");
  LEEWAY_TRY(const auto outputs, chosen_outputs(members, version->model.facts()));
  LEEWAY_TRY(auto columns, columns_of_tensors(*inputs, declared_columns(version->model)));
  LEEWAY_TRY(const auto given, members.maybe_text("id"));
  if (given) give_ids(columns, roles_for(service, call, version->info.model), *given);
  const ModelReference exact{version->info.model, std::to_string(version->info.number), {}};
  LEEWAY_TRY(auto scoring, score_table(service, call, exact, TableBody{.columns = std::move(columns)}, {}));
  if (!scoring.intake.rejections.empty() || scoring.intake.duplicates > 0)
    return refuse(400, "Every row must be scored, but some cannot be: " +
                           (scoring.intake.rejections.empty() ? "an id is given twice"
                                                              : scoring.intake.rejections.front().detail) +
                           ".");
  std::string answer = answer_of(scoring, outputs, given ? *given : random_base62(20));
  return log_scored(service, call, std::move(scoring), std::move(found.claim), std::move(answer));
}

}  // namespace leeway::server::handlers
