#include "monitor/outcome_tasks.h"

#include <cmath>

#include "checks/fairness/fairness.h"
#include "stats/proportions.h"

namespace leeway {
namespace {

using performance::BinaryClasses;
using performance::BinarySample;

constexpr int calibration_points = 20;
constexpr double default_threshold = 0.5;

/// The classes by the labels of either side; without labels only the decision's coding matters.
Result<BinaryClasses> classes_of(const OutcomeSides& sides) {
  const std::string& positive = sides.options.roles->columns.label.positive;
  for (const auto* data : {&sides.reference_data, &sides.current_data}) {
    if (!data->label) continue;
    LEEWAY_TRY(const auto names, performance::class_names(*data->label));
    if (names.size() >= 2) return performance::binary_classes(names, positive);
    if (names.size() == 1 && !positive.empty()) return BinaryClasses{names[0] == positive ? "not " + positive : names[0], positive};
  }
  return BinaryClasses{"0", positive.empty() ? "1" : positive};
}

std::optional<BinarySample> sample_of_rows(const OutcomeData& data, const BinaryClasses& classes) {
  if (!data.label || !data.has_output()) return std::nullopt;
  auto rows = performance::binary_rows(data.columns(), classes);
  if (!rows) return std::nullopt;
  return BinarySample::of_rows(*rows);
}

std::optional<BinarySample> sample_of_table(const Side& side) {
  if (side.profile() == nullptr || !side.profile()->score()) return std::nullopt;
  return BinarySample::of_table(side.profile()->score()->overall);
}

/// Both sides from rows, else both from the profiles' score tables: only like is compared with like.
struct Samples {
  std::optional<BinarySample> reference, current;
};
Samples samples_of(const OutcomeSides& sides, const BinaryClasses& classes) {
  Samples rows{sample_of_rows(sides.reference_data, classes), sample_of_rows(sides.current_data, classes)};
  if (!sides.current.is_profile() && (rows.reference || !sides.reference.is_profile())) return rows;
  return {sample_of_table(sides.reference), sides.current.is_profile() ? sample_of_table(sides.current) : std::move(rows.current)};
}

std::vector<ReportCalibration::Point> calibration(const BinarySample& sample) {
  std::vector<ReportCalibration::Point> out;
  if (!sample.has_scores() || !sample.probabilities()) return out;
  for (const auto& bin : performance::calibration_bins(sample, calibration_points)) {
    const auto interval = stats::wilson(bin.positives, bin.rows);
    out.push_back({bin.mean_score, {bin.observed(), interval.lower, interval.upper}, bin.rows});
  }
  return out;
}

void fill_calibration(const std::optional<BinarySample>& reference, const std::optional<BinarySample>& current, OutcomeRun& out) {
  if (!current || current->rows() == 0) return;
  ReportCalibration curve;
  curve.current = calibration(*current);
  if (reference) curve.reference = calibration(*reference);
  if (!curve.current.empty()) out.calibration = std::move(curve);
}

/// What each row was decided by: the given decision (1 or 0, threshold 1/2) where there is one, else the score.
struct Decided {
  std::vector<double> values;
  double threshold;
};
Decided decided(const OutcomeData& data, const BinaryClasses& classes, double threshold) {
  if (data.prediction) return {row_labels(*data.prediction, classes), 0.5};
  return {row_numbers(*data.score), threshold};
}

/// Cost where one is configured, the share of errors where there are decisions or a threshold, else the log-loss.
void fill_losses(const OutcomeSides& sides, const BinaryClasses& classes, double threshold, bool probabilities, OutcomeRun& out) {
  const auto& from = sides.reference_data;
  const auto& to = sides.current_data;
  if (!from.label || !to.label || !from.score || !to.score) return;
  const auto& cost = sides.options.config->cost;
  const explain::Costs costs{cost.false_negative, cost.false_positive, cost.true_positive, cost.true_negative};
  const bool costed = cost != CostConfig{};
  const bool decisions = sides.options.roles->columns.threshold || (from.prediction && to.prediction) || !probabilities;
  const auto losses = [&](const OutcomeData& data) {
    const auto labels = row_labels(*data.label, classes);
    if (!costed && !decisions) return explain::log_losses(row_numbers(*data.score), labels);
    const Decided by = decided(data, classes, threshold);
    return costed ? explain::decision_costs(by.values, labels, by.threshold, costs) : explain::misclassified(by.values, labels, by.threshold);
  };
  const explain::LossMetric metric = costed ? explain::cost_per_row : decisions ? explain::error_rate : explain::log_loss;
  out.losses = RowLosses{metric, losses(from), losses(to), row_numbers(*from.score), row_numbers(*to.score), {}, {}, {}};
}

void run_fairness(const OutcomeSides& sides, const BinaryClasses& classes, double threshold, OutcomeRun& out) {
  if (sides.current_data.groups.empty() || !sides.current_data.has_output()) return;
  const GroupData current(sides.current_data, classes, threshold);
  std::optional<GroupData> reference;
  if (sides.reference_data.has_output() && sides.reference_data.groups.size() == sides.current_data.groups.size())
    reference.emplace(sides.reference_data, classes, threshold);
  fairness::FairnessOptions how;
  how.seed = sides.options.seed;
  how.threads = sides.options.threads;
  auto measured = fairness::measure_fairness(reference ? &reference->rows : nullptr, current.rows, how);
  if (!measured) {
    out.remarks.push_back("Fairness was not measured: " + measured.error().text());
    return;
  }
  for (auto* part : {&measured->parity, &measured->pairs, &measured->levels, &measured->subgroups})
    keep(*sides.options.judge, std::move(*part), out.findings);
}

}  // namespace

void run_binary(const OutcomeSides& sides, OutcomeRun& out) {
  const auto classes = classes_of(sides);
  if (!classes) {
    out.remarks.push_back("Performance was not measured: " + classes.error().text());
    return;
  }
  performance::BinaryOptions how;
  how.threshold = sides.options.roles->columns.threshold.value_or(default_threshold);
  const auto [reference, current] = samples_of(sides, *classes);
  run_metrics(performance::binary_metrics(), reference, current, how, sides,
              [&](const OutcomeData& data) { return sample_of_rows(data, *classes); }, out);
  fill_calibration(reference, current, out);
  const bool probabilities = (reference && reference->probabilities()) || (current && current->probabilities());
  fill_losses(sides, *classes, how.threshold, probabilities, out);
  run_fairness(sides, *classes, how.threshold, out);
}

}  // namespace leeway
