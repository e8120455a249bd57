#include "store/sql_store.h"

#include <fmt/format.h>

namespace leeway::store {
namespace {

Value optional_time(const std::optional<int64_t>& time) { return time ? Value(*time) : Value(); }
std::optional<int64_t> optional_time(const Answer& answer, size_t row, size_t column) {
  if (answer.null(row, column)) return std::nullopt;
  return answer.integer(row, column);
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

}  // namespace

Status SqlStore::put_incident(Session& session, const IncidentRecord& record) {
  const auto& i = record.incident;
  const auto& s = record.subject;
  const std::string sql = upsert("incidents", "id", incident_columns.substr(4));
  return done(session.run(
      sql, {clean(i.id), clean(i.dedup_key), clean(s.monitor), clean(s.model), clean(s.feature), clean(s.segment),
            static_cast<int64_t>(i.state), static_cast<int64_t>(i.severity), i.since, optional_time(i.opened),
            optional_time(i.acknowledged), clean(i.acknowledged_by), optional_time(i.resolved), clean(i.resolved_by),
            int64_t{i.calm}, i.calm_since, i.sequence, clean(record.document)}));
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
  LEEWAY_TRY(const auto a,
             ask(fmt::format("SELECT {} FROM deliveries d WHERE state = 1 AND due <= $1 AND NOT EXISTS (SELECT 1 "
                             "FROM deliveries e WHERE e.dedup_key = d.dedup_key AND e.channel = d.channel AND "
                             "e.state = 1 AND (e.created < d.created OR (e.created = d.created AND e.sequence < "
                             "d.sequence))) ORDER BY due, dedup_key, sequence, channel LIMIT {}",
                             delivery_columns, limit),
                 {now}));
  return delivery_records(a);
}

Result<std::vector<DeliveryRecord>> SqlStore::deliveries(const std::string& dedup_key) {
  LEEWAY_TRY(const auto a,
             ask(fmt::format("SELECT {} FROM deliveries WHERE dedup_key = $1 ORDER BY created, sequence, channel",
                             delivery_columns),
                 {clean(dedup_key)}));
  return delivery_records(a);
}

}  // namespace leeway::store
