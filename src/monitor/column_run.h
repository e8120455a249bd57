#pragma once
// One column of both sides: prepared, compared, judged, counted for the report and binned for the explanations, while
// its rows are in memory.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checks/drift/registry.h"
#include "columns/roles.h"
#include "explain/feature_bins.h"
#include "explain/moved_bins.h"
#include "monitor/joint_run.h"
#include "monitor/judge.h"
#include "monitor/outcome_run.h"
#include "monitor/side.h"
#include "monitor/treatment.h"
#include "reports/report.h"
#include "summaries/numeric_scan.h"

namespace leeway {

/// What is wanted of every column.
struct ColumnRunOptions {
  const Roles* roles = nullptr;
  const MonitorConfig* config = nullptr;
  const Judge* judge = nullptr;
  std::vector<std::string> extra_methods;             ///< by id, or "all"
  bool p_values = false;
  std::vector<RowSample> samples;                     ///< of which inputs are gathered, see ColumnRun::inputs
  const ScoreShift* score_shift = nullptr;            ///< the score moved: tell what each feature explains of it
  bool bin_for_segments = false;                      ///< keep BinnedFeature; needs the rows of both sides
  std::vector<uint32_t> young_reference, young_current; ///< rows whose label is not final yet
  std::vector<std::vector<uint32_t>> windows;         ///< rows of the current side in each window; empty for none
};

struct ColumnRun {
  std::vector<Finding> findings;
  ReportColumn column;
  std::optional<ColumnShift> shift;                   ///< if the headline finding failed
  std::optional<explain::BinnedFeature> bins;
  std::optional<AloneExplains> score_part;            ///< what the feature explains of the score's movement
  std::optional<JointColumn> joint;                   ///< numeric features with rows on the current side
  std::vector<InputColumn> inputs;                    ///< one a sample; none if it is no input or has no rows
  std::vector<std::optional<Finding>> windows;        ///< headline finding of each window
  bool like_an_id = false, numbers_as_text = false;   ///< as TreatmentChoice
};

/// Compares one column of the reference with the current rows of the same name. Never fails for what the data hold;
/// errors are those of reading the reference. Thread safe with a scratch per thread.
Result<ColumnRun> run_column(const Side& reference, const Column& current, const ColumnRunOptions& options,
                             ScanScratch& scratch);
/// The same from two profiles of the same bins.
Result<ColumnRun> run_column(const Profile& reference, const ColumnProfile& current, const ColumnRunOptions& options,
                             ScanScratch& scratch);

}  // namespace leeway
