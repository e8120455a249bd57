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

/// Traces of a kernel K(s, t) = p(s) q(t) for s < t with K(s, s) = d(s) and weights w, given in the order of s: sums
/// over pairs and triples of products of functions of one variable each, so running sums do. `a` = p², `b` = pq,
/// `c` = q².
class TraceSums {
 public:
  void add(double w, double a, double b, double c, double d) {
    traces_.first += w * d;
    traces_.second += w * (w * d * d + 2 * c * pairs_);
    traces_.third += w * (c * triples_ + 3 * w * d * c * pairs_ + w * w * d * d * d);
    triples_ += w * (6 * b * pairs_ + 3 * w * d * a);
    pairs_ += w * a;
  }
  const KernelTraces& value() const { return traces_; }

 private:
  KernelTraces traces_;
  double pairs_ = 0, triples_ = 0;
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
    add_placements(s);
    add_cramer_von_mises(s, static_cast<double>(lead));
    add_anderson_darling(s);
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
    const double pairs = static_cast<double>(n_) * static_cast<double>(m_), all = static_cast<double>(total_);
    out.cramer_von_mises = cramer_.value() / (pairs * all * all);
    out.cramer_von_mises_kernel = cramer_kernel_.value();
    out.anderson_darling = (all - 1) / (pairs * all) * anderson_.value();
    out.anderson_darling_kernel = anderson_kernel_.value();
  }

 private:
  /// Σ of each value's twofold count in the other sample (ties half), squared.
  void add_placements(const RankStep& s) {
    const int64_t x_off = 2 * s.y_below + s.y_at, y_off = 2 * s.x_below + s.x_at;
    x_placements_ += static_cast<Wide>(s.x_at) * x_off * x_off;
    y_placements_ += static_cast<Wide>(s.y_at) * y_off * y_off;
  }

  void add_cramer_von_mises(const RankStep& s, double lead) {
    const double all = static_cast<double>(total_), weight = static_cast<double>(s.x_at + s.y_at);
    cramer_.add(weight * lead * lead);
    const double h = static_cast<double>(s.x_below + s.x_at + s.y_below + s.y_at) / all, b = h * (1 - h);
    cramer_kernel_.add(weight / all, h * h, b, (1 - h) * (1 - h), b);
  }

  void add_anderson_darling(const RankStep& s) {
    const auto off = static_cast<double>((2 * s.x_below + s.x_at) * m_ - (2 * s.y_below + s.y_at) * n_);
    const auto all = static_cast<double>(total_), tied = static_cast<double>(s.x_at + s.y_at);
    const double twice_below = 2 * static_cast<double>(s.x_below + s.y_below) + tied;
    const double spread = twice_below * (2 * all - twice_below) - all * tied;
    if (!(spread > 0)) return;
    anderson_.add(tied * off * off / spread);
    // Mid-rank distribution function and, in the denominator, its variance.
    const double h = twice_below / (2 * all), scale = 4 * all * all / spread;
    anderson_kernel_.add(tied / all, h * h * scale, h * (1 - h) * scale, (1 - h) * (1 - h) * scale, 1);
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
  Wide x_placements_ = 0, y_placements_ = 0;
  CompensatedSum cramer_, anderson_;
  TraceSums cramer_kernel_, anderson_kernel_;
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
    out.cramer_kernel = kernel_.value();
  }

 private:
  void add_pooled(double dx, double h) {
    const double b = h * (1 - h);
    spread_ += std::sqrt(b) * dx;
    kernel_.add(dx, h * h, b, (1 - h) * (1 - h), b);
  }

  const int64_t m_, n_;
  const double x_size_, y_size_, all_;
  CompensatedSum wasserstein_, cramer_, area_x_, area_y_;
  double signed_length_ = 0;
  WeightedMoments x_moments_, y_moments_;
  double spread_ = 0;
  TraceSums kernel_;
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
