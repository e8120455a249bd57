#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/estimate/calibration_map.h"
#include "checks/estimate/cbpe.h"
#include "checks/estimate/estimate_record.h"
#include "checks/performance/bounded.h"
#include "checks/performance/metrics.h"
#include "stats/expected_auc.h"

namespace leeway::estimate {
namespace {

using performance::MulticlassRows;
using performance::MulticlassSample;

enum Quantity : size_t { accuracy, precision, recall, f1, one_vs_rest_auc, quantities };
using Expectations = std::array<Expected, quantities>;

struct Record {
  MethodInfo info;
  Quantity quantity;
  const performance::MulticlassMetric* on_reference;
};

namespace multiclass = performance::multiclass;
constexpr std::array records{
    Record{estimate_info("estimated_accuracy_multiclass", "Estimated accuracy", Orientation::lower_is_worse, "share",
                         "The share of rows whose predicted class is expected to be the actual one"),
           accuracy, &multiclass::accuracy},
    Record{estimate_info("estimated_precision_macro", "Estimated precision, macro average",
                         Orientation::lower_is_worse, "share",
                         "The mean over the predicted classes of the precision of the expected confusion matrix"),
           precision, &multiclass::precision_macro},
    Record{estimate_info("estimated_recall_macro", "Estimated recall, macro average", Orientation::lower_is_worse,
                         "share", "The mean over the classes of the recall of the expected confusion matrix"),
           recall, &multiclass::recall_macro},
    Record{estimate_info("estimated_f1_macro", "Estimated F1 score, macro average", Orientation::lower_is_worse, "",
                         "The mean over the classes of the F1 score of the expected confusion matrix"),
           f1, &multiclass::f1_macro},
    Record{estimate_info("estimated_one_vs_rest_auc", "Estimated AUC of each class against the rest, mean",
                         Orientation::lower_is_worse, "",
                         "The mean over the classes of the AUC to expect of the class's score against all other rows"),
           one_vs_rest_auc, &multiclass::one_vs_rest_auc},
};

/// Rows with one score per class, whose labels may be looked at or not.
struct Scored {
  size_t classes;
  std::vector<double> scores;           // row by row
  std::vector<uint32_t> predictions;
  size_t rows() const { return predictions.size(); }
};

/// Every k-th row, so that about `count` are left.
Scored thinned(const Scored& all, size_t count) {
  const size_t step = (all.rows() + count - 1) / count;
  if (step <= 1) return all;
  Scored some{all.classes, {}, {}};
  for (size_t i = 0; i < all.rows(); i += step) {
    const auto scores = std::span(all.scores).subspan(i * all.classes, all.classes);
    some.scores.insert(some.scores.end(), scores.begin(), scores.end());
    some.predictions.push_back(all.predictions[i]);
  }
  return some;
}

using Maps = std::vector<CalibrationMap>;   // one per class

/// Each class's calibrated chance, made to add up to 1 in each row.
std::vector<double> chances(const Scored& rows, const Maps& maps) {
  std::vector<double> p(rows.scores.size());
  const size_t k = rows.classes;
  for (size_t i = 0; i < rows.rows(); ++i) {
    double sum = 0;
    for (size_t c = 0; c < k; ++c) sum += p[i * k + c] = maps[c](rows.scores[i * k + c]);
    for (size_t c = 0; c < k; ++c) p[i * k + c] = sum > 0 ? p[i * k + c] / sum : 1 / static_cast<double>(k);
  }
  return p;
}

/// The variance of Σ over rows of slope(row, actual class), the class of each row being drawn by its chances.
template <class Slope>
double noise(const std::vector<double>& p, size_t rows, size_t k, Slope slope) {
  double variance = 0;
  for (size_t i = 0; i < rows; ++i) {
    double mean = 0, square = 0;
    for (size_t c = 0; c < k; ++c) {
      const double s = slope(i, c);
      mean += p[i * k + c] * s;
      square += p[i * k + c] * s * s;
    }
    variance += square - mean * mean;
  }
  return variance;
}

/// Mean over classes of the expected quotient hits · M_cc / (predictions · predicted + labels · actual). That a row was
/// predicted does not depend on what it turns out to be, so the denominators of precision carry no noise.
Expected mean_quotient(const std::vector<double>& matrix, const Scored& rows, const std::vector<double>& p, double hits,
                       double predictions, double labels) {
  const size_t k = rows.classes;
  std::vector<double> under(k, 0), value(k, undefined);
  double defined = 0, sum = 0;
  for (size_t c = 0; c < k; ++c) {
    for (size_t other = 0; other < k; ++other)
      under[c] += predictions * matrix[other * k + c] + labels * matrix[c * k + other];
    if (!(under[c] > 0)) continue;
    value[c] = hits * matrix[c * k + c] / under[c];
    defined += 1;
    sum += value[c];
  }
  if (defined == 0) return {};
  const double variance = noise(p, rows.rows(), k, [&](size_t i, size_t actual) {
    if (!(under[actual] > 0)) return 0.0;
    const double hit = rows.predictions[i] == actual ? hits : 0;
    return (hit - value[actual] * labels) / under[actual] / defined;
  });
  return {sum / defined, variance};
}

Expected mean_auc(const Scored& rows, const std::vector<double>& p) {
  const size_t k = rows.classes, n = rows.rows();
  std::vector<double> slopes(p.size(), 0);
  std::vector<uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  double sum = 0, defined = 0;
  for (size_t c = 0; c < k; ++c) {
    std::ranges::sort(order, {}, [&](uint32_t row) { return rows.scores[row * k + c]; });
    std::vector<stats::ScoredChance> entries;
    entries.reserve(n);
    for (const uint32_t row : order) entries.push_back({rows.scores[row * k + c], 1, p[row * k + c]});
    const stats::ExpectedAuc auc = stats::expected_auc(entries);
    if (!std::isfinite(auc.value)) continue;
    sum += auc.value;
    defined += 1;
    for (size_t i = 0; i < n; ++i) slopes[order[i] * k + c] = auc.slopes[i];
  }
  if (defined == 0) return {};
  const double variance = noise(p, n, k, [&](size_t i, size_t c) { return slopes[i * k + c] / defined; });
  return {sum / defined, variance};
}

Expectations expect(const Scored& rows, const Maps& maps) {
  const size_t k = rows.classes;
  const std::vector<double> p = chances(rows, maps);
  std::vector<double> matrix(k * k, 0);   // expected rows, actual by predicted
  for (size_t i = 0; i < rows.rows(); ++i)
    for (size_t c = 0; c < k; ++c) matrix[c * k + rows.predictions[i]] += p[i * k + c];
  const auto n = static_cast<double>(rows.rows());
  Expectations out;
  double right = 0;
  for (size_t c = 0; c < k; ++c) right += matrix[c * k + c] / n;
  out[accuracy] = {right, noise(p, rows.rows(), k, [&](size_t i, size_t c) {
                     return rows.predictions[i] == c ? 1 / n : 0;
                   })};
  out[precision] = mean_quotient(matrix, rows, p, 1, 1, 0);
  out[recall] = mean_quotient(matrix, rows, p, 1, 0, 1);
  out[f1] = mean_quotient(matrix, rows, p, 2, 1, 1);
  out[one_vs_rest_auc] = mean_auc(rows, p);
  return out;
}

/// The labelled reference as cells of each class's score, and which cell each row is in. Refits draw from at most
/// about `refit_rows` rows.
class Reference {
 public:
  static constexpr size_t refit_rows = 200'000;

  Reference(const MulticlassSample& sample, bool probabilities)
      : probabilities_(probabilities), kind_(CalibrationMap::kind_for(sample.rows())), k_(sample.classes().size()) {
    const size_t rows = sample.labels().size(), step = (rows + refit_rows - 1) / refit_rows;
    for (size_t i = 0; i < rows; i += step) labels_.push_back(sample.labels()[i]);
    shrink_ = std::sqrt(static_cast<double>(labels_.size()) / static_cast<double>(rows));
    for (size_t c = 0; c < k_; ++c) {
      std::vector<double> scores;
      std::vector<uint8_t> is_class;
      for (size_t i = 0; i < rows; ++i) {
        scores.push_back(sample.scores()[i * k_ + c]);
        is_class.push_back(sample.labels()[i] == c);
      }
      cells_.push_back(calibration_cells(stats::RankedScores::of_rows(scores, is_class)));
      std::vector<double> bounds;   // halfway between the cells' means
      for (size_t b = 1; b < cells_[c].size(); ++b) bounds.push_back((cells_[c][b - 1].x + cells_[c][b].x) / 2);
      std::vector<uint16_t> at;
      for (size_t i = 0; i < rows; i += step)
        at.push_back(static_cast<uint16_t>(std::ranges::upper_bound(bounds, scores[i]) - bounds.begin()));
      cell_of_row_.push_back(std::move(at));
    }
  }

  /// From the scatter of refits to that of the map learnt on all rows.
  double shrink() const { return shrink_; }

  Maps fit() const {
    Maps maps;
    for (const ScoreCells& cells : cells_) maps.push_back(CalibrationMap::fit(cells, kind_, probabilities_));
    return maps;
  }
  /// Fitted to rows drawn anew: each counts a Poisson(1) number of times, in all classes alike.
  Maps refit(Random random) const {
    std::vector<ScoreCells> cells = cells_;
    for (ScoreCells& of_class : cells)
      for (auto& cell : of_class) cell.negatives = cell.positives = 0;
    for (size_t i = 0; i < labels_.size(); ++i) {
      const auto times = static_cast<int64_t>(random.poisson(1));
      for (size_t c = 0; c < k_; ++c) {
        auto& cell = cells[c][cell_of_row_[c][i]];
        (labels_[i] == c ? cell.positives : cell.negatives) += times;
      }
    }
    Maps maps;
    for (const ScoreCells& of_class : cells) maps.push_back(CalibrationMap::fit(of_class, kind_, probabilities_));
    return maps;
  }

 private:
  bool probabilities_;
  CalibrationMap::Kind kind_;
  size_t k_;
  double shrink_ = 1;
  std::vector<uint32_t> labels_;                      // of the rows that refits draw from
  std::vector<ScoreCells> cells_;                     // per class
  std::vector<std::vector<uint16_t>> cell_of_row_;    // per class
};

bool all_shares(const std::vector<double>& scores) {
  return std::ranges::all_of(scores, [](double s) { return s >= 0 && s <= 1; });
}

std::string why_not(const MulticlassSample* reference, const MulticlassRows& current, bool probabilities) {
  if (current.size() == 0) return "no row has a usable prediction";
  if (current.scores.empty()) return "there are no scores per class";
  if (!reference || reference->rows() == 0)
    return probabilities ? "" : "the scores are no probabilities and there are no labelled reference rows";
  if (!reference->has_scores()) return "the reference has no scores per class";
  if (reference->classes() != current.classes) return "the reference lists other classes";
  for (size_t c = 0; c < reference->classes().size(); ++c)
    if (const int64_t n = reference->confusion().actual(c); n < 5)
      return fmt::format("calibrating the scores needs 5 labelled reference rows of each class; of '{}' there are {}",
                         printable(reference->classes()[c]), n);
  return {};
}

Level level_of(const Expected& expected, double calibration_error, double rows, std::string_view note) {
  if (!std::isfinite(expected.value)) return Level::failed("undefined (no class has a denominator)");
  const double noise_error = std::sqrt(std::max(0.0, expected.noise_variance));
  const double se = std::hypot(noise_error, calibration_error);
  Level level = performance::share_like(std::clamp(expected.value, 0.0, 1.0), se, rows);
  level.details = {{"se_label_noise", noise_error}, {"se_calibration", calibration_error}};
  level.note = note;
  return level;
}

}  // namespace

std::vector<Measurement> estimate_multiclass(const Subject& subject, const MulticlassRows* reference,
                                             const MulticlassRows& current, const Options& options) {
  std::optional<MulticlassSample> labelled;
  if (reference) labelled = MulticlassSample::of_rows(*reference);
  const bool with_reference = labelled && labelled->rows() > 0;
  const std::string reason = why_not(labelled ? &*labelled : nullptr, current, all_shares(current.scores));
  Expectations expected;
  std::array<std::vector<double>, quantities> refitted;
  double shrink = 1;
  if (reason.empty()) {
    const Scored rows{current.classes.size(), current.scores, current.predictions};
    if (with_reference) {
      const Reference learnt(*labelled, labelled->probabilities() && all_shares(current.scores));
      expected = expect(rows, learnt.fit());
      shrink = learnt.shrink();
      const Scored some = thinned(rows, 5000);
      const Random seed(options.seed);
      for (int i = 0; i < options.refits; ++i) {
        const Expectations again = expect(some, learnt.refit(seed.split(static_cast<uint64_t>(i))));
        for (size_t q = 0; q < quantities; ++q) refitted[q].push_back(again[q].value);
      }
    } else {
      expected = expect(rows, Maps(rows.classes));
    }
  }
  std::vector<Measurement> out;
  for (const Record& record : records) {
    Levels from, to{Level::failed(reason)};
    if (with_reference) from = performance::levels(*record.on_reference, *labelled, {}, &*labelled);
    if (reason.empty())
      to = {level_of(expected[record.quantity], shrink * scatter(refitted[record.quantity]),
                     static_cast<double>(current.size()), with_reference ? assumption : uncalibrated)};
    for (Measurement& m : compare(record.info, subject, from, with_reference ? labelled->counts() : InputCounts{}, to,
                                  current.usable))
      out.push_back(std::move(m));
  }
  return out;
}

std::vector<const MethodInfo*> multiclass_methods() {
  std::vector<const MethodInfo*> infos;
  for (const Record& record : records) infos.push_back(&record.info);
  return infos;
}

}  // namespace leeway::estimate
