#pragma once
// The labelled rows of a multiclass task, prepared once for all metrics.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checks/performance/agreement.h"
#include "checks/performance/metric.h"
#include "checks/performance/outcome_rows.h"

namespace leeway::performance {

struct MulticlassOptions {};

/// Immutable, movable; safe to read from several threads.
class MulticlassSample {
 public:
  /// The labelled ones of `rows`.
  static MulticlassSample of_rows(const MulticlassRows& rows);

  int64_t rows() const { return static_cast<int64_t>(labels_.size()); }
  const InputCounts& counts() const { return counts_; }
  /// What to know about every number of this sample; empty if nothing.
  const std::string& caveat() const { return caveat_; }
  const std::vector<std::string>& classes() const { return classes_; }
  const ConfusionMatrix& confusion() const { return confusion_; }
  /// Classes among the labels.
  int observed_classes() const;

  bool has_scores() const { return !scores_.empty(); }
  /// All scores are in [0, 1], and those of each row add up to 1 within 0.01.
  bool probabilities() const { return probabilities_; }
  std::span<const uint32_t> labels() const { return labels_; }
  /// classes().size() for each row, row by row; empty without scores.
  std::span<const double> scores() const { return scores_; }

 private:
  explicit MulticlassSample(std::vector<std::string> classes)
      : classes_(std::move(classes)), confusion_(classes_.size()) {}

  std::vector<std::string> classes_;
  ConfusionMatrix confusion_;
  std::vector<uint32_t> labels_;
  std::vector<double> scores_;
  bool probabilities_ = false;
  InputCounts counts_;
  std::string caveat_;
};

/// Why the sample cannot serve a metric with these needs; empty if it can.
std::string lacking(const MulticlassSample& sample, unsigned needs);

using MulticlassMetric = Metric<MulticlassSample, MulticlassOptions>;

}  // namespace leeway::performance
