#include "store/sql_store.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "store/row_catalog.h"
#include "store/row_store.h"

namespace leeway::store {
namespace {

/// Nanoseconds by the store's own clock, so that the clocks of several servers need not agree.
constexpr std::string_view store_clock = "CAST(extract(epoch FROM now()) * 1e9 AS INT8)";

Value optional_time(const std::optional<int64_t>& time) { return time ? Value(*time) : Value(); }
std::optional<int64_t> optional_time(const Answer& answer, size_t row, size_t column) {
  if (answer.null(row, column)) return std::nullopt;
  return answer.integer(row, column);
}

std::vector<Value> key_values(const WindowKey& key) {
  return {clean(key.model), clean(key.version), clean(key.segment), key.from, key.to};
}

/// The range's conditions on windows or profiles: $1 to $5, and $6 where there is a length.
std::string in_range(int64_t length) {
  return std::string("model = $1 AND version = $2 AND segment = $3 AND from_time >= $4 AND to_time <= $5") +
         (length > 0 ? " AND to_time - from_time = $6" : "");
}
std::vector<Value> range_values(const WindowKey& range, int64_t length) {
  auto values = key_values(range);
  if (length > 0) values.push_back(length);
  return values;
}

template <class Record, class Read>
std::vector<Record> records(const Answer& answer, Read read) {
  std::vector<Record> out;
  out.reserve(answer.rows());
  for (size_t row = 0; row < answer.rows(); ++row) out.push_back(read(row));
  return out;
}

std::vector<WindowRecord> window_records(const Answer& a, const WindowKey& range) {
  return records<WindowRecord>(a, [&](size_t r) {
    return WindowRecord{{range.model, range.version, range.segment, a.integer(r, 0), a.integer(r, 1)}, a.integer(r, 2),
                        a.integer(r, 3), a.integer(r, 4), a.integer(r, 5), a.text(r, 6)};
  });
}

constexpr std::string_view incident_columns =
    "id, dedup_key, monitor, model, feature, segment, state, severity, since, opened, acknowledged, acknowledged_by, "
    "resolved, resolved_by, calm, calm_since, sequence, document";

IncidentRecord incident_record(const Answer& a, size_t r) {
  alerts::Incident incident;
  incident.id = a.text(r, 0);
  incident.dedup_key = a.text(r, 1);
  incident.state = static_cast<alerts::State>(a.integer(r, 6));
  incident.severity = static_cast<Severity>(a.integer(r, 7));
  incident.since = a.integer(r, 8);
  incident.opened = optional_time(a, r, 9);
  incident.acknowledged = optional_time(a, r, 10);
  incident.acknowledged_by = a.text(r, 11);
  incident.resolved = optional_time(a, r, 12);
  incident.resolved_by = a.text(r, 13);
  incident.calm = static_cast<int>(a.integer(r, 14));
  incident.calm_since = a.integer(r, 15);
  incident.sequence = a.integer(r, 16);
  return {{a.text(r, 2), a.text(r, 3), a.text(r, 4), a.text(r, 5)}, std::move(incident), a.text(r, 17)};
}

constexpr std::string_view delivery_columns =
    "id, channel, dedup_key, sequence, created, due, attempts, state, document, last_error";

std::vector<DeliveryRecord> delivery_records(const Answer& a) {
  return records<DeliveryRecord>(a, [&](size_t r) {
    return DeliveryRecord{a.text(r, 0),    a.text(r, 1),    a.text(r, 2),
                          a.integer(r, 3), a.integer(r, 4), a.integer(r, 5),
                          a.integer(r, 6), static_cast<DeliveryRecord::State>(a.integer(r, 7)),
                          a.text(r, 8),    a.text(r, 9)};
  });
}

/// "INSERT INTO table VALUES ($1, …, $n) ON CONFLICT (key) DO UPDATE SET …" for the columns that are not in the key.
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

class SqlStore final : public Store {
 public:
  explicit SqlStore(std::unique_ptr<Driver> driver) : driver_(std::move(driver)) {}

  Status ping() override { return change([](Session& s) { return done(s.run("UPDATE meta SET number = number WHERE name = 'schema'")); }); }

  // Models
  Status put_model(const ModelRecord& model) override;
  Result<std::vector<ModelRecord>> models() override;
  Status put_version(const VersionRecord& version) override;
  Result<std::vector<VersionRecord>> versions(const std::string& model) override;
  Status put_alias(const AliasRecord& alias) override;
  Result<std::vector<AliasRecord>> aliases(const std::string& model) override;
  Status put_reference(const ReferenceRecord& reference) override;
  Result<std::vector<ReferenceRecord>> references(const std::string& model) override;
  Result<ReferenceRecord> reference(const std::string& model, const std::string& id) override;

  // Rows
  Result<uint64_t> position(const std::string& journal) override;
  Result<Applied> apply(const ApplyBatch& batch) override;
  Result<std::optional<AnswerRecord>> answer(const std::string& key) override;
  Result<std::vector<ColumnRecord>> columns(const std::string& model) override;
  Result<RowSet> rows(const RowQuery& query) override;
  Result<std::vector<VolumeRecord>> volume(const std::string& model, int64_t from, int64_t to) override;
  Result<std::vector<TouchedRecord>> touched(const std::string& model, int64_t after_change) override;
  Result<Expired> expire(const ExpireRequest& request) override;

  // Monitoring
  Result<bool> take_lease(const std::string& name, const std::string& holder, int64_t duration) override;
  Status release_lease(const std::string& name, const std::string& holder) override;
  Status put(const MonitoringUpdate& update) override;
  Result<std::vector<WindowRecord>> windows(const WindowKey& range, int64_t length, int64_t last) override;
  Result<std::vector<WindowRecord>> revisions(const WindowKey& key) override;
  Result<std::vector<ProfileRecord>> profiles(const WindowKey& range, int64_t length) override;
  Result<std::vector<SeriesPoint>> series(const WindowKey& range, int64_t length,
                                          const std::vector<std::string>& names) override;
  Result<std::vector<EvidenceRecord>> evidence(const std::string& model) override;

  // Alerts
  Result<std::vector<IncidentRecord>> incidents(const std::string& model, bool open_only, int64_t limit) override;
  Result<IncidentRecord> incident(const std::string& id) override;
  Result<std::vector<DeliveryRecord>> due_deliveries(int64_t now, int64_t limit) override;
  Result<std::vector<DeliveryRecord>> deliveries(const std::string& dedup_key) override;

  // Governance
  Status put_decision(const DecisionRecord& decision) override;
  Result<std::vector<DecisionRecord>> decisions(const std::string& model, int64_t limit) override;
  Status append_audit(const AuditRecord& entry) override;
  Result<std::vector<AuditRecord>> audit(int64_t after, int64_t limit) override;

 private:
  static Status done(Result<int64_t> changed) {
    if (!changed) return fail(std::move(changed).error());
    return {};
  }
  /// Runs `work` in a transaction of its own.
  template <class Work>
  Status change(const Work& work) {
    LEEWAY_TRY(auto session, driver_->writer());
    LEEWAY_TRY(auto transaction, Transaction::begin(std::move(session)));
    LEEWAY_CHECK(work(*transaction));
    return transaction.commit();
  }
  Result<Answer> ask(const std::string& sql, const std::vector<Value>& values = {}) {
    LEEWAY_TRY(const auto session, driver_->reader());
    return session->query(sql, values);
  }
  Result<RowCatalog> catalog(Session& session, const std::string& model);
  Status apply_in(Session& session, const ApplyBatch& batch, Applied& applied);
  Status record_touched(Session& session, const TouchedStretches& touched);
  Status put_window(Session& session, const WindowResult& window);
  Status put_points(Session& session, const WindowResult& window, int64_t revision);
  Status series_numbers(Session& session, const WindowResult& window, std::vector<int64_t>& numbers);
  static Status put_incident(Session& session, const IncidentRecord& record);

  std::unique_ptr<Driver> driver_;
};

Status SqlStore::put_model(const ModelRecord& model) {
  return change([&](Session& session) -> Status {
    // Making the tables of its rows gives it its number.
    LEEWAY_CHECK(RowCatalog::ensure(session, driver_->dialect(), RowBlock{.model = model.name}, model.created));
    return done(session.run("UPDATE models SET document = $2 WHERE name = $1", {clean(model.name), clean(model.document)}));
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
  LEEWAY_TRY(const auto a, ask("SELECT version, created, document FROM versions WHERE model = $1 ORDER BY number", {clean(model)}));
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
  LEEWAY_TRY(const auto a, ask("SELECT alias, version, since FROM aliases WHERE model = $1 ORDER BY alias", {clean(model)}));
  return records<AliasRecord>(a, [&](size_t r) { return AliasRecord{model, a.text(r, 0), a.text(r, 1), a.integer(r, 2)}; });
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

Result<uint64_t> SqlStore::position(const std::string& journal) {
  LEEWAY_TRY(const auto a, ask("SELECT position FROM positions WHERE journal = $1", {journal}));
  return a.rows() == 0 ? 0 : static_cast<uint64_t>(a.integer(0, 0));
}

Result<Applied> SqlStore::apply(const ApplyBatch& batch) {
  Applied applied;
  LEEWAY_CHECK(change([&](Session& session) { return apply_in(session, batch, applied); }));
  return applied;
}

Status SqlStore::apply_in(Session& session, const ApplyBatch& batch, Applied& applied) {
  LEEWAY_CHECK(session.run("INSERT INTO positions VALUES ($1, 0) ON CONFLICT (journal) DO NOTHING", {batch.journal}));
  LEEWAY_TRY(const auto found, session.query(fmt::format("SELECT position FROM positions WHERE journal = $1 {}",
                                                         driver_->dialect().lock_row), {batch.journal}));
  const auto position = static_cast<uint64_t>(found.integer(0, 0));
  applied.before = batch.position <= position;
  if (applied.before) return {};
  if (batch.after != position)
    return fail(Code::failed_precondition,
                fmt::format("the batch begins after record {}, but {} is applied", batch.after, position));
  TouchedStretches touched;
  for (const RowBlock& block : batch.rows)
    LEEWAY_CHECK(add_rows(session, driver_->dialect(), block, batch.now, applied, touched));
  for (const OutcomeBlock& block : batch.outcomes)
    LEEWAY_CHECK(add_outcomes(session, driver_->dialect(), block, batch.now, applied, touched));
  for (const AnswerRecord& a : batch.answers)
    LEEWAY_CHECK(session.run("INSERT INTO answers VALUES ($1, $2, $3, $4) ON CONFLICT (request) DO NOTHING",
                             {clean(a.key), clean(a.fingerprint), a.time, clean(a.answer)}));
  LEEWAY_CHECK(record_touched(session, touched));
  return done(session.run("UPDATE positions SET position = $2 WHERE journal = $1",
                          {batch.journal, static_cast<int64_t>(batch.position)}));
}

/// The counter's row stays locked until the commit, so that changes become visible in the order of their numbers and
/// whoever reads them misses none.
Status SqlStore::record_touched(Session& session, const TouchedStretches& touched) {
  if (touched.empty()) return {};
  LEEWAY_CHECK(session.run("UPDATE meta SET number = number + 1 WHERE name = 'change'"));
  LEEWAY_TRY(const auto change, session.query("SELECT number FROM meta WHERE name = 'change'"));
  constexpr size_t at_once = 500;
  for (const auto& [model, stretches] : touched) {
    std::string list;
    size_t count = 0;
    for (auto at = stretches.begin(); at != stretches.end();) {
      list += fmt::format("{}({}, {}, {})", list.empty() ? "" : ", ", model, *at, change.integer(0, 0));
      if (++at != stretches.end() && ++count % at_once != 0) continue;
      LEEWAY_CHECK(session.run("INSERT INTO touched VALUES " + list +
                               " ON CONFLICT (model, stretch) DO UPDATE SET change = EXCLUDED.change"));
      list.clear();
    }
  }
  return {};
}

Result<std::optional<AnswerRecord>> SqlStore::answer(const std::string& key) {
  LEEWAY_TRY(const auto a, ask("SELECT fingerprint, time, answer FROM answers WHERE request = $1", {clean(key)}));
  if (a.rows() == 0) return std::optional<AnswerRecord>();
  return std::optional(AnswerRecord{key, a.text(0, 0), a.integer(0, 1), a.text(0, 2)});
}

Result<RowCatalog> SqlStore::catalog(Session& session, const std::string& model) {
  LEEWAY_TRY(auto found, RowCatalog::find(session, model));
  if (!found) return fail(Code::not_found, fmt::format("there is no model '{}'", model));
  return *std::move(found);
}

Result<std::vector<ColumnRecord>> SqlStore::columns(const std::string& model) {
  LEEWAY_TRY(const auto session, driver_->reader());
  LEEWAY_TRY(const auto known, catalog(*session, model));
  std::vector<ColumnRecord> out;
  for (const auto& entry : known.entries()) out.push_back(entry.column);
  return out;
}

Result<RowSet> SqlStore::rows(const RowQuery& query) {
  LEEWAY_TRY(const auto session, driver_->reader());
  LEEWAY_TRY(const auto known, catalog(*session, query.model));
  return read_rows(*session, driver_->dialect(), known, query);
}

Result<std::vector<VolumeRecord>> SqlStore::volume(const std::string& model, int64_t from, int64_t to) {
  LEEWAY_TRY(const auto session, driver_->reader());
  LEEWAY_TRY(const auto known, catalog(*session, model));
  return read_volume(*session, known, from, to);
}

Result<std::vector<TouchedRecord>> SqlStore::touched(const std::string& model, int64_t after_change) {
  LEEWAY_TRY(const auto a, ask("SELECT t.stretch, t.change FROM touched t JOIN models m ON m.number = t.model "
                               "WHERE m.name = $1 AND t.change > $2 ORDER BY t.stretch", {clean(model), after_change}));
  return records<TouchedRecord>(a, [&](size_t r) {
    return TouchedRecord{a.integer(r, 0), a.integer(r, 0) + touched_stretch, a.integer(r, 1)};
  });
}

Result<Expired> SqlStore::expire(const ExpireRequest& request) {
  if (request.all_before > request.raw_before)
    return fail(Code::invalid_argument, "rows cannot go before their raw values do");
  Expired out;
  const auto expire_in = [&](Session& session) -> Status {
    LEEWAY_TRY(const auto known, catalog(session, request.model));
    LEEWAY_TRY(out, expire_rows(session, driver_->dialect(), known, request));
    return done(session.run("DELETE FROM answers WHERE time < $1", {request.answers_before}));
  };
  LEEWAY_CHECK(change(expire_in));
  return out;
}

Result<bool> SqlStore::take_lease(const std::string& name, const std::string& holder, int64_t duration) {
  int64_t taken = 0;
  const auto take = [&](Session& session) -> Status {
    LEEWAY_CHECK(session.run("INSERT INTO leases VALUES ($1, '', 0) ON CONFLICT (name) DO NOTHING", {clean(name)}));
    LEEWAY_TRY(taken, session.run(fmt::format("UPDATE leases SET holder = $2, until = {0} + $3 "
                                              "WHERE name = $1 AND (holder = $2 OR until <= {0})", store_clock),
                                  {clean(name), clean(holder), duration}));
    return {};
  };
  LEEWAY_CHECK(change(take));
  return taken == 1;
}

Status SqlStore::release_lease(const std::string& name, const std::string& holder) {
  return change([&](Session& session) {
    return done(session.run("UPDATE leases SET until = 0 WHERE name = $1 AND holder = $2", {clean(name), clean(holder)}));
  });
}

Status SqlStore::put(const MonitoringUpdate& update) {
  return change([&](Session& session) -> Status {
    if (!update.lease_holder.empty()) {
      LEEWAY_TRY(const auto held, session.query(fmt::format("SELECT name FROM leases WHERE name = 'monitor' AND holder = $1 "
                                                            "AND until > {} {}", store_clock, driver_->dialect().share_row),
                                                {clean(update.lease_holder)}));
      if (held.rows() == 0) return fail(Code::failed_precondition, "another process holds the monitoring lease");
    }
    for (const auto& window : update.windows) LEEWAY_CHECK(put_window(session, window));
    for (const auto& e : update.evidence)
      LEEWAY_CHECK(session.run(upsert("evidence", "model, name", "up_to, document"),
                               {clean(e.model), clean(e.name), e.up_to, clean(e.document)}));
    for (const auto& incident : update.incidents) LEEWAY_CHECK(put_incident(session, incident));
    for (const auto& d : update.deliveries)
      LEEWAY_CHECK(session.run(upsert("deliveries", "id, channel", "dedup_key, sequence, created, due, attempts, state, "
                                                                   "document, last_error"),
                               {clean(d.id), clean(d.channel), clean(d.dedup_key), d.sequence, d.created, d.due, d.attempts,
                                static_cast<int64_t>(d.state), clean(d.document), clean(d.last_error)}));
    return {};
  });
}

Status SqlStore::put_window(Session& session, const WindowResult& window) {
  const auto key = key_values(window.key);
  LEEWAY_TRY(const auto last, session.query("SELECT coalesce(max(revision), 0) FROM windows WHERE model = $1 AND version = $2 "
                                            "AND segment = $3 AND from_time = $4 AND to_time = $5", key));
  const int64_t revision = last.integer(0, 0) + 1;
  auto values = key;
  values.insert(values.end(), {revision, window.computed, window.rows, window.change, clean(window.document)});
  LEEWAY_CHECK(session.run("INSERT INTO windows VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", values));
  if (!window.profile.empty()) {
    values = key;
    values.insert(values.end(), {revision, Bytes{window.profile}});
    LEEWAY_CHECK(session.run(upsert("profiles", "model, version, segment, from_time, to_time", "revision, profile"), values));
  }
  return put_points(session, window, revision);
}

/// The numbers of the window's series, in the order of its points; new ones are made.
Status SqlStore::series_numbers(Session& session, const WindowResult& window, std::vector<int64_t>& numbers) {
  const int64_t length = window.key.to - window.key.from;
  const std::vector<Value> owner = {clean(window.key.model), clean(window.key.version), clean(window.key.segment), length};
  std::map<std::string, int64_t> known;
  const auto look = [&]() -> Status {
    LEEWAY_TRY(const auto a, session.query("SELECT name, number FROM series WHERE model = $1 AND version = $2 AND "
                                           "segment = $3 AND length = $4", owner));
    for (size_t r = 0; r < a.rows(); ++r) known[a.text(r, 0)] = a.integer(r, 1);
    return {};
  };
  LEEWAY_CHECK(look());
  const auto missing = [&](const PointRecord& point) { return !known.contains(clean(point.series)); };
  if (std::any_of(window.points.begin(), window.points.end(), missing)) {
    const auto lock = driver_->dialect().schema_lock;
    if (!lock.empty()) LEEWAY_CHECK(session.query(std::string(lock)));
    LEEWAY_CHECK(look());
    LEEWAY_TRY(const auto last, session.query("SELECT coalesce(max(number), 0) FROM series"));
    int64_t number = last.integer(0, 0);
    for (const auto& point : window.points) {
      if (!missing(point)) continue;
      auto values = owner;
      values.insert(values.begin(), ++number);
      values.push_back(clean(point.series));
      LEEWAY_CHECK(session.run("INSERT INTO series VALUES ($1, $2, $3, $4, $5, $6)", values));
      known[clean(point.series)] = number;
    }
  }
  for (const auto& point : window.points) numbers.push_back(known.at(clean(point.series)));
  return {};
}

Status SqlStore::put_points(Session& session, const WindowResult& window, int64_t revision) {
  const int64_t length = window.key.to - window.key.from;
  if (revision > 1)
    LEEWAY_CHECK(session.run("DELETE FROM points WHERE from_time = $4 AND series IN (SELECT number FROM series WHERE "
                             "model = $1 AND version = $2 AND segment = $3 AND length = $5)",
                             {clean(window.key.model), clean(window.key.version), clean(window.key.segment),
                              window.key.from, length}));
  if (window.points.empty()) return {};
  std::vector<int64_t> numbers, rows, verdicts;
  LEEWAY_CHECK(series_numbers(session, window, numbers));
  std::vector<double> values, lower, upper;
  for (const auto& point : window.points) {
    values.push_back(point.value);
    lower.push_back(point.lower);
    upper.push_back(point.upper);
    rows.push_back(point.rows);
    verdicts.push_back(point.verdict);
  }
  const size_t count = numbers.size();
  const auto integers = [](std::string name, std::vector<int64_t> of) {
    return Column::of_integers(std::move(name), Type::integer, std::move(of));
  };
  const Column columns[] = {integers("series", std::move(numbers)),
                            integers("from_time", std::vector<int64_t>(count, window.key.from)),
                            integers("revision", std::vector<int64_t>(count, revision)),
                            Column::of_reals("value", std::move(values)),
                            Column::of_reals("lower", std::move(lower)),
                            Column::of_reals("upper", std::move(upper)),
                            integers("row_count", std::move(rows)),
                            integers("verdict", std::move(verdicts))};
  return session.append("points", columns);
}

Result<std::vector<WindowRecord>> SqlStore::windows(const WindowKey& range, int64_t length, int64_t last) {
  std::string sql = "SELECT from_time, to_time, revision, computed, row_count, change, document FROM windows w WHERE " +
                    in_range(length) +
                    " AND revision = (SELECT max(revision) FROM windows x WHERE x.model = w.model AND x.version = w.version "
                    "AND x.segment = w.segment AND x.from_time = w.from_time AND x.to_time = w.to_time) "
                    "ORDER BY from_time DESC, to_time DESC";
  if (last > 0) sql += fmt::format(" LIMIT {}", last);
  LEEWAY_TRY(const auto answer, ask(sql, range_values(range, length)));
  auto out = window_records(answer, range);
  std::reverse(out.begin(), out.end());
  return out;
}

Result<std::vector<WindowRecord>> SqlStore::revisions(const WindowKey& key) {
  LEEWAY_TRY(const auto answer,
             ask("SELECT from_time, to_time, revision, computed, row_count, change, document FROM windows WHERE model = $1 "
                 "AND version = $2 AND segment = $3 AND from_time = $4 AND to_time = $5 ORDER BY revision", key_values(key)));
  return window_records(answer, key);
}

Result<std::vector<ProfileRecord>> SqlStore::profiles(const WindowKey& range, int64_t length) {
  LEEWAY_TRY(const auto a, ask("SELECT from_time, to_time, revision, profile FROM profiles WHERE " + in_range(length) +
                               " ORDER BY from_time, to_time", range_values(range, length)));
  return records<ProfileRecord>(a, [&](size_t r) {
    return ProfileRecord{{range.model, range.version, range.segment, a.integer(r, 0), a.integer(r, 1)}, a.integer(r, 2),
                         a.text(r, 3)};
  });
}

Result<std::vector<SeriesPoint>> SqlStore::series(const WindowKey& range, int64_t length,
                                                  const std::vector<std::string>& names) {
  std::vector<Value> values = {clean(range.model), clean(range.version), clean(range.segment), length};
  std::string sql = "SELECT number, name FROM series WHERE model = $1 AND version = $2 AND segment = $3 AND length = $4";
  for (size_t i = 0; i < names.size(); ++i) {
    values.push_back(clean(names[i]));
    sql += fmt::format("{}${}", i == 0 ? " AND name IN (" : ", ", values.size());
  }
  if (!names.empty()) sql += ")";
  LEEWAY_TRY(const auto session, driver_->reader());
  LEEWAY_TRY(const auto known, session->query(sql, values));
  std::map<int64_t, std::string> name_of;
  std::string list;
  for (size_t r = 0; r < known.rows(); ++r) {
    name_of[known.integer(r, 0)] = known.text(r, 1);
    list += fmt::format("{}{}", r > 0 ? ", " : "", known.integer(r, 0));
  }
  if (name_of.empty()) return std::vector<SeriesPoint>();
  LEEWAY_TRY(const auto a, session->query(fmt::format("SELECT series, from_time, revision, value, lower, upper, row_count, "
                                                      "verdict FROM points WHERE series IN ({}) AND from_time >= $1 AND "
                                                      "from_time <= $2 - $3", list),
                                          {range.from, range.to, length}));
  auto out = records<SeriesPoint>(a, [&](size_t r) {
    return SeriesPoint{a.integer(r, 1), a.integer(r, 1) + length, a.integer(r, 2),
                       {name_of[a.integer(r, 0)], a.real(r, 3), a.real(r, 4), a.real(r, 5), a.integer(r, 6),
                        static_cast<int32_t>(a.integer(r, 7))}};
  });
  std::sort(out.begin(), out.end(), [](const SeriesPoint& x, const SeriesPoint& y) {
    return std::tie(x.point.series, x.from) < std::tie(y.point.series, y.from);
  });
  return out;
}

Result<std::vector<EvidenceRecord>> SqlStore::evidence(const std::string& model) {
  LEEWAY_TRY(const auto a, ask("SELECT name, up_to, document FROM evidence WHERE model = $1 ORDER BY name", {clean(model)}));
  return records<EvidenceRecord>(a, [&](size_t r) { return EvidenceRecord{model, a.text(r, 0), a.integer(r, 1), a.text(r, 2)}; });
}

Status SqlStore::put_incident(Session& session, const IncidentRecord& record) {
  const auto& i = record.incident;
  const auto& s = record.subject;
  const std::string sql = upsert("incidents", "id", incident_columns.substr(4));
  return done(session.run(sql, {clean(i.id), clean(i.dedup_key), clean(s.monitor), clean(s.model), clean(s.feature),
                                clean(s.segment), static_cast<int64_t>(i.state), static_cast<int64_t>(i.severity), i.since,
                                optional_time(i.opened), optional_time(i.acknowledged), clean(i.acknowledged_by),
                                optional_time(i.resolved), clean(i.resolved_by), int64_t{i.calm}, i.calm_since, i.sequence,
                                clean(record.document)}));
}

Result<std::vector<IncidentRecord>> SqlStore::incidents(const std::string& model, bool open_only, int64_t limit) {
  std::string sql = fmt::format("SELECT {} FROM incidents WHERE ($1 = '' OR model = $1)", incident_columns);
  if (open_only) sql += fmt::format(" AND state <> {}", static_cast<int>(alerts::State::resolved));
  LEEWAY_TRY(const auto a, ask(sql + fmt::format(" ORDER BY since DESC, id LIMIT {}", limit), {clean(model)}));
  return records<IncidentRecord>(a, [&](size_t r) { return incident_record(a, r); });
}

Result<IncidentRecord> SqlStore::incident(const std::string& id) {
  LEEWAY_TRY(const auto a, ask(fmt::format("SELECT {} FROM incidents WHERE id = $1", incident_columns), {clean(id)}));
  if (a.rows() == 0) return fail(Code::not_found, fmt::format("there is no alert '{}'", id));
  return incident_record(a, 0);
}

Result<std::vector<DeliveryRecord>> SqlStore::due_deliveries(int64_t now, int64_t limit) {
  LEEWAY_TRY(const auto a, ask(fmt::format("SELECT {} FROM deliveries d WHERE state = 1 AND due <= $1 AND NOT EXISTS (SELECT 1 "
                                           "FROM deliveries e WHERE e.dedup_key = d.dedup_key AND e.channel = d.channel AND "
                                           "e.state = 1 AND (e.created < d.created OR (e.created = d.created AND e.sequence < "
                                           "d.sequence))) ORDER BY due, dedup_key, sequence, channel LIMIT {}",
                                           delivery_columns, limit), {now}));
  return delivery_records(a);
}

Result<std::vector<DeliveryRecord>> SqlStore::deliveries(const std::string& dedup_key) {
  LEEWAY_TRY(const auto a, ask(fmt::format("SELECT {} FROM deliveries WHERE dedup_key = $1 ORDER BY created, sequence, channel",
                                           delivery_columns), {clean(dedup_key)}));
  return delivery_records(a);
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
  LEEWAY_TRY(const auto a, ask(fmt::format("SELECT number, time, actor, action, document, previous_hash, hash FROM audit "
                                           "WHERE number > $1 ORDER BY number LIMIT {}", limit), {after}));
  return records<AuditRecord>(a, [&](size_t r) {
    return AuditRecord{a.integer(r, 0), a.integer(r, 1), a.text(r, 2), a.text(r, 3), a.text(r, 4), a.text(r, 5), a.text(r, 6)};
  });
}

}  // namespace

std::unique_ptr<Store> make_sql_store(std::unique_ptr<Driver> driver) { return std::make_unique<SqlStore>(std::move(driver)); }

}  // namespace leeway::store
