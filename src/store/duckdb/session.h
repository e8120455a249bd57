#pragma once
// SQL on one DuckDB connection.

#include <atomic>
#include <memory>

#include "sources/duckdb_handle.h"
#include "store/session.h"

namespace leeway::store {

/// An open file. After certain failures of its disk DuckDB refuses everything until the file is opened again.
struct DuckInstance {
  duck::Database database;
  std::atomic<bool> invalid = false;
};

class DuckSession final : public Session {
 public:
  DuckSession(std::shared_ptr<DuckInstance> instance, duck::Connection connection)
      : instance_(std::move(instance)), connection_(std::move(connection)) {}

  Result<int64_t> run(const std::string& sql, std::span<const Value> values) override;
  Result<Answer> query(const std::string& sql, std::span<const Value> values) override;
  Status append(const std::string& table, std::span<const Column> columns) override;
  using Session::query;
  using Session::run;

  const DuckInstance& instance() const { return *instance_; }

 private:
  std::unexpected<Error> failed(const char* text);
  Result<duck::Rows> execute(const std::string& sql, std::span<const Value> values, int64_t* changed);

  std::shared_ptr<DuckInstance> instance_;   // outlives the connection
  duck::Connection connection_;
};

/// What DuckDB said, as an error of the store.
Error duck_error(std::string_view text);

}  // namespace leeway::store
