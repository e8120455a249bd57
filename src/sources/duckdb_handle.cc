#include "sources/duckdb_handle.h"

#include <utility>

#include <fmt/format.h>

namespace leeway::duck {
namespace {

using Prepared = Owned<duckdb_prepared_statement, duckdb_destroy_prepare>;

Outcome<Prepared> prepare(duckdb_connection connection, const std::string& sql) {
  Prepared statement;
  if (duckdb_prepare(connection, sql.c_str(), statement.out()) == DuckDBError)
    return std::unexpected(Failure{duckdb_prepare_error(statement.get())});
  return statement;
}

}  // namespace

Outcome<std::optional<Chunk>> Rows::next() {
  duckdb_data_chunk chunk = duckdb_fetch_chunk(result_);
  if (chunk) return Chunk(chunk);
  const char* error = duckdb_result_error(&result_);
  if (error && *error) return std::unexpected(Failure{error});
  return std::nullopt;
}

Outcome<void> Connection::run(const std::string& sql) {
  duckdb_result result;
  const bool failed = duckdb_query(handle_.get(), sql.c_str(), &result) == DuckDBError;
  const Rows owner(result);
  if (failed) return std::unexpected(Failure{duckdb_result_error(&result)});
  return {};
}

Outcome<Rows> Connection::stream(const std::string& sql) {
  auto statement = prepare(handle_.get(), sql);
  if (!statement) return std::unexpected(statement.error());
  Owned<duckdb_pending_result, duckdb_destroy_pending> pending;
  if (duckdb_pending_prepared_streaming(statement->get(), pending.out()) == DuckDBError)
    return std::unexpected(Failure{duckdb_pending_error(pending.get())});
  duckdb_result result;
  const bool failed = duckdb_execute_pending(pending.get(), &result) == DuckDBError;
  Rows rows(result);
  if (failed) return std::unexpected(Failure{duckdb_result_error(&result)});
  return rows;
}

Outcome<std::vector<std::vector<std::string>>> Connection::table(const std::string& sql) {
  auto rows = stream(sql);
  if (!rows) return std::unexpected(rows.error());
  std::vector<std::vector<std::string>> out;
  for (;;) {
    auto chunk = rows->next();
    if (!chunk) return std::unexpected(chunk.error());
    if (!*chunk) return out;
    for (size_t row = 0; row < (*chunk)->size(); ++row) {
      auto& cells = out.emplace_back(rows->columns());
      for (size_t column = 0; column < cells.size(); ++column) {
        const uint64_t* valid = (*chunk)->validity(column);
        if (!valid || (valid[row / 64] >> (row % 64) & 1))
          cells[column] = view((*chunk)->data<duckdb_string_t>(column)[row]);
      }
    }
  }
}

Outcome<int64_t> Connection::number(const std::string& sql) {
  auto rows = stream("SELECT (" + sql + ")::BIGINT");
  if (!rows) return std::unexpected(rows.error());
  auto chunk = rows->next();
  if (!chunk) return std::unexpected(chunk.error());
  if (!*chunk || (*chunk)->size() == 0) return std::unexpected(Failure{"a query for a number gave no row"});
  return *(*chunk)->data<int64_t>(0);
}

Outcome<void> Connection::require_select(const std::string& sql) {
  Owned<duckdb_extracted_statements, duckdb_destroy_extracted> statements;
  const idx_t count = duckdb_extract_statements(handle_.get(), sql.c_str(), statements.out());
  if (count == 0) return std::unexpected(Failure{duckdb_extract_statements_error(statements.get())});
  if (count > 1) return std::unexpected(Failure{"Parser Error: one SELECT is expected, not several statements"});
  Prepared statement;
  if (duckdb_prepare_extracted_statement(handle_.get(), statements.get(), 0, statement.out()) == DuckDBError)
    return std::unexpected(Failure{duckdb_prepare_error(statement.get())});
  if (duckdb_prepared_statement_type(statement.get()) != DUCKDB_STATEMENT_TYPE_SELECT)
    return std::unexpected(Failure{"Parser Error: only a SELECT may be run"});
  return {};
}

Outcome<Appender> Connection::appender(const std::string& table) {
  Appender appender;
  if (duckdb_appender_create(handle_.get(), nullptr, table.c_str(), appender.out()) == DuckDBError)
    return std::unexpected(Failure{duckdb_appender_error(appender.get())});
  return appender;
}

Outcome<Database> Database::open(const Options& options) {
  Owned<duckdb_config, duckdb_destroy_config> config;
  duckdb_create_config(config.out());
  const std::pair<const char*, std::string> settings[] = {
      {"autoinstall_known_extensions", "false"}, {"autoload_known_extensions", "false"},
      {"allow_community_extensions", "false"},   {"threads", std::to_string(options.threads)},
      {"memory_limit", options.memory_limit},    {"temp_directory", options.temporary_directory},
  };
  for (const auto& [name, value] : settings)
    if (duckdb_set_config(config.get(), name, value.c_str()) == DuckDBError)
      return std::unexpected(Failure{fmt::format("Invalid Configuration Error: {}", name)});
  Database database;
  char* error = nullptr;
  if (duckdb_open_ext(options.path.empty() ? nullptr : options.path.c_str(), database.handle_.out(), config.get(), &error) == DuckDBError) {
    Failure failure{error ? error : "cannot be opened"};
    duckdb_free(error);
    return std::unexpected(std::move(failure));
  }
  auto connection = database.connect();
  if (!connection) return std::unexpected(connection.error());
  for (const char* setting : {"SET GLOBAL TimeZone='UTC'", "SET GLOBAL parquet_metadata_cache=true"})
    if (auto done = connection->run(setting); !done) return std::unexpected(done.error());
  return database;
}

Outcome<Connection> Database::connect() const {
  duckdb_connection connection = nullptr;
  if (duckdb_connect(handle_.get(), &connection) == DuckDBError) return std::unexpected(Failure{"cannot connect"});
  return Connection(connection);
}

std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

std::string identifier(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

std::string list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const auto& text : texts) out += (out.size() > 1 ? ", " : "") + literal(text);
  return out + "]";
}

}  // namespace leeway::duck
