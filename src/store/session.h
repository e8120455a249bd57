#pragma once
// What a driver brings: sessions that run SQL, and what little differs between the two dialects.
//
// The SQL is written once, in what DuckDB and PostgreSQL both speak: $1 for values, INT8 FLOAT8 TEXT BOOLEAN BYTEA,
// ON CONFLICT. Values are always bound; names in SQL are ours, with numbers in them, never a user's.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "columns/column.h"

namespace leeway::store {

/// Bytes that are not text.
struct Bytes {
  std::string bytes;
};

/// A value bound to $1, $2, …; the first alternative is null.
using Value = std::variant<std::monostate, bool, int64_t, double, std::string, Bytes>;

/// The rows of an answer, a column each (INT8 → integer, FLOAT8 → real, BOOLEAN → boolean, TEXT and BYTEA → text).
struct Answer {
  std::vector<Column> columns;

  size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  /// Null is 0 or empty.
  int64_t integer(size_t row, size_t column) const {
    return columns[column].is_valid(row) ? columns[column].integers()[row] : 0;
  }
  double real(size_t row, size_t column) const { return columns[column].number(row); }
  std::string text(size_t row, size_t column) const {
    const Column& c = columns[column];
    return c.is_valid(row) ? c.dictionary()[c.codes()[row]] : std::string();
  }
  bool null(size_t row, size_t column) const { return !columns[column].is_valid(row); }
};

/// One connection, in use by one thread at a time. Errors as store.h says.
class Session {
 public:
  virtual ~Session() = default;
  /// Rows changed.
  virtual Result<int64_t> run(const std::string& sql, std::span<const Value> values) = 0;
  virtual Result<Answer> query(const std::string& sql, std::span<const Value> values) = 0;
  /// Adds rows in bulk. `columns` have the names and types of the table's, and its order; a column that another process
  /// has added meanwhile is null.
  virtual Status append(const std::string& table, std::span<const Column> columns) = 0;

  Result<int64_t> run(const std::string& sql, std::initializer_list<Value> values = {}) {
    return run(sql, std::span(values.begin(), values.size()));
  }
  Result<Answer> query(const std::string& sql, std::initializer_list<Value> values = {}) {
    return query(sql, std::span(values.begin(), values.size()));
  }
};

struct Dialect {
  std::string_view lock_row;           ///< After a SELECT whose rows nobody else may change: "FOR UPDATE".
  std::string_view share_row;          ///< After a SELECT whose rows must stay: "FOR SHARE".
  std::string_view schema_lock;        ///< A statement that lets one transaction at a time change tables; may be empty.
  bool indexes = false;  ///< Row tables get indexes, and the one on ids keeps them unique. Else they get the
                         ///< hash of the id as a column, which is eight times smaller to look through.
  size_t max_columns = 0;              ///< Of a model's rows.
};

/// Hands out sessions. Safe to use from several threads.
class Driver {
 public:
  virtual ~Driver() = default;
  virtual const Dialect& dialect() const = 0;
  /// For reading. Goes back when it is let go, without its open transaction if it has one.
  virtual Result<std::shared_ptr<Session>> reader() = 0;
  /// For writing; waits for the writer before where there can only be one.
  virtual Result<std::shared_ptr<Session>> writer() = 0;
};

/// BEGIN until commit(), or nothing happened.
class Transaction {
 public:
  static Result<Transaction> begin(std::shared_ptr<Session> session);
  Transaction(Transaction&&) = default;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Session& operator*() const { return *session_; }
  Session* operator->() const { return session_.get(); }
  Status commit();

 private:
  explicit Transaction(std::shared_ptr<Session> session) : session_(std::move(session)) {}
  std::shared_ptr<Session> session_;   // empty when done
};

/// `text` as both databases take it: invalid UTF-8 and zero bytes written as \xNN.
std::string clean(std::string text);

}  // namespace leeway::store
