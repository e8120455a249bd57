#pragma once
// The labelled rows of a binary task, prepared once for all metrics.

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checks/performance/agreement.h"
#include "checks/performance/metric.h"
#include "checks/performance/outcome_rows.h"
#include "stats/logistic.h"
#include "stats/ranked_scores.h"
#include "summaries/score_table.h"

namespace leeway::performance {

/// Predicted against actual class.
struct Confusion {
  int64_t true_positives = 0;
  int64_t false_positives = 0;
  int64_t false_negatives = 0;
  int64_t true_negatives = 0;

  int64_t rows() const { return true_positives + false_positives + false_negatives + true_negatives; }
  int64_t positives() const { return true_positives + false_negatives; }
  int64_t negatives() const { return false_positives + true_negatives; }
  int64_t predicted_positives() const { return true_positives + false_positives; }
  int64_t predicted_negatives() const { return false_negatives + true_negatives; }
  ConfusionMatrix matrix() const;   ///< Classes 0 and 1.
  bool operator==(const Confusion&) const = default;
};

/// Of the rows with a known label: by their predicted classes if given, else by score >= threshold.
Confusion confusion_of(const BinaryRows& rows, double threshold);

struct BinaryOptions {
  double threshold = 0.5;   ///< A row with score >= threshold is predicted positive.
  double beta = 2;          ///< Of the F-beta score: how many times recall weighs what precision does.
  int calibration_bins = 15;
};

/// Rows of a side with their labels, from the rows themselves or from a stored score table. Immutable, movable; safe to
/// read from several threads.
class BinarySample {
 public:
  /// The labelled ones of `rows`. About 10 ms per 1e6 (one sort).
  static BinarySample of_rows(const BinaryRows& rows);
  /// The rows with a known outcome of one group or all. What depends on the order within a bin then has a bracket.
  static BinarySample of_table(const ScoreTable& table, uint32_t group = ScoreTable::all_groups);

  int64_t rows() const { return rows_; }
  int64_t positives() const { return positives_; }
  int64_t negatives() const { return rows_ - positives_; }
  double prevalence() const { return static_cast<double>(positives_) / static_cast<double>(rows_); }
  const InputCounts& counts() const { return counts_; }
  /// What to know about every number of this sample; empty if nothing.
  const std::string& caveat() const { return caveat_; }

  bool has_scores() const { return has_scores_; }
  /// All scores are in [0, 1].
  bool probabilities() const { return probabilities_; }
  /// From a table: what needs rows in order is known to within a bracket.
  bool binned() const { return ranked_.binned(); }
  /// Requires has_scores().
  const stats::RankedScores& ranked() const { return ranked_; }

  /// Whether predicted classes were given (else the threshold decides).
  bool decided() const { return decided_.has_value(); }
  /// By the predicted classes if given, else by score >= threshold. From a table whose bins the threshold cuts, the bin
  /// in question goes to the side of its mean.
  Confusion confusion(double threshold) const;
  /// By score >= threshold, whatever decisions were given. Requires has_scores().
  Confusion confusion_by_score(double threshold) const;
  /// What the rows behind a cut bin could be: all positives above the threshold and all negatives below, or the other
  /// way round. Empty when the confusion is exact.
  struct Extremes {
    Confusion best, worst;
  };
  std::optional<Extremes> confusion_extremes(double threshold) const;

  /// logit P(y = 1) = intercept + slope logit(score), with scores clipped to [1e-15, 1 - 1e-15]; fitted when first
  /// asked for. From a table, on the means of its bins. Requires probabilities().
  const stats::LogisticFit& calibration_line() const;

  /// Exact mean losses of a table; empty for rows.
  const std::optional<ScoreTable::Loss>& table_log_loss() const { return log_loss_; }
  const std::optional<ScoreTable::Loss>& table_brier() const { return brier_; }

 private:
  struct BinRange {
    double lower, upper;   // [lower, upper)
  };
  std::optional<size_t> cut_bin(double threshold) const;

  int64_t rows_ = 0, positives_ = 0;
  InputCounts counts_;
  std::string caveat_;
  bool has_scores_ = false, probabilities_ = false;
  stats::RankedScores ranked_;
  std::optional<Confusion> decided_;
  std::vector<stats::ScoreBin> bins_;   // of a table, as in ranked_
  std::vector<BinRange> ranges_;
  std::optional<ScoreTable::Loss> log_loss_, brier_;
  struct Line {
    std::once_flag fitted;
    stats::LogisticFit fit;
  };
  std::unique_ptr<Line> line_ = std::make_unique<Line>();
};

/// Why the sample cannot serve a metric with these needs; empty if it can.
std::string lacking(const BinarySample& sample, unsigned needs);

/// One bin of a reliability diagram: rows of neighbouring scores.
struct CalibrationBin {
  double mean_score = 0;
  int64_t rows = 0;
  int64_t positives = 0;

  double observed() const { return static_cast<double>(positives) / static_cast<double>(rows); }
};
/// At most `bins`, ascending, cut where the rows pass a multiple of rows/bins; equal scores are never parted. Requires
/// has_scores().
std::vector<CalibrationBin> calibration_bins(const BinarySample& sample, int bins);

using BinaryMetric = Metric<BinarySample, BinaryOptions>;

}  // namespace leeway::performance
