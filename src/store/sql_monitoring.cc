#include "store/sql_store.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

namespace leeway::store {
namespace {

/// Nanoseconds by the store's own clock, so that the clocks of several servers need not agree.
constexpr std::string_view store_clock = "CAST(extract(epoch FROM now()) * 1e9 AS INT8)";

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

std::vector<WindowRecord> window_records(const Answer& a, const WindowKey& range) {
  return records<WindowRecord>(a, [&](size_t r) {
    return WindowRecord{{range.model, range.version, range.segment, a.integer(r, 0), a.integer(r, 1)}, a.integer(r, 2),
                        a.integer(r, 3), a.integer(r, 4), a.integer(r, 5), a.text(r, 6)};
  });
}

}  // namespace

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
    return done(
        session.run("UPDATE leases SET until = 0 WHERE name = $1 AND holder = $2", {clean(name), clean(holder)}));
  });
}

Status SqlStore::put(const MonitoringUpdate& update) {
  return change([&](Session& session) -> Status {
    if (!update.lease_holder.empty()) {
      LEEWAY_TRY(const auto held,
                 session.query(fmt::format("SELECT name FROM leases WHERE name = 'monitor' AND holder = $1 "
                                           "AND until > {} {}",
                                           store_clock, driver_->dialect().share_row),
                               {clean(update.lease_holder)}));
      if (held.rows() == 0) return fail(Code::failed_precondition, "another process holds the monitoring lease");
    }
    for (const auto& window : update.windows) LEEWAY_CHECK(put_window(session, window));
    for (const auto& e : update.evidence)
      LEEWAY_CHECK(session.run(upsert("evidence", "model, name", "up_to, document"),
                               {clean(e.model), clean(e.name), e.up_to, clean(e.document)}));
    for (const auto& incident : update.incidents) LEEWAY_CHECK(put_incident(session, incident));
    for (const auto& d : update.deliveries)
      LEEWAY_CHECK(session.run(upsert("deliveries", "id, channel",
                                      "dedup_key, sequence, created, due, attempts, state, "
                                      "document, last_error"),
                               {clean(d.id), clean(d.channel), clean(d.dedup_key), d.sequence, d.created, d.due,
                                d.attempts, static_cast<int64_t>(d.state), clean(d.document), clean(d.last_error)}));
    return {};
  });
}

Status SqlStore::put_window(Session& session, const WindowResult& window) {
  const auto key = key_values(window.key);
  LEEWAY_TRY(const auto last,
             session.query("SELECT coalesce(max(revision), 0) FROM windows WHERE model = $1 AND version = $2 "
                           "AND segment = $3 AND from_time = $4 AND to_time = $5",
                           key));
  const int64_t revision = last.integer(0, 0) + 1;
  auto values = key;
  values.insert(values.end(), {revision, window.computed, window.rows, window.change, clean(window.document)});
  LEEWAY_CHECK(session.run("INSERT INTO windows VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", values));
  if (!window.profile.empty()) {
    values = key;
    values.insert(values.end(), {revision, Bytes{window.profile}});
    LEEWAY_CHECK(
        session.run(upsert("profiles", "model, version, segment, from_time, to_time", "revision, profile"), values));
  }
  return put_points(session, window, revision);
}

/// The numbers of the window's series, in the order of its points; new ones are made.
Status SqlStore::series_numbers(Session& session, const WindowResult& window, std::vector<int64_t>& numbers) {
  const int64_t length = window.key.to - window.key.from;
  const std::vector<Value> owner = {clean(window.key.model), clean(window.key.version), clean(window.key.segment),
                                    length};
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
  std::string sql =
      "SELECT from_time, to_time, revision, computed, row_count, change, document FROM windows w WHERE " +
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
  LEEWAY_TRY(
      const auto answer,
      ask("SELECT from_time, to_time, revision, computed, row_count, change, document FROM windows WHERE model = $1 "
          "AND version = $2 AND segment = $3 AND from_time = $4 AND to_time = $5 ORDER BY revision",
          key_values(key)));
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
  std::string sql =
      "SELECT number, name FROM series WHERE model = $1 AND version = $2 AND segment = $3 AND length = $4";
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
  LEEWAY_TRY(const auto a,
             session->query(fmt::format("SELECT series, from_time, revision, value, lower, upper, row_count, "
                                        "verdict FROM points WHERE series IN ({}) AND from_time >= $1 AND "
                                        "from_time <= $2 - $3",
                                        list),
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
  LEEWAY_TRY(const auto a,
             ask("SELECT name, up_to, document FROM evidence WHERE model = $1 ORDER BY name", {clean(model)}));
  return records<EvidenceRecord>(
      a, [&](size_t r) { return EvidenceRecord{model, a.text(r, 0), a.integer(r, 1), a.text(r, 2)}; });
}

}  // namespace leeway::store
