#pragma once
// SQL on one PostgreSQL connection.

#include <memory>

#include <libpq-fe.h>

#include "store/session.h"

namespace leeway::store {

struct PgConnectionEnd {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct PgResultEnd {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PgConnection = std::unique_ptr<PGconn, PgConnectionEnd>;
using PgResult = std::unique_ptr<PGresult, PgResultEnd>;

class PgSession final : public Session {
 public:
  explicit PgSession(PgConnection connection);

  Result<int64_t> run(const std::string& sql, std::span<const Value> values) override;
  Result<Answer> query(const std::string& sql, std::span<const Value> values) override;
  Status append(const std::string& table, std::span<const Column> columns) override;
  using Session::query;
  using Session::run;

  bool broken() const { return ended_; }
  /// In no transaction and able to go on.
  bool idle() const { return !broken() && PQtransactionStatus(connection_.get()) == PQTRANS_IDLE; }

 private:
  Result<PgResult> execute(const std::string& sql, std::span<const Value> values);
  Status send_copy(const std::string& bytes);
  std::unexpected<Error> failed(const PGresult* result);

  PgConnection connection_;
  bool ended_ = false;
};

/// The failure of a connection, or of a statement with its SQLSTATE. Holds nothing of rows or addresses.
Error pg_error(const char* sqlstate, const char* primary_message);

}  // namespace leeway::store
