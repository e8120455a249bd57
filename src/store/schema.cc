#include "store/schema.h"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace leeway::store {
namespace {

/// What brings the tables from one version of the schema to the next. Once released, an entry stays as it is.
constexpr std::string_view version_1 = R"sql(
CREATE TABLE models(number INT8 PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INT8 NOT NULL, document TEXT NOT NULL);
CREATE TABLE versions(number INT8 NOT NULL, model TEXT NOT NULL, version TEXT NOT NULL, created INT8 NOT NULL,
  document TEXT NOT NULL, PRIMARY KEY(model, version));
CREATE TABLE aliases(model TEXT NOT NULL, alias TEXT NOT NULL, version TEXT NOT NULL, since INT8 NOT NULL,
  PRIMARY KEY(model, alias));
CREATE TABLE reference_profiles(model TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, created INT8 NOT NULL,
  document TEXT NOT NULL, profile BYTEA NOT NULL, PRIMARY KEY(model, id));
CREATE TABLE row_columns(model INT8 NOT NULL, number INT8 NOT NULL, name TEXT NOT NULL, type INT8 NOT NULL,
  lasting BOOLEAN NOT NULL, PRIMARY KEY(model, number));
CREATE TABLE positions(journal TEXT PRIMARY KEY, position INT8 NOT NULL);
CREATE TABLE answers(request TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, time INT8 NOT NULL, answer TEXT NOT NULL);
CREATE TABLE touched(model INT8 NOT NULL, stretch INT8 NOT NULL, change INT8 NOT NULL, PRIMARY KEY(model, stretch));
CREATE TABLE leases(name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INT8 NOT NULL);
CREATE TABLE windows(model TEXT NOT NULL, version TEXT NOT NULL, segment TEXT NOT NULL, from_time INT8 NOT NULL,
  to_time INT8 NOT NULL, revision INT8 NOT NULL, computed INT8 NOT NULL, row_count INT8 NOT NULL, change INT8 NOT NULL,
  document TEXT NOT NULL, PRIMARY KEY(model, version, segment, from_time, to_time, revision));
CREATE TABLE profiles(model TEXT NOT NULL, version TEXT NOT NULL, segment TEXT NOT NULL, from_time INT8 NOT NULL,
  to_time INT8 NOT NULL, revision INT8 NOT NULL, profile BYTEA NOT NULL,
  PRIMARY KEY(model, version, segment, from_time, to_time));
CREATE TABLE series(number INT8 PRIMARY KEY, model TEXT NOT NULL, version TEXT NOT NULL, segment TEXT NOT NULL,
  length INT8 NOT NULL, name TEXT NOT NULL, UNIQUE(model, version, segment, length, name));
CREATE TABLE points(series INT8 NOT NULL, from_time INT8 NOT NULL, revision INT8 NOT NULL, value FLOAT8, lower FLOAT8,
  upper FLOAT8, row_count INT8 NOT NULL, verdict INT8 NOT NULL);
CREATE TABLE evidence(model TEXT NOT NULL, name TEXT NOT NULL, up_to INT8 NOT NULL, document TEXT NOT NULL,
  PRIMARY KEY(model, name));
CREATE TABLE incidents(id TEXT PRIMARY KEY, dedup_key TEXT NOT NULL, monitor TEXT NOT NULL, model TEXT NOT NULL,
  feature TEXT NOT NULL, segment TEXT NOT NULL, state INT8 NOT NULL, severity INT8 NOT NULL, since INT8 NOT NULL,
  opened INT8, acknowledged INT8, acknowledged_by TEXT NOT NULL, resolved INT8, resolved_by TEXT NOT NULL,
  calm INT8 NOT NULL, calm_since INT8 NOT NULL, sequence INT8 NOT NULL, document TEXT NOT NULL);
CREATE TABLE deliveries(id TEXT NOT NULL, channel TEXT NOT NULL, dedup_key TEXT NOT NULL, sequence INT8 NOT NULL,
  created INT8 NOT NULL, due INT8 NOT NULL, attempts INT8 NOT NULL, state INT8 NOT NULL, document TEXT NOT NULL,
  last_error TEXT NOT NULL, PRIMARY KEY(id, channel));
CREATE TABLE decisions(id TEXT PRIMARY KEY, model TEXT NOT NULL, time INT8 NOT NULL, document TEXT NOT NULL);
CREATE TABLE audit(number INT8 PRIMARY KEY, time INT8 NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  document TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL);
INSERT INTO meta VALUES ('change', 0)
)sql";
// A series of a year is read from the index alone: its points lie far apart in the table.
constexpr std::string_view version_1_indexes =
    "CREATE INDEX points_by_time ON points(series, from_time) INCLUDE (revision, value, lower, upper, row_count, "
    "verdict)";

struct Migration {
  std::string_view statements, indexes;
};
constexpr std::array migrations = {Migration{version_1, version_1_indexes}};

Status run_all(Session& session, std::string_view statements) {
  while (!statements.empty()) {
    const size_t end = std::min(statements.find(';'), statements.size());
    LEEWAY_CHECK(session.run(std::string(statements.substr(0, end))));
    statements.remove_prefix(std::min(end + 1, statements.size()));
  }
  return {};
}

}  // namespace

Status migrate(Driver& driver) {
  LEEWAY_TRY(auto session, driver.writer());
  LEEWAY_TRY(auto transaction, Transaction::begin(std::move(session)));
  if (!driver.dialect().schema_lock.empty())
    LEEWAY_CHECK(transaction->query(std::string(driver.dialect().schema_lock)));
  LEEWAY_CHECK(transaction->run("CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, number INT8 NOT NULL)"));
  LEEWAY_TRY(const auto found, transaction->query("SELECT number FROM meta WHERE name = 'schema'"));
  const size_t version = found.rows() == 0 ? 0 : static_cast<size_t>(found.integer(0, 0));
  if (version > migrations.size())
    return fail(Code::failed_precondition, "the store was written by a newer release", "Start that release.");
  if (version == migrations.size()) return transaction.commit();
  for (size_t next = version; next < migrations.size(); ++next) {
    LEEWAY_CHECK(run_all(*transaction, migrations[next].statements));
    if (driver.dialect().indexes) LEEWAY_CHECK(run_all(*transaction, migrations[next].indexes));
  }
  LEEWAY_CHECK(transaction->run(
      "INSERT INTO meta VALUES ('schema', $1) ON CONFLICT (name) DO UPDATE SET number = EXCLUDED.number",
      {static_cast<int64_t>(migrations.size())}));
  return transaction.commit();
}

}  // namespace leeway::store
