#include "store/duckdb/session.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

#include "base/text.h"
#include "sources/column_builder.h"

namespace leeway::store {
namespace {

using LogicalType = duck::Owned<duckdb_logical_type, duckdb_destroy_logical_type>;
using Prepared = duck::Owned<duckdb_prepared_statement, duckdb_destroy_prepare>;

struct Rule {
  std::string_view contains;
  Code code;
  std::string_view message;
};

// The first that matches counts.
constexpr std::array rules = std::to_array<Rule>({
    {"No space left", Code::resource_exhausted, "the store's disk is full"},
    {"Out of Memory", Code::resource_exhausted, "the query needs more memory than the store may use"},
    {"Could not set lock on file", Code::unavailable, "the store's file is in use by another process"},
    {"newer version of DuckDB", Code::failed_precondition, "the store's file was written by a newer release"},
    {"not a valid DuckDB database", Code::invalid_data, "the file is not a store"},
    {"Conflict", Code::unavailable, "the store is busy with the same rows"},
    {"has been invalidated", Code::unavailable, "the store must be opened again after a failure of its disk"},
    {"FATAL Error", Code::unavailable, "the store's disk failed"},
    {"IO Error", Code::unavailable, "the store's file cannot be read or written"},
});

duckdb_type stored(Type type) {
  switch (type) {
    case Type::boolean: return DUCKDB_TYPE_BOOLEAN;
    case Type::real: return DUCKDB_TYPE_DOUBLE;
    case Type::text: return DUCKDB_TYPE_VARCHAR;
    default: return DUCKDB_TYPE_BIGINT;
  }
}

std::optional<Reading> reading(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN: return Reading{.type = Type::boolean};
    case DUCKDB_TYPE_BIGINT: return Reading{.type = Type::integer};
    case DUCKDB_TYPE_DOUBLE: return Reading{.type = Type::real};
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_BLOB: return Reading{.type = Type::text};
    default: return std::nullopt;
  }
}

struct Binder {
  duckdb_prepared_statement statement;
  idx_t place;

  duckdb_state operator()(std::monostate) const { return duckdb_bind_null(statement, place); }
  duckdb_state operator()(bool value) const { return duckdb_bind_boolean(statement, place, value); }
  duckdb_state operator()(int64_t value) const { return duckdb_bind_int64(statement, place, value); }
  duckdb_state operator()(double value) const { return duckdb_bind_double(statement, place, value); }
  duckdb_state operator()(const std::string& text) const {
    return duckdb_bind_varchar_length(statement, place, text.data(), text.size());
  }
  duckdb_state operator()(const Bytes& value) const {
    return duckdb_bind_blob(statement, place, value.bytes.data(), value.bytes.size());
  }
};

/// Rows [first, first + count) into a vector of the column's stored type.
void fill(duckdb_vector vector, const Column& column, size_t first, size_t count) {
  void* data = duckdb_vector_get_data(vector);
  switch (column.type()) {
    case Type::real: std::memcpy(data, column.reals().data() + first, count * sizeof(double)); break;
    case Type::boolean:
      for (size_t i = 0; i < count; ++i) static_cast<bool*>(data)[i] = column.integers()[first + i] != 0;
      break;
    case Type::integer:
    case Type::time: std::memcpy(data, column.integers().data() + first, count * sizeof(int64_t)); break;
    case Type::text:
      for (size_t i = 0; i < count; ++i) {
        if (!column.is_valid(first + i)) continue;
        const std::string& text = column.dictionary()[column.codes()[first + i]];
        duckdb_vector_assign_string_element_len(vector, i, text.data(), text.size());
      }
  }
  if (column.null_count() == 0) return;
  duckdb_vector_ensure_validity_writable(vector);
  uint64_t* valid = duckdb_vector_get_validity(vector);
  for (size_t i = 0; i < count; ++i) duckdb_validity_set_row_validity(valid, i, column.is_valid(first + i));
}

}  // namespace

Error duck_error(std::string_view text) {
  for (const Rule& rule : rules)
    if (text.find(rule.contains) != std::string_view::npos) return {rule.code, std::string(rule.message)};
  return {Code::internal, fmt::format("the store did not expect: {}", printable(text.substr(0, text.find('\n'))))};
}

std::unexpected<Error> DuckSession::failed(const char* text) {
  const std::string_view said = text ? text : "";
  if (said.find("has been invalidated") != std::string_view::npos || said.find("FATAL Error") != std::string_view::npos)
    instance_->invalid = true;
  return fail(duck_error(said));
}

Result<duck::Rows> DuckSession::execute(const std::string& sql, std::span<const Value> values, int64_t* changed) {
  Prepared statement;
  if (duckdb_prepare(connection_.get(), sql.c_str(), statement.out()) == DuckDBError)
    return failed(duckdb_prepare_error(statement.get()));
  for (size_t i = 0; i < values.size(); ++i)
    if (std::visit(Binder{statement.get(), i + 1}, values[i]) == DuckDBError)
      return failed(duckdb_prepare_error(statement.get()));
  duckdb_result result;
  const bool bad = duckdb_execute_prepared(statement.get(), &result) == DuckDBError;
  duck::Rows rows(result);
  if (bad) return failed(duckdb_result_error(&result));
  if (changed) *changed = static_cast<int64_t>(duckdb_rows_changed(&result));
  return rows;
}

Result<int64_t> DuckSession::run(const std::string& sql, std::span<const Value> values) {
  int64_t changed = 0;
  LEEWAY_CHECK(execute(sql, values, &changed));
  return changed;
}

Result<Answer> DuckSession::query(const std::string& sql, std::span<const Value> values) {
  LEEWAY_TRY(auto rows, execute(sql, values, nullptr));
  std::vector<ColumnBuilder> builders;
  for (size_t column = 0; column < rows.columns(); ++column) {
    const auto how = reading(rows.type(column));
    if (!how) return fail(Code::internal, fmt::format("column {} of a query has a type that is not read here", column));
    builders.emplace_back(std::string(), *how, 0);
  }
  for (;;) {
    auto chunk = rows.next();
    if (!chunk) return failed(chunk.error().text.c_str());
    if (!*chunk) break;
    for (size_t column = 0; column < builders.size(); ++column) builders[column].append(**chunk, column);
  }
  Answer answer;
  for (auto& builder : builders) answer.columns.push_back(builder.finish());
  return answer;
}

Status DuckSession::append(const std::string& table, std::span<const Column> columns) {
  auto appender = connection_.appender(table);
  if (!appender) return failed(appender.error().text.c_str());
  std::vector<LogicalType> types;
  std::vector<duckdb_logical_type> handles;
  for (const Column& column : columns)
    handles.push_back(types.emplace_back(duckdb_create_logical_type(stored(column.type()))).get());
  const duck::Owned<duckdb_data_chunk, duckdb_destroy_data_chunk> chunk(
      duckdb_create_data_chunk(handles.data(), handles.size()));
  const size_t rows = columns.front().size(), at_once = duckdb_vector_size();
  for (size_t first = 0; first < rows; first += at_once) {
    const size_t count = std::min(at_once, rows - first);
    duckdb_data_chunk_reset(chunk.get());
    for (size_t c = 0; c < columns.size(); ++c)
      fill(duckdb_data_chunk_get_vector(chunk.get(), c), columns[c], first, count);
    duckdb_data_chunk_set_size(chunk.get(), count);
    if (duckdb_append_data_chunk(appender->get(), chunk.get()) == DuckDBError)
      return failed(duckdb_appender_error(appender->get()));
  }
  if (duckdb_appender_close(appender->get()) == DuckDBError) return failed(duckdb_appender_error(appender->get()));
  return {};
}

}  // namespace leeway::store
