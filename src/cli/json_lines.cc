#include "cli/json_lines.h"

#include "base/json_writer.h"

namespace leeway::cli {
namespace {

void write_cell(JsonWriter& json, const Field& field, const Column& column, size_t row) {
  if (!column.is_valid(row)) return json.null();
  switch (column.type()) {
    case Type::boolean: return json.value(column.integers()[row] != 0);
    case Type::integer: return json.value(column.integers()[row]);
    case Type::real: return json.value(column.reals()[row]);
    case Type::time: return json.value(format_time(column.integers()[row], field.date_only));
    case Type::text: return json.value(column.dictionary()[column.codes()[row]]);
  }
}

}  // namespace

std::string to_json_lines(const Schema& schema, std::span<const Column> columns) {
  std::string out;
  const size_t rows = columns.empty() ? 0 : columns.front().size();
  for (size_t r = 0; r < rows; ++r) {
    JsonWriter json;
    json.begin_object();
    for (size_t c = 0; c < columns.size(); ++c) {
      json.key(schema[c].name);
      write_cell(json, schema[c], columns[c], r);
    }
    json.end_object();
    out += json.take();
    out += '\n';
  }
  return out;
}

}  // namespace leeway::cli
