#include "monitor/outcome_tasks.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/estimate/cbpe.h"
#include "checks/fairness/fairness.h"
#include "checks/performance/label_coverage.h"
#include "checks/performance/late_labels.h"
#include "checks/performance/threshold_curve.h"
#include "explain/feature_bins.h"
#include "stats/proportions.h"

namespace leeway {
namespace {

using performance::BinaryClasses;
using performance::BinaryRows;
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
    if (names.size() == 1 && !positive.empty())
      return BinaryClasses{names[0] == positive ? "not " + positive : names[0], positive};
  }
  return BinaryClasses{"0", positive.empty() ? "1" : positive};
}

std::optional<BinaryRows> rows_of(const OutcomeData& data, const BinaryClasses& classes) {
  if (!data.has_output()) return std::nullopt;
  auto rows = performance::binary_rows(data.columns(), classes);
  return rows ? std::optional(std::move(*rows)) : std::nullopt;
}

std::optional<BinarySample> sample_of_rows(const std::optional<BinaryRows>& rows, const OutcomeData& data) {
  if (!rows || !data.label) return std::nullopt;
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
Samples samples_of(const OutcomeSides& sides, const std::optional<BinaryRows>& reference,
                   const std::optional<BinaryRows>& current) {
  Samples rows{sample_of_rows(reference, sides.reference_data), sample_of_rows(current, sides.current_data)};
  if (!sides.current.is_profile() && (rows.reference || !sides.reference.is_profile())) return rows;
  return {sample_of_table(sides.reference),
          sides.current.is_profile() ? sample_of_table(sides.current) : std::move(rows.current)};
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

void fill_calibration(const std::optional<BinarySample>& reference, const std::optional<BinarySample>& current,
                      OutcomeRun& out) {
  if (!current || current->rows() == 0) return;
  ReportCalibration curve;
  curve.current = calibration(*current);
  if (reference) curve.reference = calibration(*reference);
  if (!curve.current.empty()) out.calibration = std::move(curve);
}

ReportThresholds::Point threshold_point(double threshold, const performance::Confusion& c,
                                        const business::CostMatrix& cost) {
  const auto ratio = [](int64_t part, int64_t whole) {
    return whole == 0 ? undefined : static_cast<double>(part) / static_cast<double>(whole);
  };
  return {.threshold = threshold,
          .true_positives = c.true_positives,
          .false_positives = c.false_positives,
          .false_negatives = c.false_negatives,
          .true_negatives = c.true_negatives,
          .precision = ratio(c.true_positives, c.predicted_positives()),
          .recall = ratio(c.true_positives, c.positives()),
          .f1 = ratio(2 * c.true_positives, c.predicted_positives() + c.positives()),
          .cost_per_row = cost.empty() ? undefined : business::mean_cost(c, cost).mean()};
}

void fill_thresholds(const std::optional<BinarySample>& sample, double threshold, const business::CostMatrix& cost,
                     OutcomeRun& out) {
  if (!sample || !sample->has_scores() || sample->positives() == 0 || sample->negatives() == 0) return;
  ReportThresholds told;
  told.chosen = threshold_point(threshold, sample->confusion_by_score(threshold), cost);
  for (const auto& point : performance::threshold_curve(*sample))
    told.curve.push_back(threshold_point(point.threshold, point.confusion, cost));
  told.best_f1 =
      *std::max_element(told.curve.begin(), told.curve.end(), [](const auto& a, const auto& b) { return a.f1 < b.f1; });
  if (!cost.empty())
    told.cheapest = *std::min_element(told.curve.begin(), told.curve.end(),
                                      [](const auto& a, const auto& b) { return a.cost_per_row < b.cost_per_row; });
  out.thresholds = std::move(told);
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
void fill_losses(const OutcomeSides& sides, const BinaryClasses& classes, double threshold, bool probabilities,
                 OutcomeRun& out) {
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
    return costed ? explain::decision_costs(by.values, labels, by.threshold, costs)
                  : explain::misclassified(by.values, labels, by.threshold);
  };
  const explain::LossMetric metric = costed      ? explain::cost_per_row
                                     : decisions ? explain::error_rate
                                                 : explain::log_loss;
  out.losses =
      RowLosses{metric, losses(from), losses(to), row_numbers(*from.score), row_numbers(*to.score), {}, {}, {}};
}

/// Errors: what is said to be favourable is neither class.
Result<Favourable> favourable_of(const OutcomeSides& sides, const BinaryClasses& classes, double threshold) {
  const std::string& told = sides.options.config->columns.label.favourable;
  if (told.empty()) return Favourable{classes, false, threshold};
  const std::array<std::string, 2> names{classes.negative, classes.positive};
  if (auto found = performance::binary_classes(names, told)) {
    const bool below = found->positive != classes.positive;
    return Favourable{std::move(*found), below, threshold};
  }
  return fail(sides.options.config->error_at(
      "columns.label.favourable", fmt::format("the favourable outcome '{}' is neither '{}' nor '{}'", printable(told),
                                              printable(classes.negative), printable(classes.positive))));
}

/// The stratum of each row on both sides: categories, or tenths of the reference's numbers.
struct StrataOfSides {
  std::vector<uint32_t> reference, current;
};
Result<StrataOfSides> strata_of(const OutcomeSides& sides) {
  constexpr int bands = 10, categories = 64;
  if (!sides.current_data.stratum) return StrataOfSides{};
  const Column& current = *sides.current_data.stratum;
  const Column& reference = sides.reference_data.stratum ? *sides.reference_data.stratum : current;
  LEEWAY_TRY(const auto bins,
             explain::bin_feature(reference, current, is_numeric(current.type()) ? bands : categories));
  StrataOfSides out;
  if (sides.reference_data.stratum) out.reference.assign(bins.reference.begin(), bins.reference.end());
  out.current.assign(bins.current.begin(), bins.current.end());
  return out;
}

Status run_fairness(const OutcomeSides& sides, const BinaryClasses& classes, double threshold, OutcomeRun& out) {
  if (sides.current_data.groups.empty() || !sides.current_data.has_output()) return {};
  LEEWAY_TRY(const Favourable favourable, favourable_of(sides, classes, threshold));
  const MonitorConfig& config = *sides.options.config;
  if (config.columns.label.favourable.empty() && config.leeway.fairness.empty())
    out.remarks.push_back(fmt::format(
        "Fairness is measured and not judged, as nothing says whether '{}' is good or bad for people: --set "
        "columns.label.favourable=VALUE holds the decision for it to the four-fifths rule.",
        printable(classes.positive)));
  auto strata = strata_of(sides);
  if (!strata) {
    out.remarks.push_back("Conditional parity was not measured: " + strata.error().text());
    strata.emplace();
  }
  const GroupData current(sides.current_data, favourable, std::move(strata->current));
  std::optional<GroupData> reference;
  if (sides.reference_data.has_output() && sides.reference_data.groups.size() == sides.current_data.groups.size())
    reference.emplace(sides.reference_data, favourable, std::move(strata->reference));
  fairness::FairnessOptions how;
  how.seed = sides.options.seed;
  how.threads = sides.options.threads;
  auto measured = fairness::measure_fairness(reference ? &reference->rows : nullptr, current.rows, how);
  if (!measured) {
    out.remarks.push_back("Fairness was not measured: " + measured.error().text());
    return {};
  }
  for (auto* part : {&measured->parity, &measured->pairs, &measured->levels, &measured->subgroups})
    keep(*sides.options.judge, std::move(*part), out.findings);
  return {};
}

/// Business quantities, and what performance is expected to be where labels are not known yet.
void run_outputs(const OutcomeSides& sides, const std::optional<BinaryRows>& reference,
                 const std::optional<BinaryRows>& current, double threshold, OutcomeRun& out) {
  if (!current) return;
  const auto& cost = sides.options.config->cost;
  const business::CostMatrix matrix{cost.true_positive, cost.false_positive, cost.false_negative, cost.true_negative};
  const BinaryRows* from = reference ? &*reference : nullptr;
  const Judge& judge = *sides.options.judge;
  keep(judge, business::measure_binary(Subject{}, from, *current, {threshold, matrix}), out.findings);
  if (!labels_wait(current)) return;
  if (sides.reference_data.label || sides.current_data.label)
    keep(judge, performance::measure_labels(Subject{}, from, *current, threshold), out.findings);
  estimate::Options how;
  how.threshold = threshold;
  how.cost = matrix;
  how.seed = sides.options.seed;
  keep(judge, estimate::estimate_binary(Subject{}, from, *current, how), out.findings);
}

/// Rows with the time for which each was watched; nothing where it is not known when outcomes became known.
std::optional<performance::WatchedRows> watched(const OutcomeData& data, const BinaryClasses& classes, int64_t as_of) {
  if (!data.has_output() || !data.labels_so_far || !data.time || !data.known_at) return std::nullopt;
  performance::OutcomeColumns columns = data.columns();
  columns.label = &*data.labels_so_far;
  const auto rows = performance::binary_rows(columns, classes);
  if (!rows) return std::nullopt;
  auto out = performance::watched_rows(*rows, *data.time, &*data.known_at, as_of);
  return out ? std::optional(std::move(*out)) : std::nullopt;
}

/// While labels are not final: what they say by the age of the rows.
void run_late_labels(const OutcomeSides& sides, const BinaryClasses& classes, OutcomeRun& out) {
  const auto horizon = sides.options.roles->columns.label.matures_after;
  const auto as_of = std::max(sides.reference_data.latest(), sides.current_data.latest());
  if (!out.labels || !out.labels->provisional || !horizon || !as_of) return;
  const auto current = watched(sides.current_data, classes, *as_of);
  if (!current) return;
  const auto reference = watched(sides.reference_data, classes, *as_of);
  const std::array<int64_t, 4> ages{*horizon / 4, *horizon / 2, *horizon / 4 * 3, *horizon};
  keep(*sides.options.judge,
       performance::measure_late_labels(Subject{}, reference ? &*reference : nullptr, *current, ages), out.findings);
}

}  // namespace

Status run_binary(const OutcomeSides& sides, OutcomeRun& out) {
  const auto classes = classes_of(sides);
  if (!classes) {
    out.remarks.push_back("Performance was not measured: " + classes.error().text());
    return {};
  }
  performance::BinaryOptions how;
  how.threshold = sides.options.roles->columns.threshold.value_or(default_threshold);
  const auto reference_rows = rows_of(sides.reference_data, *classes),
             current_rows = rows_of(sides.current_data, *classes);
  const auto [reference, current] = samples_of(sides, reference_rows, current_rows);
  run_metrics(performance::binary_metrics(), reference, current, how, sides,
              [&](const OutcomeData& data) { return sample_of_rows(rows_of(data, *classes), data); }, out);
  run_outputs(sides, reference_rows, current_rows, how.threshold, out);
  run_late_labels(sides, *classes, out);
  fill_calibration(reference, current, out);
  const auto& cost = sides.options.config->cost;
  fill_thresholds(current, how.threshold,
                  {cost.true_positive, cost.false_positive, cost.false_negative, cost.true_negative}, out);
  if (sides.reference_data.score && sides.current_data.score)
    keep_score_shift(*sides.reference_data.score, *sides.current_data.score, out);
  const bool probabilities = (reference && reference->probabilities()) || (current && current->probabilities());
  fill_losses(sides, *classes, how.threshold, probabilities, out);
  return run_fairness(sides, *classes, how.threshold, out);
}

}  // namespace leeway
