#include "server/rows/read_rows.h"

#include <fstream>

#include "sources/dataset.h"
#include "sources/source_files.h"

namespace leeway::server {
namespace {

std::unexpected<Problem> too_many() {
  return refuse(413, fmt::format("A request may bring at most {} rows.", row_limit));
}

/// Says of a Parquet file how many rows it claims before any is read, so that a small file cannot become a large table.
Result<std::vector<Column>> read_all(const Dataset& data) {
  std::vector<size_t> all(data.schema().size());
  std::iota(all.begin(), all.end(), size_t{0});
  return data.read(all);
}

std::expected<void, Problem> name_model(RowsBody& body, const Call& call, const JsonMembers* members) {
  for (auto& [name, into] :
       {std::pair<std::string_view, std::string*>{"model", &body.model}, {"version", &body.version}}) {
    const auto from_query = call.query.get(name);
    if (from_query) *into = std::string(*from_query);
    if (!members) continue;
    LEEWAY_TRY(const auto from_body, members->maybe_text(name));
    if (from_body && from_query && *from_body != *from_query)
      return refuse(400, fmt::format("The body and the address name a different {}.", name));
    if (from_body) *into = *from_body;
  }
  return {};
}

std::expected<RowsBody, Problem> read_json(const Call& call, std::string_view list) {
  LEEWAY_TRY(const auto document, JsonDocument::parse(call.request.body));
  RowsBody body;
  TableBuilder builder;
  JsonArray rows;
  if (document.root().is_array()) {
    LEEWAY_CHECK(name_model(body, call, nullptr));
    rows = JsonArray(document.root());
  } else {
    LEEWAY_TRY(const auto members, JsonMembers::of(document.root()));
    LEEWAY_CHECK(members.only({"model", "version", list}));
    LEEWAY_CHECK(name_model(body, call, &members));
    LEEWAY_TRY(const auto given, members.maybe_array(list));
    if (!given) return refuse(400, fmt::format("/{} must be given, as a list of rows.", list));
    rows = *given;
  }
  LEEWAY_CHECK(add_rows(rows, builder, body.table));
  body.table.columns = builder.finish();
  return body;
}

std::expected<RowsBody, Problem> read_ndjson(const Call& call) {
  RowsBody body;
  LEEWAY_CHECK(name_model(body, call, nullptr));
  TableBuilder builder;
  JsonLines lines(call.request.body);
  std::string first_reason;
  for (size_t row = 0; auto line = lines.next(); ++row) {
    if (row == row_limit) return too_many();
    const auto reject = [&](const char* code, const Error& error) {
      if (first_reason.empty()) first_reason = fmt::format("Line {}: {}", lines.line(), error.text());
      body.table.rejections.push_back({row, code, error.text()});
    };
    if (!*line) {
      reject("json", line->error());
    } else if (!(*line)->is_object()) {
      reject("json", Error{.message = fmt::format("a row must be an object, not {}", kind_of(**line))});
    } else if (const auto added = builder.add(JsonObject(**line)); !added) {
      reject("value", added.error());
    } else {
      body.table.places.push_back(row);
    }
  }
  if (builder.rows() == 0 && !first_reason.empty()) return refuse(400, "No row could be read. " + first_reason);
  body.table.columns = builder.finish();
  return body;
}

}  // namespace

Result<std::vector<Column>> read_parquet(const std::string& bytes) {
  LEEWAY_TRY(const auto folder, TemporaryDirectory::make());
  const std::string path = folder.path() + "/body.parquet";
  {
    std::ofstream out(path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush())
      return fail(Code::resource_exhausted, "there is no room for the body in the folder for temporary files");
  }
  auto data = Dataset::open(SourceSpec{.paths = {path}, .threads = 1});
  if (data && static_cast<size_t>(data->rows()) > row_limit)
    return fail(Code::resource_exhausted, fmt::format("a request may bring at most {} rows", row_limit));
  auto columns = data ? read_all(*data) : Result<std::vector<Column>>(std::unexpected(data.error()));
  if (!columns)
    return fail(columns.error().code == Code::internal ? Code::internal : Code::invalid_data,
                "the body is not a Parquet file that can be read: " + columns.error().message);
  return columns;
}

std::expected<void, Problem> add_rows(JsonArray rows, TableBuilder& builder, TableBody& table) {
  size_t row = 0;
  for (const auto item : rows) {
    if (row == row_limit) return too_many();
    if (!item.is_object()) {
      table.rejections.push_back({row, "json", fmt::format("A row must be an object, not {}.", kind_of(item))});
    } else if (const auto added = builder.add(JsonObject(item)); !added) {
      table.rejections.push_back({row, "value", added.error().text()});
    } else {
      table.places.push_back(row);
    }
    ++row;
  }
  if (builder.rows() == 0 && row > 0) {
    Problem problem(400, "No row could be read.");
    for (const auto& rejection : table.rejections)
      problem.faults.push_back({fmt::format("/rows/{}", rejection.row), rejection.code, rejection.detail});
    return std::unexpected(std::move(problem));
  }
  return {};
}

std::expected<RowsBody, Problem> read_rows(const Call& call, std::string_view list) {
  const std::string type = media_type(call.request.headers.get("Content-Type"));
  if (type == "application/json") return read_json(call, list);
  if (type == "application/x-ndjson") return read_ndjson(call);
  RowsBody body;
  LEEWAY_CHECK(name_model(body, call, nullptr));
  auto columns = read_parquet(call.request.body);
  if (!columns && columns.error().code == Code::resource_exhausted) return refuse(413, columns.error().text());
  LEEWAY_TRY(body.table.columns, std::move(columns));
  return body;
}

}  // namespace leeway::server
