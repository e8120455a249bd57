#include "base/json_writer.h"
#include "server/handlers/handlers.h"
#include "server/inference/score_and_log.h"
#include "server/rows/read_rows.h"

namespace leeway::server::handlers {
namespace {

constexpr int64_t reasons_limit = 20;

/// What is asked, whichever way it is written.
struct Request {
  ModelReference model;
  ScoringOptions options;
  bool log = true;
  bool one = false;  ///< One row, answered by one object.
  TableBody table;
};

std::expected<void, Problem> read_options(const JsonMembers& members, Request& request) {
  LEEWAY_TRY(request.options.contributions, members.flag("contributions", false));
  LEEWAY_TRY(request.log, members.flag("log", true));
  LEEWAY_TRY(const auto reasons, members.maybe_integer("reasons"));
  if (reasons.value_or(0) < 0 || reasons.value_or(0) > reasons_limit)
    return refuse(400, fmt::format("/reasons must be from 0 to {}.", reasons_limit));
  request.options.reasons = static_cast<size_t>(reasons.value_or(0));
  LEEWAY_TRY(const auto model, members.maybe_text("model"));
  if (!model) return {};
  LEEWAY_TRY(request.model, parse_reference(*model));
  return {};
}

/// {"model", "rows" or "row", "contributions", "reasons", "log"}
std::expected<Request, Problem> read_request(const Call& call) {
  LEEWAY_TRY(const auto document, JsonDocument::parse(call.request.body));
  LEEWAY_TRY(const auto members, JsonMembers::of(document.root()));
  LEEWAY_CHECK(members.only({"model", "rows", "row", "contributions", "reasons", "log"}));
  Request request;
  LEEWAY_CHECK(read_options(members, request));
  LEEWAY_TRY(const auto rows, members.maybe_array("rows"));
  const auto row = members.find("row");
  if (rows.has_value() == row.has_value()) return refuse(400, "Give either /rows, a list, or /row, an object.");
  TableBuilder builder;
  if (rows) {
    LEEWAY_CHECK(add_rows(*rows, builder, request.table));
  } else {
    request.one = true;
    LEEWAY_TRY(const auto single, JsonMembers::of(*row, "/row"));
    LEEWAY_CHECK(builder.add(single.object()));
  }
  request.table.columns = builder.finish();
  return request;
}

/// The short form: a row, or a list of rows, and everything else in the query.
std::expected<Request, Problem> read_short_request(const Call& call) {
  LEEWAY_CHECK(call.query.only({"model", "contributions", "reasons", "log"}));
  Request request;
  if (const auto model = call.query.get("model")) {
    LEEWAY_TRY(request.model, parse_reference(*model));
  }
  LEEWAY_TRY(const auto reasons, call.query.integer("reasons", 0, 0, reasons_limit));
  request.options.reasons = static_cast<size_t>(reasons);
  request.options.contributions = call.query.get("contributions") == "true";
  request.log = call.query.get("log") != "false";
  LEEWAY_TRY(const auto document, JsonDocument::parse(call.request.body));
  TableBuilder builder;
  if (document.root().is_array()) {
    LEEWAY_CHECK(add_rows(JsonArray(document.root()), builder, request.table));
  } else {
    request.one = true;
    LEEWAY_TRY(const auto row, JsonMembers::of(document.root()));
    LEEWAY_CHECK(builder.add(row.object()));
  }
  request.table.columns = builder.finish();
  return request;
}

std::string answer_of(Service& service, const ScoredRows& scored, const Intake& intake, bool one) {
  const auto& info = scored.version().info;
  JsonWriter w;
  w.begin_object();
  w.member("model", info.model);
  w.member("version", std::to_string(info.number));
  if (one) {
    w.key("prediction");
    scored.write(w, 0, &intake.rows.ids[0]);
  } else {
    w.key("predictions");
    w.begin_array();
    for (size_t row = 0; row < scored.rows(); ++row) scored.write(w, row, &intake.rows.ids[row]);
    w.end_array();
    w.member("duplicates", static_cast<uint64_t>(intake.duplicates));
    write_rejections(w, service, intake.rejections);
  }
  w.end_object();
  return w.take();
}

Answer predict(Service& service, const Call& call, Request request, Replays::Claim claim) {
  LEEWAY_TRY(auto scoring, score_table(service, call, request.model, std::move(request.table), request.options));
  std::string answer = answer_of(service, scoring.scored, scoring.intake, request.one);
  if (!request.log) return json_response(std::move(answer));
  return log_scored(service, call, std::move(scoring), std::move(claim), std::move(answer));
}

}  // namespace

Answer post_predict(Service& service, const Call& call) {
  LEEWAY_CHECK(call.query.only({}));
  LEEWAY_TRY(auto found, service.replays.find(call));
  if (found.answer) return *std::move(found.answer);
  LEEWAY_TRY(auto request, read_request(call));
  return predict(service, call, std::move(request), std::move(found.claim));
}

Answer post_predict_short(Service& service, const Call& call) {
  LEEWAY_TRY(auto found, service.replays.find(call));
  if (found.answer) return *std::move(found.answer);
  LEEWAY_TRY(auto request, read_short_request(call));
  return predict(service, call, std::move(request), std::move(found.claim));
}

}  // namespace leeway::server::handlers
