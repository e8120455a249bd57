#include <fstream>

#include "base/json_writer.h"
#include "server/handlers/handlers.h"
#include "server/inference/score_and_log.h"
#include "server/rows/read_rows.h"
#include "sources/dataset.h"
#include "sources/source_files.h"

namespace leeway::server::handlers {
namespace {

/// {"columns": [...], "index": [...], "data": [[...]]}: as objects, so that one reader types all.
std::expected<void, Problem> read_split(JsonElement element, TableBody& table) {
  LEEWAY_TRY(const auto members, JsonMembers::of(element, "/dataframe_split"));
  LEEWAY_CHECK(members.only({"columns", "index", "data"}));
  LEEWAY_TRY(const auto names, members.maybe_array("columns"));
  LEEWAY_TRY(const auto data, members.maybe_array("data"));
  if (!names || !data) return refuse(400, "/dataframe_split needs columns and data.");
  JsonWriter w;
  w.begin_array();
  for (const auto row : *data) {
    if (!row.is_array() || JsonArray(row).size() != names->size())
      return refuse(400, "Every row of /dataframe_split/data must be a list as long as columns.");
    w.begin_object();
    auto name = names->begin();
    for (const auto value : JsonArray(row)) {
      std::string_view column;
      if ((*name).get(column)) return refuse(400, "/dataframe_split/columns must be texts.");
      ++name;
      w.key(column);
      switch (value.type()) {
        case simdjson::dom::element_type::STRING: w.value(std::string_view(value)); break;
        case simdjson::dom::element_type::BOOL: w.value(bool(value)); break;
        case simdjson::dom::element_type::INT64: w.value(int64_t(value)); break;
        case simdjson::dom::element_type::UINT64:
        case simdjson::dom::element_type::DOUBLE: w.value(double(value)); break;
        case simdjson::dom::element_type::NULL_VALUE: w.null(); break;
        default: return refuse(400, "A value of /dataframe_split/data is a list or an object.");
      }
    }
    w.end_object();
  }
  w.end_array();
  std::string text = w.take();
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  LEEWAY_TRY(const auto document, JsonDocument::parse(text));
  TableBuilder builder;
  LEEWAY_CHECK(add_rows(JsonArray(document.root()), builder, table));
  table.columns = builder.finish();
  return {};
}

std::expected<void, Problem> read_list(JsonElement element, TableBody& table) {
  if (!element.is_array()) return refuse(400, "Rows must be a list of objects.");
  TableBuilder builder;
  LEEWAY_CHECK(add_rows(JsonArray(element), builder, table));
  table.columns = builder.finish();
  return {};
}

std::expected<void, Problem> read_json(const Call& call, TableBody& table) {
  LEEWAY_TRY(const auto document, JsonDocument::parse(call.request.body));
  LEEWAY_TRY(const auto members, JsonMembers::of(document.root()));
  LEEWAY_CHECK(members.only({"dataframe_split", "dataframe_records", "instances", "inputs", "params"}));
  std::string_view form;
  for (const std::string_view name : {"dataframe_split", "dataframe_records", "instances", "inputs"}) {
    if (!members.find(name)) continue;
    if (!form.empty())
      return refuse(400, "The body must have exactly one of dataframe_split, dataframe_records, instances and inputs.");
    form = name;
  }
  if (form.empty())
    return refuse(400, "The body must have exactly one of dataframe_split, dataframe_records, instances and inputs.");
  return form == "dataframe_split" ? read_split(*members.find(form), table) : read_list(*members.find(form), table);
}

std::expected<void, Problem> read_csv(const Call& call, TableBody& table) {
  LEEWAY_TRY(const auto folder, TemporaryDirectory::make());
  const std::string path = folder.path() + "/body.csv";
  {
    std::ofstream out(path, std::ios::binary);
    out << call.request.body;
  }
  auto data = Dataset::open(SourceSpec{.paths = {path}, .threads = 1});
  if (!data) return refuse(400, "The body is not CSV with a header: " + data.error().message + ".");
  if (static_cast<size_t>(data->rows()) > row_limit)
    return refuse(413, fmt::format("A request may bring at most {} rows.", row_limit));
  for (size_t c = 0; c < data->schema().size(); ++c) {
    LEEWAY_TRY(auto column, data->read(c));
    table.columns.push_back(std::move(column));
  }
  return {};
}

Answer score(Service& service, const Call& call, const ModelReference& reference) {
  LEEWAY_TRY(auto found, service.replays.find(call));
  if (found.answer) return *std::move(found.answer);
  TableBody table;
  const bool csv = media_type(call.request.headers.get("Content-Type")) == "text/csv";
  LEEWAY_CHECK(csv ? read_csv(call, table) : read_json(call, table));
  LEEWAY_TRY(auto scoring, score_table(service, call, reference, std::move(table), {}));
  if (!scoring.intake.rejections.empty())
    return refuse(400, fmt::format("Row {} cannot be scored: {}.", scoring.intake.rejections.front().row,
                                   scoring.intake.rejections.front().detail));
  JsonWriter w;
  w.begin_object();
  w.key("predictions");
  w.begin_array();
  for (size_t row = 0; row < scoring.scored.rows(); ++row) scoring.scored.write_score(w, row);
  w.end_array();
  w.end_object();
  return log_scored(service, call, std::move(scoring), std::move(found.claim), w.take());
}

}  // namespace

/// The MLflow scoring protocol, for the only model, or the one that ?model= names.
Answer post_invocations(Service& service, const Call& call) {
  ModelReference reference;
  if (const auto model = call.query.get("model")) {
    LEEWAY_TRY(reference, parse_reference(*model));
  }
  return score(service, call, reference);
}

}  // namespace leeway::server::handlers
