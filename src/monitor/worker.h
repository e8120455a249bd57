#pragma once
// The monitoring worker: judges the windows of every model as they close, keeps the evidence, opens and resolves alerts.
// One step at a time, by the store alone: whoever holds the lease goes on where the last one stopped.

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "monitor/window_run.h"
#include "store/store.h"

namespace leeway {

struct WorkerOptions {
  std::string folder;                            ///< For references and files of a run.
  std::string holder;                            ///< Names this process, for the lease.
  std::string tool_version;
  std::vector<int64_t> lengths{3'600'000'000'000, 86'400'000'000'000};  ///< Of windows, nanoseconds; the first gathers evidence.
  int64_t grace = 60'000'000'000;                ///< After its end a window waits so long for late rows.
  int64_t lease = 10'000'000'000;
  int64_t retention = 7 * 86'400'000'000'000;    ///< Raw rows are kept so long; what lasts of them longer, see expire().
  int threads = 1;
};

/// What one pass did.
struct WorkDone {
  bool led = false;                ///< This process holds the lease.
  int64_t windows = 0;             ///< Judged, first and later revisions.
  int64_t alarms = 0;
  std::vector<std::string> troubles;  ///< One sentence for each model or window that could not be judged.
};

/// `run_once` by one thread at a time; the rest is thread safe.
class Worker {
 public:
  Worker(store::Store& store, WorkerOptions options) : store_(store), options_(std::move(options)) {}

  /// Judges all windows that are due at `now`, oldest first, each written with its evidence and alerts in one
  /// transaction. A window is due once it has closed, and again when rows or outcomes came since (its stored result then
  /// gets a new revision; the evidence takes each window once, in order of time). Then rows beyond the retention go. Returns early when `stop` is set or the lease is lost. Trouble with one
  /// model does not stop the others. Errors: those of the store.
  Result<WorkDone> run_once(int64_t now, const std::atomic<bool>& stop);

  /// The model with its reference as it is now. Errors: not_found (no such model), failed_precondition (no reference
  /// yet), those of WatchedModel::make.
  Result<std::shared_ptr<const WatchedModel>> watched(const std::string& model);

  /// Any stretch of a model's rows, judged now and not stored: the live view. Errors: those of judge_window.
  Result<JudgedWindow> judge(const std::string& model, int64_t from, int64_t to);

 private:
  struct Due;
  Status work_on(const std::string& model, int64_t length, bool evidence, int64_t now, const std::atomic<bool>& stop,
                 WorkDone& done);
  Status work_on_window(const WatchedModel& watched, const Due& due, int64_t length, bool evidence, int64_t now, WorkDone& done);
  /// Rows are read; `from` and `to` are for the label.
  Result<JudgedWindow> judge_rows(const WatchedModel& watched, const store::RowSet& rows, int64_t from, int64_t to);
  /// A window with all its rows; adds to `update` and `looks` what its evidence says.
  Result<store::WindowResult> judge_closed(const WatchedModel& watched, const Due& due, const store::RowSet& rows, int64_t length,
                                           bool evidence, store::MonitoringUpdate& update, std::vector<SeriesLook>& looks);
  /// Of a window whose raw rows have expired: outcomes still find what lasts of their rows. Keeps its profile.
  Result<store::WindowResult> judge_lasting(const WatchedModel& watched, const Due& due, const store::RowSet& rows, int64_t length);
  Result<std::vector<Due>> due_windows(const std::string& model, int64_t length, int64_t now, int64_t& cursor);
  Status keep_lease(WorkDone& done);
  /// Raw rows go after the retention; scores, predictions and groups stay until the outcome can have matured and the
  /// retention once more, so that late outcomes find their prediction. Profiles, findings and alerts stay.
  Status expire(const std::string& model, int64_t now);

  store::Store& store_;
  const WorkerOptions options_;
  std::mutex mutex_;                                                     ///< Of the cache.
  std::map<std::string, std::shared_ptr<const WatchedModel>> watched_;   ///< By model, reference and document.
  std::map<std::string, int64_t> expired_;                               ///< When each model's rows were last gone over.
};

}  // namespace leeway
