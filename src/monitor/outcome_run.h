#pragma once
// What a model's outputs and outcomes say: performance, estimates without labels, fairness and business, measured,
// judged, and the row losses that explanations start from.

#include <optional>
#include <string>
#include <vector>

#include "explain/row_losses.h"
#include "monitor/judge.h"
#include "monitor/outcome_rows.h"
#include "reports/report.h"

namespace leeway {

struct OutcomeRunOptions {
  const Roles* roles = nullptr;
  const MonitorConfig* config = nullptr;
  const Judge* judge = nullptr;
  std::vector<std::vector<uint32_t>> windows;   ///< rows of the current side in each window; empty for none
  int threads = 1;
  uint64_t seed = 1;
};

/// The losses of both sides, row by row (NaN where unknown), for the decomposition and the segment search.
struct RowLosses {
  explain::LossMetric metric;
  std::vector<double> reference, current;
  std::vector<double> reference_score, current_score;
  std::vector<uint32_t> reference_group, current_group;   ///< multiclass: the predicted class; else empty
  std::vector<std::string> group_names;
};

/// The mean score or prediction surely moved, with a sample of the rows for telling which features explain it.
struct ScoreShift {
  PredictionShift shift;                                ///< without features
  std::vector<uint32_t> reference_rows, current_rows;   ///< evenly spaced, at most 100,000
  std::vector<double> reference, current;               ///< their scores
};

struct OutcomeRun {
  std::vector<Finding> findings;
  std::vector<std::vector<Finding>> windows;    ///< judged headline metrics of each window
  std::optional<LabelCoverage> labels;
  std::optional<ReportCalibration> calibration;
  std::optional<ReportThresholds> thresholds;
  std::optional<ScoreShift> score_shift;
  std::optional<RowLosses> losses;
  std::vector<uint32_t> young_reference, young_current;   ///< rows whose label is not final yet
  std::vector<std::string> remarks;             ///< why something was left out
};

/// Runs every check that the task and the columns at hand allow. Errors are those of reading; what the data do not
/// allow is a finding or a remark.
Result<OutcomeRun> run_outcomes(const Side& reference, const Side& current, const OutcomeRunOptions& options);

}  // namespace leeway
