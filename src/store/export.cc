#include "store/export.h"

#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "sources/parquet_writer.h"

namespace leeway::store {
namespace {

std::vector<Column> all_columns(const RowSet& rows) {
  std::vector<Column> out = {rows.ids, rows.times, rows.versions};
  out.insert(out.end(), rows.columns.begin(), rows.columns.end());
  out.push_back(rows.labels);
  out.push_back(rows.label_times);
  std::set<std::string> taken;
  for (Column& column : out) {
    std::string name = column.name();
    for (int i = 1; !taken.insert(lower_ascii(name)).second; ++i) name = fmt::format("{}_{}", column.name(), i);
    if (name != column.name()) column = column.renamed(name);
  }
  return out;
}

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

void append_text(std::string_view text, std::string& out) {
  if (text.empty() || text.find_first_of("\",\r\n") != std::string_view::npos) append_quoted(text, out);
  else out += text;
}

void append_name(std::string_view name, std::string& out) {
  if (!name.empty() && std::string_view("=+-@\t\r").find(name.front()) != std::string_view::npos)
    append_quoted(fmt::format("'{}", name), out);
  else append_text(name, out);
}

}  // namespace

Status write_rows_parquet(const RowSet& rows, const std::string& path) {
  const auto columns = all_columns(rows);
  std::vector<Field> fields;
  for (const Column& column : columns) fields.push_back({.name = column.name(), .type = column.type()});
  return write_parquet(path, Schema(std::move(fields)), columns);
}

std::string rows_as_csv(const RowSet& rows, bool header) {
  const auto columns = all_columns(rows);
  std::string out;
  for (size_t c = 0; header && c < columns.size(); ++c) {
    if (c > 0) out += ',';
    append_name(columns[c].name(), out);
  }
  if (header) out += '\n';
  for (size_t row = 0; row < rows.rows(); ++row) {
    for (size_t c = 0; c < columns.size(); ++c) {
      if (c > 0) out += ',';
      if (columns[c].is_valid(row)) append_text(columns[c].text(row), out);
    }
    out += '\n';
  }
  return out;
}

}  // namespace leeway::store
