#include "store/sql_store.h"

#include <algorithm>

#include <fmt/format.h>

namespace leeway::store {

std::string upsert(std::string_view table, std::string_view key, std::string_view others) {
  std::string sql = fmt::format("INSERT INTO {}({}, {}) VALUES (", table, key, others);
  const auto count = std::count(key.begin(), key.end(), ',') + std::count(others.begin(), others.end(), ',') + 2;
  for (int i = 1; i <= count; ++i) sql += fmt::format("{}${}", i > 1 ? ", " : "", i);
  sql += fmt::format(") ON CONFLICT ({}) DO UPDATE SET ", key);
  for (size_t at = 0; at < others.size();) {
    const size_t end = std::min(others.find(", ", at), others.size());
    const auto name = others.substr(at, end - at);
    sql += fmt::format("{}{} = EXCLUDED.{}", at > 0 ? ", " : "", name, name);
    at = end + 2;
  }
  return sql;
}

Status SqlStore::ping() {
  return change(
      [](Session& session) { return done(session.run("UPDATE meta SET number = number WHERE name = 'schema'")); });
}

Status SqlStore::put_model(const ModelRecord& model) {
  return change([&](Session& session) -> Status {
    // Making the tables of its rows gives it its number.
    LEEWAY_CHECK(RowCatalog::ensure(session, driver_->dialect(), RowBlock{.model = model.name}, model.created));
    return done(
        session.run("UPDATE models SET document = $2 WHERE name = $1", {clean(model.name), clean(model.document)}));
  });
}

Result<std::vector<ModelRecord>> SqlStore::models() {
  LEEWAY_TRY(const auto a, ask("SELECT name, created, document FROM models ORDER BY number"));
  return records<ModelRecord>(a, [&](size_t r) { return ModelRecord{a.text(r, 0), a.integer(r, 1), a.text(r, 2)}; });
}

Status SqlStore::put_version(const VersionRecord& v) {
  return change([&](Session& session) {
    return done(session.run("INSERT INTO versions SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4 FROM versions "
                            "ON CONFLICT (model, version) DO UPDATE SET document = EXCLUDED.document",
                            {clean(v.model), clean(v.version), v.created, clean(v.document)}));
  });
}

Result<std::vector<VersionRecord>> SqlStore::versions(const std::string& model) {
  LEEWAY_TRY(const auto a,
             ask("SELECT version, created, document FROM versions WHERE model = $1 ORDER BY number", {clean(model)}));
  return records<VersionRecord>(
      a, [&](size_t r) { return VersionRecord{model, a.text(r, 0), a.integer(r, 1), a.text(r, 2)}; });
}

Status SqlStore::put_alias(const AliasRecord& alias) {
  return change([&](Session& session) {
    return done(session.run(upsert("aliases", "model, alias", "version, since"),
                            {clean(alias.model), clean(alias.alias), clean(alias.version), alias.since}));
  });
}

Result<std::vector<AliasRecord>> SqlStore::aliases(const std::string& model) {
  LEEWAY_TRY(const auto a,
             ask("SELECT alias, version, since FROM aliases WHERE model = $1 ORDER BY alias", {clean(model)}));
  return records<AliasRecord>(
      a, [&](size_t r) { return AliasRecord{model, a.text(r, 0), a.text(r, 1), a.integer(r, 2)}; });
}

Status SqlStore::put_reference(const ReferenceRecord& reference) {
  return change([&](Session& session) {
    return done(session.run(upsert("reference_profiles", "model, id", "version, created, document, profile"),
                            {clean(reference.model), clean(reference.id), clean(reference.version), reference.created,
                             clean(reference.document), Bytes{reference.profile}}));
  });
}

Result<std::vector<ReferenceRecord>> SqlStore::references(const std::string& model) {
  LEEWAY_TRY(const auto a, ask("SELECT version, id, created, document FROM reference_profiles WHERE model = $1 "
                               "ORDER BY created DESC, id", {clean(model)}));
  return records<ReferenceRecord>(a, [&](size_t r) {
    return ReferenceRecord{model, a.text(r, 0), a.text(r, 1), a.integer(r, 2), a.text(r, 3), {}};
  });
}

Result<ReferenceRecord> SqlStore::reference(const std::string& model, const std::string& id) {
  LEEWAY_TRY(const auto a, ask("SELECT version, created, document, profile FROM reference_profiles "
                               "WHERE model = $1 AND id = $2", {clean(model), clean(id)}));
  if (a.rows() == 0) return fail(Code::not_found, fmt::format("model '{}' has no reference '{}'", model, id));
  return ReferenceRecord{model, a.text(0, 0), id, a.integer(0, 1), a.text(0, 2), a.text(0, 3)};
}

Status SqlStore::put_decision(const DecisionRecord& decision) {
  return change([&](Session& session) {
    return done(session.run(upsert("decisions", "id", "model, time, document"),
                            {clean(decision.id), clean(decision.model), decision.time, clean(decision.document)}));
  });
}

Result<std::vector<DecisionRecord>> SqlStore::decisions(const std::string& model, int64_t limit) {
  LEEWAY_TRY(const auto a, ask(fmt::format("SELECT id, time, document FROM decisions WHERE model = $1 "
                                           "ORDER BY time DESC, id LIMIT {}", limit), {clean(model)}));
  return records<DecisionRecord>(
      a, [&](size_t r) { return DecisionRecord{a.text(r, 0), model, a.integer(r, 1), a.text(r, 2)}; });
}

Status SqlStore::append_audit(const AuditRecord& entry) {
  return change([&](Session& session) -> Status {
    LEEWAY_TRY(const auto last, session.query("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1"));
    if ((last.rows() == 0 ? std::string() : last.text(0, 1)) != entry.previous_hash)
      return fail(Code::failed_precondition, "the audit log has a newer entry", "Take its hash and try again.");
    const int64_t number = last.rows() == 0 ? 1 : last.integer(0, 0) + 1;
    return done(session.run("INSERT INTO audit VALUES ($1, $2, $3, $4, $5, $6, $7)",
                            {number, entry.time, clean(entry.actor), clean(entry.action), clean(entry.document),
                             entry.previous_hash, entry.hash}));
  });
}

Result<std::vector<AuditRecord>> SqlStore::audit(int64_t after, int64_t limit) {
  LEEWAY_TRY(const auto a,
             ask(fmt::format("SELECT number, time, actor, action, document, previous_hash, hash FROM audit "
                             "WHERE number > $1 ORDER BY number LIMIT {}",
                             limit),
                 {after}));
  return records<AuditRecord>(a, [&](size_t r) {
    return AuditRecord{a.integer(r, 0), a.integer(r, 1), a.text(r, 2), a.text(r, 3),
                       a.text(r, 4),    a.text(r, 5),    a.text(r, 6)};
  });
}

}  // namespace leeway::store
