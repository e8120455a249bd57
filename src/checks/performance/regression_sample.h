#pragma once
// The labelled rows of a regression, prepared once for all metrics.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checks/performance/metric.h"
#include "checks/performance/outcome_rows.h"

namespace leeway::performance {

struct RegressionOptions {
  double quantile = 0.5;   ///< Of the quantile loss: the quantile that the prediction is meant to be.
};

/// Immutable; safe to read from several threads.
class RegressionSample {
 public:
  /// The labelled ones of `rows`.
  static RegressionSample of_rows(const RegressionRows& rows);

  int64_t rows() const { return static_cast<int64_t>(labels_.size()); }
  const InputCounts& counts() const { return counts_; }
  /// What to know about every number of this sample; empty if nothing.
  const std::string& caveat() const { return caveat_; }
  std::span<const double> predictions() const { return predictions_; }
  std::span<const double> labels() const { return labels_; }

  /// Prediction less label, of row i.
  double error(size_t i) const { return predictions_[i] - labels_[i]; }
  /// The mean over rows of value(row index), with its variance.
  template <class Value>
  stats::MeanVariance mean_of(Value&& value) const {
    stats::MeanVariance mean;
    for (size_t i = 0; i < labels_.size(); ++i) mean.add(value(i));
    return mean;
  }

 private:
  std::vector<double> predictions_, labels_;
  InputCounts counts_;
  std::string caveat_;
};

/// Why the sample cannot serve a metric; empty if it can.
std::string lacking(const RegressionSample& sample, unsigned needs);

using RegressionMetric = Metric<RegressionSample, RegressionOptions>;

}  // namespace leeway::performance
