#pragma once
// DuckDB's C interface with owners. The only header that sees duckdb.h; for drivers (sources/, store/duckdb/).

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <duckdb.h>

namespace leeway::duck {

/// The text of a string cell; valid as long as its chunk.
inline std::string_view view(const duckdb_string_t& cell) {
  const uint32_t length = cell.value.inlined.length;
  return {length <= 12 ? cell.value.inlined.inlined : cell.value.pointer.ptr, length};
}

/// What DuckDB said, many lines of it perhaps; failure_text.h turns it into a sentence of ours.
struct Failure {
  std::string text;
};
template <class T>
using Outcome = std::expected<T, Failure>;

/// Owns a handle that the C interface frees through a pointer to it.
template <class Handle, void (*destroy)(Handle*)>
class Owned {
 public:
  Owned() = default;
  explicit Owned(Handle handle) : handle_(handle) {}
  Owned(Owned&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Owned() {
    if (handle_) destroy(&handle_);
  }
  Handle get() const { return handle_; }
  Handle* out() { return &handle_; }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  Handle handle_ = nullptr;
};

/// Up to 2,048 rows, column by column. Vectors are flat.
class Chunk {
 public:
  explicit Chunk(duckdb_data_chunk handle) : handle_(handle) {}
  size_t size() const { return duckdb_data_chunk_get_size(handle_.get()); }
  template <class T>
  const T* data(size_t column) const { 
    return static_cast<const T*>(duckdb_vector_get_data(vector(column)));
  }
  /// One bit a row, as in columns/column.h; nullptr if all rows are valid.
  const uint64_t* validity(size_t column) const { return duckdb_vector_get_validity(vector(column)); }

 private:
  duckdb_vector vector(size_t column) const { return duckdb_data_chunk_get_vector(handle_.get(), column); }
  Owned<duckdb_data_chunk, duckdb_destroy_data_chunk> handle_;
};

/// The rows of a running query, fetched a chunk at a time. Must end before its connection asks anything else.
class Rows {
 public:
  explicit Rows(duckdb_result result) : result_(result) {}
  Rows(Rows&& other) noexcept : result_(std::exchange(other.result_, {})) {}
  Rows& operator=(Rows&&) = delete;
  ~Rows() { duckdb_destroy_result(&result_); }

  size_t columns() { return duckdb_column_count(&result_); }
  duckdb_type type(size_t column) { return duckdb_column_type(&result_, column); }
  /// The next chunk, or nothing at the end.
  Outcome<std::optional<Chunk>> next();

 private:
  duckdb_result result_;
};

inline void destroy_appender(duckdb_appender* appender) { duckdb_appender_destroy(appender); }
using Appender = Owned<duckdb_appender, destroy_appender>;

/// One session. Not thread safe; a second query ends the first.
class Connection {
 public:
  explicit Connection(duckdb_connection handle) : handle_(handle) {}
  duckdb_connection get() const { return handle_.get(); }

  /// Runs a statement whose rows are of no interest.
  Outcome<void> run(const std::string& sql);
  /// Starts a query; its rows stream.
  Outcome<Rows> stream(const std::string& sql);
  /// Runs a query that yields a few rows of VARCHAR columns; NULL is empty.
  Outcome<std::vector<std::vector<std::string>>> table(const std::string& sql);
  /// The number in the only row and column of a query.
  Outcome<int64_t> number(const std::string& sql);
  /// Fails unless `sql` is exactly one SELECT that can be prepared.
  Outcome<void> require_select(const std::string& sql);
  /// For adding rows to a table; must end before the connection does.
  Outcome<Appender> appender(const std::string& table);

 private:
  Owned<duckdb_connection, duckdb_disconnect> handle_;
};

/// An instance, in memory or on a file, that installs nothing, loads nothing and keeps to UTC.
class Database {
 public:
  struct Options {
    std::string path;                 ///< Empty: in memory.
    int threads = 1;
    std::string memory_limit = "512MB";
    std::string temporary_directory;  ///< Where larger intermediate results go.
  };
  static Outcome<Database> open(const Options& options);
  Outcome<Connection> connect() const;

 private:
  Owned<duckdb_database, duckdb_close> handle_;
};

/// 'text' as an SQL string literal, "text" as an SQL identifier, ['a', 'b'] as an SQL list.
std::string literal(std::string_view text);
std::string identifier(std::string_view text);
std::string list(const std::vector<std::string>& texts);

}  // namespace leeway::duck
