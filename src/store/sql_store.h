#pragma once
// The store in SQL, over any driver. The methods stand in sql_models.cc, sql_rows.cc, sql_monitoring.cc and
// sql_alerts.cc.

#include <memory>
#include <string>
#include <vector>

#include "store/row_catalog.h"
#include "store/row_store.h"
#include "store/session.h"
#include "store/store.h"

namespace leeway::store {

/// Requires tables that are migrated (schema.h).
class SqlStore final : public Store {
 public:
  explicit SqlStore(std::unique_ptr<Driver> driver) : driver_(std::move(driver)) {}

  Status ping() override;

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

/// "INSERT INTO table VALUES ($1, …, $n) ON CONFLICT (key) DO UPDATE SET …" for the columns that are not in the key;
/// key and others are lists with ", " between.
std::string upsert(std::string_view table, std::string_view key, std::string_view others);

template <class Record, class Read>
std::vector<Record> records(const Answer& answer, Read read) {
  std::vector<Record> out;
  out.reserve(answer.rows());
  for (size_t row = 0; row < answer.rows(); ++row) out.push_back(read(row));
  return out;
}

}  // namespace leeway::store
