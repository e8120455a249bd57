#pragma once
// Means, their differences and medians, with intervals. Pure functions, safe from any thread.

#include <cstdint>
#include <span>

#include "stats/interval.h"

namespace leeway::stats {

/// Count, mean and squared deviations in one pass (Welford 1962, doi:10.1080/00401706.1962.10490022), merged as by
/// Chan, Golub & LeVeque (1983).
class MeanVariance {
 public:
  MeanVariance() = default;
  /// From stored sums: `variance` with divisor n - 1.
  MeanVariance(int64_t n, double mean, double variance)
      : n_(n), mean_(mean), squares_(n > 1 ? variance * static_cast<double>(n - 1) : 0) {}

  /// The same value `times` times over.
  void add(double value, int64_t times = 1) {
    if (times == 0) return;
    n_ += times;
    const double weight = static_cast<double>(times), delta = value - mean_;
    mean_ += delta * (weight / static_cast<double>(n_));
    squares_ += weight * delta * (value - mean_);
  }
  void merge(const MeanVariance& other);

  int64_t n() const { return n_; }
  double mean() const;      ///< NaN if n() = 0.
  double variance() const;  ///< Divisor n - 1; NaN if n() < 2.
  double se() const;        ///< Of the mean.

 private:
  int64_t n_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

/// Mean ± Student's t with n - 1 degrees of freedom. {NaN, NaN} below two values.
Interval mean_interval(const MeanVariance& sample, double confidence = bound_confidence);

/// mean(a) - mean(b) of independent samples of unequal variance (Welch 1947, doi:10.1093/biomet/34.1-2.28).
struct WelchTest {
  double difference;
  double se;
  double df;         ///< Satterthwaite's
  double statistic;  ///< 0 if both samples are constant and equal, infinite if constant and different
  double p;          ///< Two-sided. NaN, as the rest, when a sample has fewer than two values.
  double log_p;
  Interval interval;
};
WelchTest welch(const MeanVariance& a, const MeanVariance& b, double confidence = bound_confidence);

/// The q-quantile (0 < q < 1) as the order statistic of rank ceil(q n), and an interval between two order statistics
/// that covers the true quantile at least as stated, whatever the distribution. A bound that no order statistic can
/// promise (too few values) is NaN. Reorders `values`, which must be finite. O(n).
struct QuantileEstimate {
  double value;      ///< NaN if there are no values.
  Interval interval;
};
QuantileEstimate quantile(std::span<double> values, double q, double confidence = bound_confidence);
/// The same for the median, whose value is the mean of the two middle values when their number is even.
QuantileEstimate median(std::span<double> values, double confidence = bound_confidence);

}  // namespace leeway::stats
