#pragma once
// The one merge pass over two sorted samples, and everything that the two-sample tests need from it.
//
// The first sample x is the window (n values), the second y the reference (m values); F and G are their empirical
// distribution functions, N = n + m, H = (nF + mG)/N. Values are finite; -0 equals +0; n, m >= 1 and N < 2^31, so that
// every count and every product n·m fits 64 bits and all integers below are exact.

#include <cstdint>
#include <span>
#include <vector>

#include "stats/distributions.h"

namespace leeway::stats {

/// Walks an ascending array, one distinct value at a time.
template <class T>
class SortedRuns {
 public:
  explicit SortedRuns(std::span<const T> sorted) : values_(sorted) {}
  bool done() const { return at_ == values_.size(); }
  T value() const { return values_[at_]; }
  /// Passes the distinct value and returns how often it occurs.
  int64_t take() {
    const T v = values_[at_];
    const size_t first = at_;
    do ++at_;
    while (at_ < values_.size() && values_[at_] == v);
    return static_cast<int64_t>(at_ - first);
  }

 private:
  std::span<const T> values_;
  size_t at_ = 0;
};

/// Walks distinct ascending values with cumulative counts (cumulative[i]: values <= distinct[i]; empty: all occur
/// once).
template <class T>
class DistinctRuns {
 public:
  DistinctRuns(std::span<const T> distinct, std::span<const uint32_t> cumulative)
      : distinct_(distinct), cumulative_(cumulative) {}
  bool done() const { return at_ == distinct_.size(); }
  T value() const { return distinct_[at_]; }
  int64_t take() {
    const size_t i = at_++;
    if (cumulative_.empty()) return 1;
    return static_cast<int64_t>(cumulative_[i]) - (i == 0 ? 0 : static_cast<int64_t>(cumulative_[i - 1]));
  }

 private:
  std::span<const T> distinct_;
  std::span<const uint32_t> cumulative_;
  size_t at_ = 0;
};

/// How many values of each sample lie below one distinct pooled value and how many equal it.
struct RankStep {
  int64_t x_below, x_at;
  int64_t y_below, y_at;
};

/// Calls visit(value, step) for every distinct pooled value, ascending. O(n + m).
template <class XRuns, class YRuns, class Visit>
void for_each_rank(XRuns x, YRuns y, Visit visit) {
  int64_t x_below = 0, y_below = 0;
  while (!x.done() || !y.done()) {
    const bool from_x = !x.done() && (y.done() || x.value() <= y.value());
    const bool from_y = !y.done() && (x.done() || y.value() <= x.value());
    const auto value = from_x ? x.value() : y.value();
    const RankStep step{x_below, from_x ? x.take() : 0, y_below, from_y ? y.take() : 0};
    visit(value, step);
    x_below += step.x_at;
    y_below += step.y_at;
  }
}

/// What one pass gives. Integers are exact; sums of doubles are compensated (relative error about 1e-15). Distances in
/// the data's unit are infinite when a difference of two values overflows.
struct RankedPair {
  int64_t n = 0, m = 0;

  // Kolmogorov-Smirnov, Kuiper: n·m·sup(F - G) and n·m·sup(G - F), both >= 0.
  int64_t plus = 0, minus = 0;
  // Mann-Whitney: 2·(#{x > y} + #{x = y}/2) over all pairs, the pairs tied, Σ(t³ - t) over the pooled ties.
  int64_t twice_u = 0, tied_pairs = 0;
  double tie_cubes = 0;
  /// Variances (divisor n - 1, m - 1; NaN for one value) of each value's placement, the share of the other sample that
  /// lies below it (half of its ties): DeLong's variance of the AUC is the first over n plus the second over m.
  double placement_variance_x = 0, placement_variance_y = 0;
  // Distinct pooled values.
  int64_t distinct = 0;
  /// Cramér-von Mises statistic nm/N² Σ (F - G)² over the pooled values (Anderson 1962).
  double cramer_von_mises = 0;
  /// Anderson-Darling A²_akN, the mid-rank version (Scholz & Stephens 1987, eq. 7); 0 if all values are equal.
  double anderson_darling = 0;
  /// Their null laws given the ties: T·(N-1)/N and A² are quadratic forms of normal variables with these kernels.
  KernelTraces cramer_von_mises_kernel, anderson_darling_kernel;
  /// W1 = ∫|F - G|.
  double wasserstein = 0;
  /// Var(h(X)), Var(h(Y)) with h' = sign(F - G), divisors n and m: the delta method's variance of W1.
  double wasserstein_variance_x = 0, wasserstein_variance_y = 0;
  /// ∫ sqrt(H(1-H)).
  double spread = 0;
  /// ∫(F - G)², half the energy distance; ∫F(1-F) and ∫G(1-G).
  double cramer = 0, area_x = 0, area_y = 0;
  /// The kernel H(s)(1-H(t)), s <= t, along the line: nm/N ∫(F - G)² is that quadratic form when nothing moved.
  KernelTraces cramer_kernel;

  bool ties() const { return distinct < n + m; }
};

/// From ascending arrays. O(n + m), about 10-20 ns a value.
RankedPair rank_pair(std::span<const double> x, std::span<const double> y);
RankedPair rank_pair(std::span<const int64_t> x, std::span<const int64_t> y);
/// With the second sample as distinct values and cumulative counts.
RankedPair rank_pair(std::span<const double> x, std::span<const double> y_distinct,
                     std::span<const uint32_t> y_cumulative);
RankedPair rank_pair(std::span<const int64_t> x, std::span<const int64_t> y_distinct,
                     std::span<const uint32_t> y_cumulative);

/// Sizes of the pooled sample up to and including each distinct value, ascending: the ties that the exact law of the KS
/// distance is conditional on. The last is n + m.
template <class XRuns, class YRuns>
std::vector<int64_t> pooled_cumulative(XRuns x, YRuns y) {
  std::vector<int64_t> out;
  for_each_rank(x, y, [&](const auto&, const RankStep& s) { out.push_back(s.x_below + s.x_at + s.y_below + s.y_at); });
  return out;
}

}  // namespace leeway::stats
