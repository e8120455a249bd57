#include "server/handlers/handlers.h"
#include "server/rows/write_rows.h"
#include "server/service.h"

namespace leeway::server::handlers {
namespace {

constexpr int64_t rows_at_most = 1'000'000;
constexpr int64_t rows_unless_asked = 100'000;

struct Form {
  std::string_view name, type;
};
constexpr std::array<Form, 3> forms = {{{"csv", "text/csv; charset=utf-8"},
                                        {"ndjson", "application/x-ndjson"},
                                        {"parquet", "application/vnd.apache.parquet"}}};

std::expected<store::RowQuery, Problem> read_query(const Call& call) {
  store::RowQuery query;
  query.model = call.parameter("model");
  LEEWAY_TRY(const auto from, call.query.time("from"));
  LEEWAY_TRY(const auto to, call.query.time("to"));
  query.from = from.value_or(std::numeric_limits<int64_t>::min());
  query.to = to.value_or(std::numeric_limits<int64_t>::max());
  if (const auto version = call.query.get("version")) query.version = std::string(*version);
  if (const auto id = call.query.get("id")) query.id = std::string(*id);
  if (query.from >= query.to) return refuse(400, "'from' must be before 'to'.");
  LEEWAY_TRY(query.limit, call.query.integer("limit", rows_unless_asked, 1, rows_at_most));
  return query;
}

}  // namespace

/// The rows of a model in [from, to) by event time, with their outcomes.
Answer get_rows(Service& service, const Call& call) {
  LEEWAY_CHECK(call.query.only({"from", "to", "version", "id", "limit", "format"}));
  LEEWAY_CHECK(call.require_model(call.parameter("model")));
  const auto name = call.query.get("format").value_or("csv");
  const auto form = std::ranges::find(forms, name, &Form::name);
  if (form == forms.end()) return refuse(400, "'format' must be csv, ndjson or parquet.");
  LEEWAY_TRY(const auto query, read_query(call));
  LEEWAY_TRY(auto rows, service.store.rows(query));
  const bool cut = static_cast<int64_t>(rows.rows()) == query.limit;
  const auto columns = columns_of(std::move(rows));
  http::Response response;
  response.headers.add("Content-Type", std::string(form->type));
  response.headers.add("Content-Disposition", fmt::format("attachment; filename=\"rows.{}\"", form->name));
  response.headers.add("Leeway-Rows", std::to_string(columns.front().size()));
  if (cut) response.headers.add("Leeway-Rows-Cut", "true");
  if (form->name == "parquet") {
    LEEWAY_TRY(response.body, to_parquet(columns));
  } else {
    response.body = form->name == "csv" ? to_csv(columns) : to_ndjson(columns);
  }
  return response;
}

}  // namespace leeway::server::handlers
