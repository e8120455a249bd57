#include "stats/auc.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "stats/distributions.h"

namespace leeway::stats {
namespace {

__extension__ using uint128 = unsigned __int128;

/// Sample variance (n - 1) of integers from their exact sum and sum of squares.
double variance_of(uint128 sum, uint128 squares, int64_t n) {
  const auto count = static_cast<uint128>(n);
  return static_cast<double>(count * squares - sum * sum) / static_cast<double>(n) / static_cast<double>(n - 1);
}

/// Hanley & McNeil's variance of an AUC of `theta`, with both class sizes at their mean (Newcombe).
double exponential_variance(double theta, double positives, double negatives) {
  const double size = (positives + negatives) / 2 - 1;
  return theta * (1 - theta) * (1 + size * ((1 - theta) / (2 - theta) + theta / (1 + theta))) / (positives * negatives);
}

/// Where |estimate - theta| is z standard errors of theta: between `inside` (the estimate) and `outside` (0 or 1).
double newcombe_bound(double estimate, double outside, double z, double positives, double negatives) {
  double inside = estimate;
  for (int step = 0; step < 100; ++step) {
    const double theta = (inside + outside) / 2;
    const double distance = (estimate - theta) * (estimate - theta);
    (distance > z * z * exponential_variance(theta, positives, negatives) ? outside : inside) = theta;
  }
  return (inside + outside) / 2;
}

/// For each row 2 #{rows of the other class below} + #{equal}.
std::vector<int64_t> placements(std::span<const double> scores, std::span<const uint8_t> labels) {
  std::vector<uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return scores[a] < scores[b]; });
  std::vector<int64_t> placement(scores.size());
  int64_t below[2] = {0, 0};
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    int64_t equal[2] = {0, 0};
    for (end = begin; end < order.size() && scores[order[end]] == scores[order[begin]]; ++end)
      ++equal[labels[order[end]]];
    for (size_t i = begin; i < end; ++i) {
      const int other = 1 - labels[order[i]];
      placement[order[i]] = 2 * below[other] + equal[other];
    }
    for (const int label : {0, 1}) below[label] += equal[label];
  }
  return placement;
}

/// With sums of squares in `Sum`.
template <class Sum>
Auc auc_in(const RankedScores& ranked) {
  Auc result{ranked.positives(), ranked.negatives()};
  // For a positive, twice the negatives below (ties half); for a negative, twice the positives below.
  Sum positive_squares = 0, negative_squares = 0;
  uint64_t twice_u = 0, ties = 0, negatives_below = 0, positives_below = 0;
  ranked.visit([&](double, int64_t n, int64_t p) {
    const auto negatives = static_cast<uint64_t>(n), positives = static_cast<uint64_t>(p);
    const uint64_t of_positive = 2 * negatives_below + negatives, of_negative = 2 * positives_below + positives;
    twice_u += positives * of_positive;
    ties += positives * negatives;
    positive_squares += static_cast<Sum>(of_positive * of_positive) * positives;
    negative_squares += static_cast<Sum>(of_negative * of_negative) * negatives;
    negatives_below += negatives;
    positives_below += positives;
  });
  result.twice_u = twice_u;
  result.twice_ties = 2 * ties;
  if (result.positives < 2 || result.negatives < 2) return result;
  // Each pair counts for one of its rows or the other, a tie half for both.
  const uint128 negative_sum = 2 * static_cast<uint128>(result.positives) * static_cast<uint128>(result.negatives) - twice_u;
  const auto p = static_cast<double>(result.positives), n = static_cast<double>(result.negatives);
  result.variance = variance_of(twice_u, positive_squares, result.positives) / (4 * n * n * p) +
                    variance_of(negative_sum, negative_squares, result.negatives) / (4 * p * p * n);
  return result;
}

}  // namespace

double Auc::se() const { return std::sqrt(variance); }

Auc auc(const RankedScores& ranked) {
  // Sums of squares of up to (2^21)² for 2^20 rows stay below 2^64.
  return ranked.rows() <= int64_t{1} << 20 ? auc_in<uint64_t>(ranked) : auc_in<uint128>(ranked);
}

Auc auc(std::span<const double> scores, std::span<const uint8_t> labels) {
  return auc(RankedScores::of_rows(scores, labels));
}

Interval auc_interval(const Auc& a, double confidence) {
  if (!a.defined()) return {};
  return auc_interval(a.value(), a.variance, static_cast<double>(a.positives), static_cast<double>(a.negatives),
                      confidence);
}

Interval auc_interval(double value, double variance, double positives, double negatives, double confidence) {
  const double z = normal_quantile(confidence);
  if (std::min(positives, negatives) < 5 || value <= 0 || value >= 1 || !(variance > 0))
    return {value <= 0 ? 0 : newcombe_bound(value, 0, z, positives, negatives),
            value >= 1 ? 1 : newcombe_bound(value, 1, z, positives, negatives)};
  const double logit = std::log(value / (1 - value)), half = z * std::sqrt(variance) / (value * (1 - value));
  return {1 / (1 + std::exp(half - logit)), 1 / (1 + std::exp(-half - logit))};
}

double PairedAuc::se() const { return std::sqrt(std::max(0.0, first.variance + second.variance - 2 * covariance)); }

PairedAuc paired_auc(std::span<const double> first, std::span<const double> second, std::span<const uint8_t> labels) {
  PairedAuc result{auc(first, labels), auc(second, labels), std::numeric_limits<double>::quiet_NaN()};
  const int64_t count[2] = {result.first.negatives, result.first.positives};
  if (std::min(count[0], count[1]) < 2) return result;
  const std::vector<int64_t> a = placements(first, labels), b = placements(second, labels);
  double mean_a[2] = {}, mean_b[2] = {}, cross[2] = {};
  for (size_t i = 0; i < labels.size(); ++i) {
    mean_a[labels[i]] += static_cast<double>(a[i]) / static_cast<double>(count[labels[i]]);
    mean_b[labels[i]] += static_cast<double>(b[i]) / static_cast<double>(count[labels[i]]);
  }
  for (size_t i = 0; i < labels.size(); ++i)
    cross[labels[i]] +=
        (static_cast<double>(a[i]) - mean_a[labels[i]]) * (static_cast<double>(b[i]) - mean_b[labels[i]]);
  result.covariance = 0;
  for (const int label : {0, 1}) {
    const auto own = static_cast<double>(count[label]), other = static_cast<double>(count[1 - label]);
    result.covariance += cross[label] / (own - 1) / own / (4 * other * other);
  }
  return result;
}

}  // namespace leeway::stats
