#pragma once
// The store: everything that outlives a process, behind one interface (DuckDB inside, or PostgreSQL for several
// servers).
//
// Every method is safe to call from several threads and does all or nothing. A method that returns has its changes on
// the disk. Errors of all methods: unavailable (the store is away, read-only, or was busy with the same rows: trying
// again later is safe, also when the answer to a commit was lost), resource_exhausted (its disk is full or a query's
// limit was met), internal. What else a method may fail with stands beside it. Text that is not valid UTF-8 or holds a
// zero byte is kept with those bytes written as \xNN.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/records.h"

namespace leeway::store {

class Store {
 public:
  virtual ~Store() = default;

  /// Fails while the store cannot be written.
  virtual Status ping() = 0;

  // Models. Putting what is there replaces its document.
  virtual Status put_model(const ModelRecord& model) = 0;
  virtual Result<std::vector<ModelRecord>> models() = 0;
  virtual Status put_version(const VersionRecord& version) = 0;
  /// Oldest first.
  virtual Result<std::vector<VersionRecord>> versions(const std::string& model) = 0;
  virtual Status put_alias(const AliasRecord& alias) = 0;
  virtual Result<std::vector<AliasRecord>> aliases(const std::string& model) = 0;
  virtual Status put_reference(const ReferenceRecord& reference) = 0;
  /// Newest first, without their bytes.
  virtual Result<std::vector<ReferenceRecord>> references(const std::string& model) = 0;
  /// With its bytes. Errors: not_found.
  virtual Result<ReferenceRecord> reference(const std::string& model, const std::string& id) = 0;

  // Rows.

  /// The position of the journal that is applied; 0 if it is not known.
  virtual Result<uint64_t> position(const std::string& journal) = 0;
  /// One transaction: rows, their ids, outcomes, answers and the position. A batch whose position is not beyond the
  /// stored one was applied before and does nothing, so any batch may be sent again. Models and columns that are new
  /// are added; values that do not fit their column's type become null and are counted. Errors: failed_precondition if
  /// `after` is not the stored position. About 200,000 rows/s in batches of 10,000 with 20 columns.
  virtual Result<Applied> apply(const ApplyBatch& batch) = 0;
  /// An answer given before. Empty if there is none.
  virtual Result<std::optional<AnswerRecord>> answer(const std::string& key) = 0;
  /// In order of first appearance. Errors: not_found for the model.
  virtual Result<std::vector<ColumnRecord>> columns(const std::string& model) = 0;
  /// Errors: not_found for the model or a column.
  virtual Result<RowSet> rows(const RowQuery& query) = 0;
  /// Rows by version in [from, to). Errors: not_found.
  virtual Result<std::vector<VolumeRecord>> volume(const std::string& model, int64_t from, int64_t to) = 0;
  /// Where rows or outcomes arrived since a change, in order of time; stretches are 5 minutes long. With 0, all.
  virtual Result<std::vector<TouchedRecord>> touched(const std::string& model, int64_t after_change) = 0;
  /// Applies the retention. Profiles, findings and the rest stay. Errors: not_found, invalid_argument.
  virtual Result<Expired> expire(const ExpireRequest& request) = 0;

  // Monitoring.

  /// Takes or renews the lease `name` for `duration` nanoseconds by the store's own clock; false while another holds
  /// it.
  virtual Result<bool> take_lease(const std::string& name, const std::string& holder, int64_t duration) = 0;
  virtual Status release_lease(const std::string& name, const std::string& holder) = 0;
  /// One transaction. A window that is there gets a new revision: its document of before stays, its profile and points
  /// are replaced. Incidents, deliveries and evidence replace those of the same id. Errors: failed_precondition if the
  /// lease is not held.
  virtual Status put(const MonitoringUpdate& update) = 0;
  /// Latest revisions of the windows of `length` (0: any) with these model, version and segment that lie in [from, to),
  /// in order; with `last` > 0 only so many, counted from the end.
  virtual Result<std::vector<WindowRecord>> windows(const WindowKey& range, int64_t length, int64_t last) = 0;
  /// All revisions of one window, oldest first.
  virtual Result<std::vector<WindowRecord>> revisions(const WindowKey& key) = 0;
  /// The profiles of the same windows as windows(range, length, 0).
  virtual Result<std::vector<ProfileRecord>> profiles(const WindowKey& range, int64_t length) = 0;
  /// Points of these series (empty: all) in the windows of `length` in the range, by series, then time.
  virtual Result<std::vector<SeriesPoint>> series(const WindowKey& range, int64_t length,
                                                  const std::vector<std::string>& names) = 0;
  virtual Result<std::vector<EvidenceRecord>> evidence(const std::string& model) = 0;

  // Alerts.

  /// Newest first; with `open_only` those that are not resolved. An empty model means all.
  virtual Result<std::vector<IncidentRecord>> incidents(const std::string& model, bool open_only, int64_t limit) = 0;
  /// Errors: not_found.
  virtual Result<IncidentRecord> incident(const std::string& id) = 0;
  /// Waiting ones that are due, in order of their incident and sequence: one of each incident and channel, the first
  /// not yet delivered, so that a resolve never overtakes its open.
  virtual Result<std::vector<DeliveryRecord>> due_deliveries(int64_t now, int64_t limit) = 0;
  /// Those of an incident, by its dedup key.
  virtual Result<std::vector<DeliveryRecord>> deliveries(const std::string& dedup_key) = 0;

  // Governance.

  virtual Status put_decision(const DecisionRecord& decision) = 0;
  /// Newest first.
  virtual Result<std::vector<DecisionRecord>> decisions(const std::string& model, int64_t limit) = 0;
  /// Appends an entry whose previous_hash is that of the last. Errors: failed_precondition if it is not.
  virtual Status append_audit(const AuditRecord& entry) = 0;
  /// Entries after a number, oldest first.
  virtual Result<std::vector<AuditRecord>> audit(int64_t after, int64_t limit) = 0;
};

}  // namespace leeway::store
