#include "stats/ranked_pair.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/compensated_sum.h"

namespace leeway::stats {
namespace {

__extension__ using Wide = __int128;

/// later - earlier as a double; for integers exact before the one rounding.
double gap(double earlier, double later) { return later - earlier; }
double gap(int64_t earlier, int64_t later) {
  return static_cast<double>(static_cast<uint64_t>(later) - static_cast<uint64_t>(earlier));
}

/// Mean and sum of squares of weighted values (West 1979, doi:10.1145/359146.359153).
class WeightedMoments {
 public:
  void add(double value, int64_t count) {
    if (count == 0) return;
    const auto weight = static_cast<double>(count);
    total_ += weight;
    const double off = value - mean_;
    mean_ += off * weight / total_;
    squares_ += weight * off * (value - mean_);
  }
  double variance() const { return total_ > 0 ? squares_ / total_ : 0; }

 private:
  double total_ = 0, mean_ = 0, squares_ = 0;
};

/// What depends on ranks alone.
class RankStatistics {
 public:
  RankStatistics(int64_t n, int64_t m) : n_(n), m_(m), total_(n + m) {}

  void add(const RankStep& s) {
    const int64_t lead = (s.x_below + s.x_at) * m_ - (s.y_below + s.y_at) * n_;
    plus_ = std::max(plus_, lead);
    minus_ = std::max(minus_, -lead);
    twice_u_ += s.x_at * (2 * s.y_below + s.y_at);
    tied_pairs_ += s.x_at * s.y_at;
    const int64_t tied = s.x_at + s.y_at;
    ++distinct_;
    const auto t = static_cast<double>(tied);
    tie_cubes_ += t * t * t - t;
    add_cramer_von_mises(s);
    add_anderson_darling(s, tied);
  }

  void finish(RankedPair& out) const {
    out.n = n_;
    out.m = m_;
    out.plus = plus_;
    out.minus = minus_;
    out.twice_u = twice_u_;
    out.tied_pairs = tied_pairs_;
    out.placement_variance_x = placement_variance(x_placements_, twice_u_, n_, m_);
    out.placement_variance_y = placement_variance(y_placements_, 2 * n_ * m_ - twice_u_, m_, n_);
    out.tie_cubes = tie_cubes_;
    out.distinct = distinct_;
    const Wide product = static_cast<Wide>(n_) * m_;
    const Wide top = 6 * (n_ * x_squares_ + m_ * y_squares_) - 4 * product * (4 * product - 1);
    out.cramer_von_mises = static_cast<double>(top) / (24 * static_cast<double>(product) * static_cast<double>(total_));
    out.anderson_darling = static_cast<double>(total_ - 1) /
                           (static_cast<double>(product) * static_cast<double>(total_)) * anderson_.value();
  }

 private:
  /// 4 Σ(rank - index)² of each sample over one tie block; every rank in it is the mid-rank.
  void add_cramer_von_mises(const RankStep& s) {
    const int64_t x_off = 2 * s.y_below + s.y_at, y_off = 2 * s.x_below + s.x_at;
    const Wide x_placed = static_cast<Wide>(s.x_at) * x_off * x_off,
               y_placed = static_cast<Wide>(s.y_at) * y_off * y_off;
    x_placements_ += x_placed;
    y_placements_ += y_placed;
    x_squares_ += x_placed + static_cast<Wide>(s.x_at) * (s.x_at * s.x_at - 1) / 3;
    y_squares_ += y_placed + static_cast<Wide>(s.y_at) * (s.y_at * s.y_at - 1) / 3;
  }

  void add_anderson_darling(const RankStep& s, int64_t tied) {
    const auto off = static_cast<double>((2 * s.x_below + s.x_at) * m_ - (2 * s.y_below + s.y_at) * n_);
    const auto twice_below = static_cast<double>(2 * (s.x_below + s.y_below) + tied);
    const auto all = static_cast<double>(total_);
    const double spread = twice_below * (2 * all - twice_below) - all * static_cast<double>(tied);
    if (spread > 0) anderson_.add(static_cast<double>(tied) * off * off / spread);
  }

  /// Variance of placements from the sums of twice their count in the other sample and of its square.
  static double placement_variance(Wide squares, Wide sum, int64_t size, int64_t other) {
    if (size < 2) return std::numeric_limits<double>::quiet_NaN();
    const auto spread = static_cast<double>(size * squares - sum * sum);
    return spread / (4 * static_cast<double>(size) * static_cast<double>(size - 1) * static_cast<double>(other) *
                     static_cast<double>(other));
  }

  const int64_t n_, m_, total_;
  int64_t plus_ = 0, minus_ = 0, twice_u_ = 0, tied_pairs_ = 0, distinct_ = 0;
  double tie_cubes_ = 0;
  Wide x_squares_ = 0, y_squares_ = 0, x_placements_ = 0, y_placements_ = 0;
  CompensatedSum anderson_;
};

/// What integrates over the line: each step but the first closes a gap in which F and G are constant.
class LineIntegrals {
 public:
  LineIntegrals(int64_t n, int64_t m)
      : m_(m), n_(n), x_size_(static_cast<double>(n)), y_size_(static_cast<double>(m)), all_(x_size_ + y_size_) {}

  /// The gap of width `dx` above `i` values of x and `j` of y.
  void pass(double dx, int64_t i, int64_t j) {
    const int64_t lead = i * m_ - j * n_;
    const double f = static_cast<double>(i) / x_size_, g = static_cast<double>(j) / y_size_;
    const double difference = static_cast<double>(lead) / (x_size_ * y_size_);
    wasserstein_.add(std::fabs(difference) * dx);
    signed_length_ += lead > 0 ? dx : lead < 0 ? -dx : 0;
    cramer_.add(difference * difference * dx);
    area_x_.add(f * (1 - f) * dx);
    area_y_.add(g * (1 - g) * dx);
    add_pooled(dx, static_cast<double>(i + j) / all_);
  }

  void at(const RankStep& s) {
    x_moments_.add(signed_length_, s.x_at);
    y_moments_.add(signed_length_, s.y_at);
  }

  void finish(RankedPair& out) const {
    out.wasserstein = wasserstein_.value();
    out.wasserstein_variance_x = x_moments_.variance();
    out.wasserstein_variance_y = y_moments_.variance();
    out.spread = spread_;
    out.cramer = cramer_.value();
    out.area_x = area_x_.value();
    out.area_y = area_y_.value();
    out.trace[0] = trace1_;
    out.trace[1] = trace2_;
    out.trace[2] = trace3_;
  }

 private:
  /// The traces are integrals over s < t < u of products of functions of one variable each, so running integrals do.
  void add_pooled(double dx, double h) {
    const double a = h * h, b = h * (1 - h), c = (1 - h) * (1 - h);
    spread_ += std::sqrt(b) * dx;
    trace1_ += b * dx;
    trace2_ += 2 * c * dx * (first_ + a * dx / 2);
    trace3_ += 6 * c * dx * (second_ + b * dx * (first_ / 2 + a * dx / 6));
    second_ += b * dx * (first_ + a * dx / 2);
    first_ += a * dx;
  }

  const int64_t m_, n_;
  const double x_size_, y_size_, all_;
  CompensatedSum wasserstein_, cramer_, area_x_, area_y_;
  double signed_length_ = 0;
  WeightedMoments x_moments_, y_moments_;
  double spread_ = 0, trace1_ = 0, trace2_ = 0, trace3_ = 0;
  double first_ = 0;   // ∫ H²
  double second_ = 0;  // ∫∫ over s < t of H(s)² H(t)(1-H(t))
};

template <class T, class XRuns, class YRuns>
RankedPair rank(int64_t n, int64_t m, XRuns x, YRuns y) {
  RankedPair out;
  RankStatistics ranks(n, m);
  LineIntegrals line(n, m);
  bool first = true;
  T last{};
  for_each_rank(x, y, [&](T value, const RankStep& step) {
    if (!first) line.pass(gap(last, value), step.x_below, step.y_below);
    first = false;
    last = value;
    ranks.add(step);
    line.at(step);
  });
  ranks.finish(out);
  line.finish(out);
  return out;
}

template <class T>
RankedPair rank_distinct(std::span<const T> x, std::span<const T> distinct, std::span<const uint32_t> cumulative) {
  const size_t m = cumulative.empty() ? distinct.size() : cumulative.back();
  return rank<T>(static_cast<int64_t>(x.size()), static_cast<int64_t>(m), SortedRuns<T>(x),
                 DistinctRuns<T>(distinct, cumulative));
}

}  // namespace

RankedPair rank_pair(std::span<const double> x, std::span<const double> y) {
  return rank<double>(std::ssize(x), std::ssize(y), SortedRuns<double>(x), SortedRuns<double>(y));
}
RankedPair rank_pair(std::span<const int64_t> x, std::span<const int64_t> y) {
  return rank<int64_t>(std::ssize(x), std::ssize(y), SortedRuns<int64_t>(x), SortedRuns<int64_t>(y));
}
RankedPair rank_pair(std::span<const double> x, std::span<const double> y_distinct,
                     std::span<const uint32_t> y_cumulative) {
  return rank_distinct(x, y_distinct, y_cumulative);
}
RankedPair rank_pair(std::span<const int64_t> x, std::span<const int64_t> y_distinct,
                     std::span<const uint32_t> y_cumulative) {
  return rank_distinct(x, y_distinct, y_cumulative);
}

}  // namespace leeway::stats
