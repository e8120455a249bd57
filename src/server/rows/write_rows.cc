#include "server/rows/write_rows.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/json_writer.h"
#include "base/text.h"
#include "columns/schema.h"
#include "sources/parquet_writer.h"
#include "sources/source_files.h"

namespace leeway::server {
namespace {

void append_field(std::string& out, std::string_view text, bool guarded) {
  const bool runs =
      guarded && !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  const bool quoted = text.find_first_of(",\"\r\n") != std::string_view::npos;
  if (quoted) out += '"';
  if (runs) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  if (quoted) out += '"';
}

void write_value(JsonWriter& w, const Column& column, size_t row) {
  if (!column.is_valid(row)) return w.null();
  switch (column.type()) {
    case Type::boolean: return w.value(column.integers()[row] != 0);
    case Type::integer: return w.value(column.integers()[row]);
    case Type::real: return w.value(column.reals()[row]);
    default: return w.value(column.text(row));
  }
}

}  // namespace

std::vector<Column> columns_of(store::RowSet rows) {
  std::vector<Column> out;
  out.push_back(std::move(rows.ids));
  out.push_back(std::move(rows.times));
  out.push_back(rows.versions.renamed("model_version"));
  const auto reserved = [](const std::string& name) {
    return name == "id" || name == "time" || name == "model_version" || name == "label" || name == "label_time";
  };
  for (auto& column : rows.columns)
    out.push_back(reserved(column.name()) ? column.renamed("input_" + column.name()) : std::move(column));
  out.push_back(rows.labels.renamed("label"));
  out.push_back(std::move(rows.label_times));
  return out;
}

std::string to_csv(const std::vector<Column>& columns) {
  std::string out;
  for (size_t c = 0; c < columns.size(); ++c) {
    if (c > 0) out += ',';
    append_field(out, columns[c].name(), true);
  }
  out += "\r\n";
  for (size_t row = 0; row < columns.front().size(); ++row) {
    for (size_t c = 0; c < columns.size(); ++c) {
      if (c > 0) out += ',';
      if (columns[c].is_valid(row)) append_field(out, columns[c].text(row), columns[c].type() == Type::text);
    }
    out += "\r\n";
  }
  return out;
}

std::string to_ndjson(const std::vector<Column>& columns) {
  std::string out;
  for (size_t row = 0; row < columns.front().size(); ++row) {
    JsonWriter w;
    w.begin_object();
    for (const auto& column : columns) {
      w.key(column.name());
      write_value(w, column, row);
    }
    w.end_object();
    out += w.take();
    out += '\n';
  }
  return out;
}

Result<std::string> to_parquet(const std::vector<Column>& columns) {
  std::vector<Field> fields;
  for (const auto& column : columns) fields.push_back({column.name(), column.type(), "", false});
  LEEWAY_TRY(const auto folder, TemporaryDirectory::make());
  const std::string path = folder.path() + "/rows.parquet";
  LEEWAY_CHECK(write_parquet(path, Schema(std::move(fields)), columns));
  std::ifstream in(path, std::ios::binary);
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

}  // namespace leeway::server
