#pragma once
// One window of a watched model: the stored rows, judged by the very run that `leeway check` makes of files.

#include <cstdint>
#include <string>

#include "config/monitor_config.h"
#include "monitor/evidence_run.h"
#include "profiles/profile.h"
#include "reports/report.h"
#include "store/records.h"

namespace leeway {

/// A model with what its windows are compared with. Immutable; `const` use is thread safe.
struct WatchedModel {
  std::string model;
  MonitorConfig config;
  std::string reference_id;
  std::string reference_path;      ///< The reference's profile as a file.
  Profile reference;
  EvidencePlan plan;

  /// `document` is the model's monitor file; paths in it are not followed. The reference's profile is written into
  /// `folder` (made if missing) under its id unless it is there. Errors: those of read_config and Profile::open.
  static Result<WatchedModel> make(const std::string& model, const std::string& document,
                                   const store::ReferenceRecord& reference, const std::string& folder);
};

struct WindowRunOptions {
  std::string folder;              ///< For files that live as long as the run.
  std::string label;               ///< "credit, 2026-11-20T10:00Z to 2026-11-20T11:00Z"
  std::string tool_version;
  int threads = 1;
};

struct JudgedWindow {
  Report report;
  Profile profile;                 ///< Of the window, on the reference's bins; mergeable.
};

/// Compares the rows with the reference and summarises them. The row id, event time and outcome take the names that the
/// configuration gives them. Errors: those of run_check; failed_precondition for no rows.
Result<JudgedWindow> judge_window(const WatchedModel& watched, const store::RowSet& rows, const WindowRunOptions& options);

}  // namespace leeway
