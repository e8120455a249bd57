#include "store/postgres/driver.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "store/postgres/session.h"

namespace leeway::store {
namespace {

// PostgreSQL allows 1,600 columns; a row of doubles must fit a page of 8 kB too.
constexpr Dialect dialect_of_postgres = {
    .lock_row = "FOR UPDATE",
    .share_row = "FOR SHARE",
    .schema_lock = "SELECT CAST(1 AS INT8) FROM pg_advisory_xact_lock(7594307172610212)",
    .indexes = true,
    .max_columns = 900,
};

constexpr int oldest_server = 150000;
constexpr std::chrono::seconds patience{5};

class PgDriver final : public Driver {
 public:
  explicit PgDriver(StoreOptions options) : options_(std::move(options)) {}

  const Dialect& dialect() const override { return dialect_of_postgres; }
  Result<std::shared_ptr<Session>> reader() override { return checked_out(); }
  Result<std::shared_ptr<Session>> writer() override { return checked_out(); }

 private:
  Result<std::shared_ptr<Session>> checked_out();
  Result<std::unique_ptr<PgSession>> connect() const;
  void give_back(PgSession* session);

  const StoreOptions options_;
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<PgSession>> idle_;
  int out_ = 0;
};

Status prepare(PgSession& session) {
  LEEWAY_TRY(const auto fsync, session.query("SELECT CAST(current_setting('fsync') AS TEXT)"));
  if (fsync.text(0, 0) != "on")
    return fail(Code::failed_precondition, "PostgreSQL runs with fsync off, so it would lose rows in a power failure",
                "Set fsync = on in postgresql.conf and restart it.");
  LEEWAY_CHECK(session.run("SET synchronous_commit = on"));
  LEEWAY_CHECK(session.run("SET statement_timeout = '60s'"));
  LEEWAY_CHECK(session.run("SET lock_timeout = '10s'"));
  LEEWAY_CHECK(session.run("SET idle_in_transaction_session_timeout = '60s'"));
  LEEWAY_CHECK(session.run("SET client_min_messages = warning"));
  LEEWAY_TRY(const auto schema, session.query("SELECT nspname::TEXT FROM pg_namespace WHERE nspname = 'leeway'"));
  if (schema.rows() == 0) {
    LEEWAY_CHECK(session.run("BEGIN"));
    LEEWAY_CHECK(session.query(std::string(dialect_of_postgres.schema_lock)));
    LEEWAY_CHECK(session.run("CREATE SCHEMA IF NOT EXISTS leeway"));
    LEEWAY_CHECK(session.run("COMMIT"));
  }
  LEEWAY_CHECK(session.run("SET search_path = leeway"));
  return {};
}

Result<std::unique_ptr<PgSession>> PgDriver::connect() const {
  const char* names[] = {"dbname", "connect_timeout", "application_name", "client_encoding",
                         "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", nullptr};
  const char* values[] = {options_.address.c_str(), "5", "leeway", "UTF8", "5", "2", "3", "10000", nullptr};
  PgConnection connection(PQconnectdbParams(names, values, 1));
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    Error error = pg_error(nullptr, nullptr);
    error.message = fmt::format("the store at {} cannot be reached", shown_address(options_.address));
    error.remedy = "Is PostgreSQL running there, and are user, password and database right?";
    return fail(std::move(error));
  }
  if (PQserverVersion(connection.get()) < oldest_server)
    return fail(Code::failed_precondition,
                fmt::format("PostgreSQL {} is older than 15", PQserverVersion(connection.get()) / 10000));
  auto session = std::make_unique<PgSession>(std::move(connection));
  LEEWAY_CHECK(prepare(*session));
  return session;
}

Result<std::shared_ptr<Session>> PgDriver::checked_out() {
  std::unique_ptr<PgSession> session;
  {
    std::unique_lock lock(mutex_);
    if (!given_back_.wait_for(lock, patience, [this] { return out_ < options_.connections; }))
      return fail(Code::unavailable, "all connections to the store are in use", "Try again in a moment.");
    ++out_;
    if (!idle_.empty()) {
      session = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!session) {
    auto made = connect();
    if (!made) {
      give_back(nullptr);
      return fail(std::move(made).error());
    }
    session = *std::move(made);
  }
  return std::shared_ptr<Session>(session.release(), [this](Session* s) { give_back(static_cast<PgSession*>(s)); });
}

void PgDriver::give_back(PgSession* session) {
  std::unique_ptr<PgSession> owner(session);
  if (owner && !owner->broken() && !owner->idle()) (void)owner->run("ROLLBACK");
  std::vector<std::unique_ptr<PgSession>> dropped;   // closed outside the lock
  const std::lock_guard lock(mutex_);
  --out_;
  if (owner && owner->broken()) dropped.swap(idle_);
  if (owner && owner->idle()) idle_.push_back(std::move(owner));
  given_back_.notify_one();
}

}  // namespace

Result<std::unique_ptr<Driver>> open_postgres(const StoreOptions& options) {
  auto driver = std::make_unique<PgDriver>(options);
  LEEWAY_CHECK(driver->reader());
  return driver;
}

}  // namespace leeway::store
