#include "checks/performance/binary_sample.h"

#include <algorithm>
#include <cmath>

namespace leeway::performance {

ConfusionMatrix Confusion::matrix() const {
  ConfusionMatrix matrix(2);
  matrix.cell(0, 0) = true_negatives;
  matrix.cell(0, 1) = false_positives;
  matrix.cell(1, 0) = false_negatives;
  matrix.cell(1, 1) = true_positives;
  return matrix;
}

Confusion confusion_of(const BinaryRows& rows, double threshold) {
  int64_t table[2][2] = {};   // [label][decision]
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows.labels[i] == unknown_label) continue;
    const bool decision = rows.decisions.empty() ? rows.scores[i] >= threshold : rows.decisions[i] == 1;
    ++table[rows.labels[i]][decision];
  }
  return {table[1][1], table[0][1], table[1][0], table[0][0]};
}

BinarySample BinarySample::of_rows(const BinaryRows& rows) {
  BinarySample sample;
  sample.counts_ = rows.labelled;
  sample.caveat_ = caveat_of_unknown_labels(rows.usable, rows.labelled);
  sample.rows_ = rows.labelled.used;
  sample.has_scores_ = !rows.scores.empty();
  if (!rows.decisions.empty()) sample.decided_ = confusion_of(rows, 0);

  std::vector<double> scores;
  std::vector<uint8_t> labels;
  scores.reserve(sample.has_scores_ ? static_cast<size_t>(sample.rows_) : 0);
  labels.reserve(static_cast<size_t>(sample.rows_));
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows.labels[i] == unknown_label) continue;
    labels.push_back(rows.labels[i]);
    sample.positives_ += rows.labels[i];
    if (sample.has_scores_) scores.push_back(rows.scores[i]);
  }
  if (!sample.has_scores_) return sample;
  sample.probabilities_ = std::ranges::all_of(scores, [](double s) { return s >= 0 && s <= 1; });
  sample.ranked_ = stats::RankedScores::of_rows(scores, labels);
  return sample;
}

Confusion BinarySample::confusion(double threshold) const {
  return decided_ ? *decided_ : confusion_by_score(threshold);
}

Confusion BinarySample::confusion_by_score(double threshold) const {
  Confusion c{positives_, negatives(), 0, 0};
  const auto predict_negative = [&](int64_t n, int64_t p) {
    c.true_positives -= p;
    c.false_negatives += p;
    c.false_positives -= n;
    c.true_negatives += n;
  };
  if (!binned()) {
    ranked_.visit([&](double score, int64_t n, int64_t p) {
      if (score < threshold) predict_negative(n, p);
    });
    return c;
  }
  for (size_t b = 0; b < bins_.size(); ++b) {
    const bool cut = ranges_[b].lower < threshold && threshold < ranges_[b].upper;
    if (cut ? bins_[b].score < threshold : ranges_[b].upper <= threshold)
      predict_negative(bins_[b].negatives, bins_[b].positives);
  }
  return c;
}

std::optional<size_t> BinarySample::cut_bin(double threshold) const {
  for (size_t b = 0; b < ranges_.size(); ++b) {
    const bool atom = std::nextafter(ranges_[b].lower, INFINITY) >= ranges_[b].upper;
    if (!atom && ranges_[b].lower < threshold && threshold < ranges_[b].upper) return b;
  }
  return std::nullopt;
}

std::optional<BinarySample::Extremes> BinarySample::confusion_extremes(double threshold) const {
  const auto bin = decided_ ? std::nullopt : cut_bin(threshold);
  if (!bin) return std::nullopt;
  const int64_t n = bins_[*bin].negatives, p = bins_[*bin].positives;
  Confusion without = confusion_by_score(threshold);
  if (bins_[*bin].score >= threshold) {   // take the bin out of the rows above
    without.true_positives -= p;
    without.false_positives -= n;
  } else {
    without.false_negatives -= p;
    without.true_negatives -= n;
  }
  Extremes extremes{without, without};
  extremes.best.true_positives += p;
  extremes.best.true_negatives += n;
  extremes.worst.false_negatives += p;
  extremes.worst.false_positives += n;
  return extremes;
}

const stats::LogisticFit& BinarySample::calibration_line() const {
  std::call_once(line_->fitted, [this] {
    constexpr double smallest = 1e-15;
    std::vector<stats::LogisticCell> cells;
    ranked_.visit([&](double score, int64_t n, int64_t p) {
      const double q = std::clamp(score, smallest, 1 - smallest);
      cells.push_back({std::log(q) - std::log1p(-q), n, p});
    });
    line_->fit = stats::fit_logistic(cells);
  });
  return line_->fit;
}

std::string lacking(const BinarySample& sample, unsigned needs) {
  if (sample.rows() == 0) return "no row has both a usable prediction and a known label";
  if ((needs & (need::scores | need::probabilities)) && !sample.has_scores()) return "there is no score column";
  if ((needs & need::probabilities) && !sample.probabilities()) return "the score is no probability: it leaves [0, 1]";
  if ((needs & need::decisions) && !sample.decided() && !sample.has_scores())
    return "there is neither a predicted class nor a score";
  if ((needs & need::two_classes) && sample.positives() == 0) return "no labelled row is of the positive class";
  if ((needs & need::two_classes) && sample.negatives() == 0) return "no labelled row is of the negative class";
  return {};
}

std::vector<CalibrationBin> calibration_bins(const BinarySample& sample, int bins) {
  std::vector<CalibrationBin> out;
  int64_t seen = 0, opened_in = -1;
  sample.ranked().visit([&](double score, int64_t n, int64_t p) {
    const int64_t part = seen * bins / sample.rows();
    if (part != opened_in) out.emplace_back();
    opened_in = part;
    CalibrationBin& bin = out.back();
    const auto count = static_cast<double>(n + p);
    bin.rows += n + p;
    bin.positives += p;
    bin.mean_score += (score - bin.mean_score) * (count / static_cast<double>(bin.rows));
    seen += n + p;
  });
  return out;
}

}  // namespace leeway::performance
