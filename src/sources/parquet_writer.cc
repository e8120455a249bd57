#include "sources/parquet_writer.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"
#include "sources/duckdb_handle.h"
#include "sources/source_files.h"

namespace leeway {
namespace {

using duck::Outcome;
using duck::Owned;
using LogicalType = Owned<duckdb_logical_type, duckdb_destroy_logical_type>;

duckdb_type stored_type(const Field& field) {
  switch (field.type) {
    case Type::boolean: return DUCKDB_TYPE_BOOLEAN;
    case Type::integer: return DUCKDB_TYPE_BIGINT;
    case Type::real: return DUCKDB_TYPE_DOUBLE;
    case Type::text: return DUCKDB_TYPE_VARCHAR;
    case Type::time: return field.date_only ? DUCKDB_TYPE_DATE : DUCKDB_TYPE_TIMESTAMP_TZ;
  }
  return DUCKDB_TYPE_INVALID;
}

std::string_view type_name(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN: return "BOOLEAN";
    case DUCKDB_TYPE_BIGINT: return "BIGINT";
    case DUCKDB_TYPE_DOUBLE: return "DOUBLE";
    case DUCKDB_TYPE_DATE: return "DATE";
    case DUCKDB_TYPE_TIMESTAMP_TZ: return "TIMESTAMPTZ";
    default: return "VARCHAR";
  }
}

int64_t floor_divide(int64_t value, int64_t by) { return value / by - (value % by < 0); }

template <class To, class Convert>
void fill(duckdb_vector vector, size_t rows, Convert convert) {
  auto* to = static_cast<To*>(duckdb_vector_get_data(vector));
  for (size_t i = 0; i < rows; ++i) to[i] = convert(i);
}

/// Rows [first, first + rows) of a column into a vector of its stored type.
void fill_vector(duckdb_vector vector, const Column& column, const Field& field, size_t first, size_t rows) {
  constexpr int64_t microsecond = 1000, day = 86'400'000'000'000;
  switch (stored_type(field)) {
    case DUCKDB_TYPE_BOOLEAN:
      fill<bool>(vector, rows, [&](size_t i) { return column.integers()[first + i] != 0; });
      break;
    case DUCKDB_TYPE_BIGINT: fill<int64_t>(vector, rows, [&](size_t i) { return column.integers()[first + i]; }); break;
    case DUCKDB_TYPE_DOUBLE: fill<double>(vector, rows, [&](size_t i) { return column.reals()[first + i]; }); break;
    case DUCKDB_TYPE_DATE:
      fill<int32_t>(vector, rows,
                    [&](size_t i) { return static_cast<int32_t>(floor_divide(column.integers()[first + i], day)); });
      break;
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      fill<int64_t>(vector, rows, [&](size_t i) { return floor_divide(column.integers()[first + i], microsecond); });
      break;
    default:
      for (size_t i = 0; i < rows; ++i) {
        if (!column.is_valid(first + i)) continue;
        const std::string& text = column.dictionary()[column.codes()[first + i]];
        duckdb_vector_assign_string_element_len(vector, i, text.data(), text.size());
      }
  }
  if (column.null_count() == 0) return;
  duckdb_vector_ensure_validity_writable(vector);
  uint64_t* valid = duckdb_vector_get_validity(vector);
  for (size_t i = 0; i < rows; ++i) duckdb_validity_set_row_validity(valid, i, column.is_valid(first + i));
}

Outcome<void> append_rows(duckdb_appender appender, const Schema& schema, std::span<const Column> columns) {
  std::vector<LogicalType> types;
  std::vector<duckdb_logical_type> handles;
  for (const auto& field : schema)
    handles.push_back(types.emplace_back(duckdb_create_logical_type(stored_type(field))).get());
  const Owned<duckdb_data_chunk, duckdb_destroy_data_chunk> chunk(
      duckdb_create_data_chunk(handles.data(), handles.size()));
  const size_t rows = columns.empty() ? 0 : columns.front().size(), at_once = duckdb_vector_size();
  for (size_t first = 0; first < rows; first += at_once) {
    const size_t count = std::min(at_once, rows - first);
    duckdb_data_chunk_reset(chunk.get());
    for (size_t c = 0; c < columns.size(); ++c)
      fill_vector(duckdb_data_chunk_get_vector(chunk.get(), c), columns[c], schema[c], first, count);
    duckdb_data_chunk_set_size(chunk.get(), count);
    if (duckdb_append_data_chunk(appender, chunk.get()) == DuckDBError)
      return std::unexpected(duck::Failure{duckdb_appender_error(appender)});
  }
  if (duckdb_appender_close(appender) == DuckDBError)
    return std::unexpected(duck::Failure{duckdb_appender_error(appender)});
  return {};
}

Outcome<void> write_all(const std::string& path, const std::string& scratch, const Schema& schema,
                        std::span<const Column> columns) {
  auto database = duck::Database::open({.threads = 1, .memory_limit = "512MB", .temporary_directory = scratch});
  if (!database) return std::unexpected(database.error());
  auto connection = database->connect();
  if (!connection) return std::unexpected(connection.error());
  std::string fields;
  for (const auto& field : schema)
    fields +=
        fmt::format("{}{} {}", fields.empty() ? "" : ", ", duck::identifier(field.name), type_name(stored_type(field)));
  if (auto made = connection->run(fmt::format("CREATE TABLE rows ({})", fields)); !made) return made;
  auto appender = connection->appender("rows");
  if (!appender) return std::unexpected(appender.error());
  if (auto done = append_rows(appender->get(), schema, columns); !done) return done;
  return connection->run(fmt::format("COPY rows TO {} (FORMAT parquet, COMPRESSION zstd)", duck::literal(path)));
}

}  // namespace

Status write_parquet(const std::string& path, const Schema& schema, std::span<const Column> columns) {
  LEEWAY_TRY(const auto scratch, TemporaryDirectory::make());
  const std::string temporary = fmt::format("{}.{}.partial", path, getpid());
  const auto written = write_all(temporary, scratch.path(), schema, columns);
  std::error_code error;
  if (written) std::filesystem::rename(temporary, path, error);
  if (written && !error) return {};
  const bool begun = std::filesystem::remove(temporary, error);
  if (!written && !written.error().text.starts_with("IO Error"))
    return fail(Code::invalid_argument,
                fmt::format("'{}' cannot be written as Parquet: {}", path, printable(written.error().text)));
  if (begun)
    return fail(Code::resource_exhausted, fmt::format("'{}' could not be written whole", path), "Is the disk full?");
  return fail(Code::invalid_argument, fmt::format("'{}' cannot be written", path),
              "Is there such a folder, and may you write to it?");
}

}  // namespace leeway
