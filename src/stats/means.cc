#include "stats/means.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/distributions.h"
#include "stats/proportions.h"

namespace leeway::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double order_statistic(std::span<double> values, size_t rank) {
  const auto at = values.begin() + static_cast<ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// The largest rank r with P(X < r) <= error for X binomial(n, q): the r-th smallest value is a lower bound of the
/// q-quantile with that error. 0 if there is none.
int64_t lower_rank(int64_t n, double q, double error) {
  int64_t low = 0, high = n;   // P(X <= low - 1) <= error
  while (low < high) {
    const int64_t middle = low + (high - low + 1) / 2;
    if (binomial_lower_tail(middle - 1, n, q) <= error) low = middle;
    else high = middle - 1;
  }
  return low;
}

}  // namespace

void MeanVariance::merge(const MeanVariance& other) {
  if (other.n_ == 0) return;
  const double delta = other.mean_ - mean_;
  const auto a = static_cast<double>(n_), b = static_cast<double>(other.n_);
  n_ += other.n_;
  mean_ += delta * (b / (a + b));
  squares_ += other.squares_ + delta * delta * (a * b / (a + b));
}

double MeanVariance::mean() const { return n_ > 0 ? mean_ : nan; }
double MeanVariance::variance() const { return n_ > 1 ? squares_ / static_cast<double>(n_ - 1) : nan; }
double MeanVariance::se() const { return std::sqrt(variance() / static_cast<double>(n_)); }

Interval mean_interval(const MeanVariance& sample, double confidence) {
  if (sample.n() < 2) return {};
  const double half = t_quantile(confidence, static_cast<double>(sample.n() - 1)) * sample.se();
  return {sample.mean() - half, sample.mean() + half};
}

WelchTest welch(const MeanVariance& a, const MeanVariance& b, double confidence) {
  const double difference = a.mean() - b.mean();
  if (a.n() < 2 || b.n() < 2) return {difference, nan, nan, nan, nan, nan, {}};
  const double u = a.variance() / static_cast<double>(a.n()), v = b.variance() / static_cast<double>(b.n());
  const double se = std::sqrt(u + v);
  if (se == 0) {
    const bool equal = difference == 0;
    const double infinity = std::numeric_limits<double>::infinity();
    return {difference, 0, nan, equal ? 0 : std::copysign(infinity, difference), equal ? 1.0 : 0.0,
            equal ? 0 : -infinity, {difference, difference}};
  }
  const double df = (u + v) * (u + v) /
                    (u * u / static_cast<double>(a.n() - 1) + v * v / static_cast<double>(b.n() - 1));
  const PValue p = two_sided_t(difference / se, df);
  const double half = t_quantile(confidence, df) * se;
  return {difference, se, df, difference / se, p.p, p.log_p, {difference - half, difference + half}};
}

QuantileEstimate quantile(std::span<double> values, double q, double confidence) {
  if (values.empty()) return {nan, {}};
  const auto n = static_cast<int64_t>(values.size());
  const auto rank = std::clamp<int64_t>(static_cast<int64_t>(std::ceil(q * static_cast<double>(n))), 1, n);
  const int64_t lower = lower_rank(n, q, 1 - confidence), upper = n + 1 - lower_rank(n, 1 - q, 1 - confidence);
  QuantileEstimate result{order_statistic(values, static_cast<size_t>(rank)), {}};
  if (lower >= 1) result.interval.lower = order_statistic(values, static_cast<size_t>(lower));
  if (upper <= n) result.interval.upper = order_statistic(values, static_cast<size_t>(upper));
  return result;
}

QuantileEstimate median(std::span<double> values, double confidence) {
  QuantileEstimate result = quantile(values, 0.5, confidence);
  if (!values.empty() && values.size() % 2 == 0) {
    // quantile() gave the lower of the two middle values.
    const double upper = order_statistic(values, values.size() / 2 + 1);
    result.value += (upper - result.value) / 2;
  }
  return result;
}

}  // namespace leeway::stats
