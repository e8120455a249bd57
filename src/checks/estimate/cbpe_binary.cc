#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "checks/estimate/calibration_map.h"
#include "checks/estimate/cbpe.h"
#include "checks/estimate/estimate_record.h"
#include "checks/performance/bounded.h"
#include "checks/performance/metrics.h"
#include "stats/distributions.h"
#include "stats/expected_auc.h"

namespace leeway::estimate {
namespace {

using performance::BinaryRows;
using performance::BinarySample;

enum Quantity : size_t { accuracy, precision, recall, f1, roc_auc, event_rate, cost, quantities };
using Expectations = std::array<Expected, quantities>;

Level realised_event_rate(const BinarySample& sample, const Options&) {
  return Level::of_proportion(sample.positives(), sample.rows(), "no labelled rows");
}

Level realised_cost(const BinarySample& sample, const Options& options) {
  return Level::of_mean(business::mean_cost(sample.confusion(options.threshold), options.cost));
}

template <const performance::BinaryMetric& metric>
Level realised(const BinarySample& sample, const Options& options) {
  return performance::levels(metric, sample, {.threshold = options.threshold}, &sample).front();
}

struct Record {
  MethodInfo info;
  Quantity quantity;
  Level (*on_reference)(const BinarySample& sample, const Options& options);
  bool share;   ///< in [0, 1]
  std::string_view undefined_because;
};

namespace binary = performance::binary;
constexpr std::array records{
    Record{estimate_info("estimated_roc_auc", "Estimated area under the ROC curve", Orientation::lower_is_worse, "",
                         "The AUC to expect from the calibrated scores"),
           roc_auc, realised<binary::roc_auc>, true, "undefined (only one class is expected)"},
    Record{estimate_info("estimated_accuracy", "Estimated accuracy", Orientation::lower_is_worse, "share",
                         "The share of right decisions to expect from the calibrated scores"),
           accuracy, realised<binary::accuracy>, true, ""},
    Record{estimate_info("estimated_precision", "Estimated precision", Orientation::lower_is_worse, "share",
                         "The share of predicted positives expected to be positive"),
           precision, realised<binary::precision>, true, "undefined (no predicted positives)"},
    Record{estimate_info("estimated_recall", "Estimated recall", Orientation::lower_is_worse, "share",
                         "The expected positives that are predicted positive, as a share of all expected positives"),
           recall, realised<binary::recall>, true, "undefined (no positives are expected)"},
    Record{estimate_info("estimated_f1", "Estimated F1 score", Orientation::lower_is_worse, "",
                         "The F1 score of the expected confusion matrix"),
           f1, realised<binary::f1>, true, "undefined (no positives, neither expected nor predicted)"},
    Record{estimate_info("estimated_event_rate", "Estimated event rate", Orientation::either, "share",
                         "The share of rows expected to be of the positive class"),
           event_rate, realised_event_rate, true, ""},
    Record{estimate_info("estimated_cost_per_row", "Estimated cost per row", Orientation::higher_is_worse,
                         "cost per row", "The mean cost to expect, by the cost matrix"),
           cost, realised_cost, false, ""},
};

/// Rows of one score, by decision.
struct Entry {
  double score;
  double unselected, selected;
};

std::vector<Entry> entries_of(const BinaryRows& rows, double threshold) {
  std::vector<uint8_t> decisions = rows.decisions;
  if (decisions.empty())
    for (const double score : rows.scores) decisions.push_back(score >= threshold);
  std::vector<Entry> entries;
  stats::RankedScores::of_rows(rows.scores, decisions).visit([&](double score, int64_t unselected, int64_t selected) {
    entries.push_back({score, static_cast<double>(unselected), static_cast<double>(selected)});
  });
  return entries;
}

/// Neighbours of like decision put together: enough to see how a metric moves with the calibration map.
std::vector<Entry> coarse(const std::vector<Entry>& entries, size_t count) {
  if (entries.size() <= count) return entries;
  std::vector<Entry> out;
  const size_t step = (entries.size() + count - 1) / count;
  for (size_t begin = 0; begin < entries.size(); begin += step) {
    Entry sum{0, 0, 0};
    for (size_t i = begin; i < std::min(entries.size(), begin + step); ++i) {
      const double before = sum.unselected + sum.selected, n = entries[i].unselected + entries[i].selected;
      sum.score += (entries[i].score - sum.score) * (n / (before + n));
      sum.unselected += entries[i].unselected;
      sum.selected += entries[i].selected;
    }
    out.push_back(sum);
  }
  return out;
}

/// value = over/under, with Σ slope² p (1 - p) for its noise where each row has the slope of its decision.
Expected ratio(double over, double under, double selected_slope, double unselected_slope, double selected_noise,
               double unselected_noise) {
  if (!(under > 0)) return {};
  return {over / under, (selected_slope * selected_slope * selected_noise +
                         unselected_slope * unselected_slope * unselected_noise) / (under * under)};
}

Expectations expect(const std::vector<Entry>& entries, const CalibrationMap& map, const business::CostMatrix& c) {
  std::vector<stats::ScoredChance> chances;
  chances.reserve(entries.size());
  double rows = 0, positives = 0, selected = 0, hits = 0, right = 0, total_cost = 0;
  double noise_selected = 0, noise_unselected = 0;
  for (const Entry& e : entries) {
    const double p = map(e.score), n = e.unselected + e.selected;
    chances.push_back({e.score, n, p});
    rows += n;
    positives += n * p;
    selected += e.selected;
    hits += e.selected * p;
    right += e.selected * p + e.unselected * (1 - p);
    total_cost += e.selected * (p * c.true_positive + (1 - p) * c.false_positive) +
                  e.unselected * (p * c.false_negative + (1 - p) * c.true_negative);
    noise_selected += e.selected * p * (1 - p);
    noise_unselected += e.unselected * p * (1 - p);
  }
  const auto of = [&](double over, double under, double slope_selected, double slope_unselected) {
    return ratio(over, under, slope_selected, slope_unselected, noise_selected, noise_unselected);
  };
  const double recall_value = hits / positives, f1_value = 2 * hits / (positives + selected);
  Expectations out;
  out[accuracy] = of(right, rows, 1, -1);
  out[precision] = of(hits, selected, 1, 0);
  out[recall] = of(hits, positives, 1 - recall_value, -recall_value);
  out[f1] = of(2 * hits, positives + selected, 2 - f1_value, -f1_value);
  out[event_rate] = of(positives, rows, 1, 1);
  out[cost] = of(total_cost, rows, c.true_positive - c.false_positive, c.false_negative - c.true_negative);
  const stats::ExpectedAuc auc = stats::expected_auc(chances);
  out[roc_auc] = {auc.value, auc.variance};
  return out;
}

struct Calibration {
  CalibrationMap map;
  std::vector<CalibrationMap> refits;
  std::string note;
  std::string reason;   ///< Why there is none.
};

Calibration calibrate(const BinarySample* reference, bool current_probabilities, const Options& options) {
  Calibration result;
  if (!reference || reference->rows() == 0) {
    result.note = uncalibrated;
    if (!current_probabilities)
      result.reason = "the score is no probability and there are no labelled reference rows to calibrate it on";
    return result;
  }
  const int64_t rarer = std::min(reference->positives(), reference->negatives());
  if (reference->rows() < 50 || rarer < 5) {
    result.reason = fmt::format("calibrating the score needs 50 labelled reference rows, 5 of each class; there are "
                                "{}, {} of the rarer class", reference->rows(), rarer);
    return result;
  }
  result.note = assumption;
  const bool probabilities = reference->probabilities() && current_probabilities;
  const auto kind = CalibrationMap::kind_for(reference->rows());
  const ScoreCells cells = calibration_cells(reference->ranked());
  ScoreCells drawn = cells;
  result.map = CalibrationMap::fit(cells, kind, probabilities);
  const Random seed(options.seed);
  for (int refit = 0; refit < options.refits; ++refit) {
    Random random = seed.split(static_cast<uint64_t>(refit));
    for (size_t i = 0; i < cells.size(); ++i) {
      drawn[i].negatives = static_cast<int64_t>(random.poisson(static_cast<double>(cells[i].negatives)));
      drawn[i].positives = static_cast<int64_t>(random.poisson(static_cast<double>(cells[i].positives)));
    }
    result.refits.push_back(CalibrationMap::fit(drawn, kind, probabilities));
  }
  return result;
}

Level level_of(const Record& record, const Expected& expected, double calibration_error, double rows,
               const std::string& note) {
  if (!std::isfinite(expected.value)) return Level::failed(record.undefined_because);
  const double se = std::hypot(std::sqrt(expected.noise_variance), calibration_error);
  const double half = stats::normal_quantile(stats::bound_confidence) * se;
  Level level = record.share ? performance::share_like(std::clamp(expected.value, 0.0, 1.0), se, rows)
                             : Level::of(expected.value, {expected.value - half, expected.value + half}, se);
  level.details = {{"se_label_noise", std::sqrt(expected.noise_variance)}, {"se_calibration", calibration_error}};
  level.note = note;
  return level;
}

std::string why_no_scores(const BinaryRows& rows) {
  if (rows.size() == 0) return "no row has a usable prediction";
  return rows.scores.empty() ? "there is no score column" : "";
}

}  // namespace

std::vector<Measurement> estimate_binary(const Subject& subject, const BinaryRows* reference, const BinaryRows& current,
                                         const Options& options) {
  std::optional<BinarySample> labelled;
  if (reference && !reference->scores.empty()) labelled = BinarySample::of_rows(*reference);
  const bool with_reference = labelled && labelled->rows() > 0;
  std::string reason = why_no_scores(current);
  Calibration calibration;
  if (reason.empty()) {
    const bool probabilities = std::ranges::all_of(current.scores, [](double s) { return s >= 0 && s <= 1; });
    calibration = calibrate(labelled ? &*labelled : nullptr, probabilities, options);
    reason = calibration.reason;
  }
  Expectations expected;
  std::array<std::vector<double>, quantities> refitted;
  if (reason.empty()) {
    const std::vector<Entry> entries = entries_of(current, options.threshold);
    expected = expect(entries, calibration.map, options.cost);
    const std::vector<Entry> few = coarse(entries, 4096);
    for (const CalibrationMap& map : calibration.refits) {
      const Expectations again = expect(few, map, options.cost);
      for (size_t q = 0; q < quantities; ++q) refitted[q].push_back(again[q].value);
    }
  }
  std::vector<Measurement> out;
  for (const Record& record : records) {
    if (record.quantity == cost && options.cost.empty()) continue;
    Levels from, to{Level::failed(reason)};
    if (with_reference) from.push_back(record.on_reference(*labelled, options));
    if (reason.empty())
      to = {level_of(record, expected[record.quantity], scatter(refitted[record.quantity]),
                     static_cast<double>(current.size()), calibration.note)};
    for (Measurement& m : compare(record.info, subject, from, with_reference ? labelled->counts() : InputCounts{}, to,
                                  current.usable))
      out.push_back(std::move(m));
  }
  return out;
}

std::vector<const MethodInfo*> binary_methods() {
  std::vector<const MethodInfo*> infos;
  for (const Record& record : records) infos.push_back(&record.info);
  return infos;
}

}  // namespace leeway::estimate
