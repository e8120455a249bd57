#include "stats/boschloo.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace leeway::stats {
namespace {

constexpr double equal_enough = 1 + 1e-10;   // tables of the same probability, computed in another order
constexpr int grid = 256;

/// ln of binomial coefficients C(n, 0), …, C(n, n).
std::vector<double> log_coefficients(int64_t n) {
  std::vector<double> out(static_cast<size_t>(n) + 1);
  const auto size = static_cast<double>(n);
  for (int64_t k = 0; k <= n; ++k) {
    const auto x = static_cast<double>(k);
    out[static_cast<size_t>(k)] = std::lgamma(size + 1) - std::lgamma(x + 1) - std::lgamma(size - x + 1);
  }
  return out;
}

/// Tests of p1 > p2 on samples of given sizes.
class Greater {
 public:
  Greater(int64_t n1, int64_t n2) : n1_(n1), n2_(n2), first_(log_coefficients(n1)), second_(log_coefficients(n2)) {}

  double p(int64_t x1, int64_t x2) const {
    const double limit = fisher(x1, x2) * equal_enough;
    // Fisher's p grows with b and falls with a: for each a the tables as extreme are those with b up to some number.
    std::vector<int64_t> upto(static_cast<size_t>(n1_) + 1, -1);
    int64_t b = -1;
    for (int64_t a = 0; a <= n1_; ++a) {
      while (b < n2_ && fisher(a, b + 1) <= limit) ++b;
      upto[static_cast<size_t>(a)] = b;
    }
    return largest([&](double share) { return probability(upto, share); });
  }

 private:
  /// P(X >= a) for X hypergeometric, the marked among n1 of n1 + n2 of which a + b are marked.
  double fisher(int64_t a, int64_t b) const {
    const int64_t k = a + b, last = std::min(n1_, k);
    const auto at = [](int64_t i) { return static_cast<size_t>(i); };
    const double n = static_cast<double>(n1_ + n2_), marked = static_cast<double>(k);
    double term = std::exp(first_[at(a)] + second_[at(b)] -
                           (std::lgamma(n + 1) - std::lgamma(marked + 1) - std::lgamma(n - marked + 1)));
    double sum = 0;
    for (int64_t x = a; x <= last; ++x) {
      sum += term;
      if (term < sum * 1e-17) break;
      term *= static_cast<double>(n1_ - x) * static_cast<double>(k - x) /
              (static_cast<double>(x + 1) * static_cast<double>(n2_ - k + x + 1));
    }
    return sum;
  }

  /// Of the tables (a, b) with b <= upto[a], both proportions being `share`.
  double probability(const std::vector<int64_t>& upto, double share) const {
    const double yes = std::log(share), no = std::log1p(-share);
    const auto mass = [&](const std::vector<double>& coefficients, size_t x) {
      const auto hits = static_cast<double>(x), misses = static_cast<double>(coefficients.size() - 1 - x);
      return std::exp(coefficients[x] + hits * yes + misses * no);
    };
    double sum = 0, below = 0;   // below: P(second sample <= b)
    int64_t b = -1;
    for (size_t a = 0; a < upto.size(); ++a) {
      for (; b < upto[a]; ++b) below += mass(second_, static_cast<size_t>(b + 1));
      sum += mass(first_, a) * below;
    }
    return std::min(1.0, sum);
  }

  /// The maximum over (0, 1): the best point of a grid, then golden section between its neighbours.
  template <class Function>
  static double largest(Function f) {
    int best = 1;
    double found = 0;
    for (int i = 1; i < grid; ++i)
      if (const double value = f(static_cast<double>(i) / grid); value > found) found = value, best = i;
    double low = (best - 1.0) / grid, high = (best + 1.0) / grid;
    constexpr double golden = 0.6180339887498949;
    for (int step = 0; step < 40; ++step) {
      const double left = high - golden * (high - low), right = low + golden * (high - low);
      const double at_left = f(left), at_right = f(right);
      found = std::max({found, at_left, at_right});
      (at_left < at_right ? low : high) = at_left < at_right ? left : right;
    }
    return found;
  }

  int64_t n1_, n2_;
  std::vector<double> first_, second_;
};

}  // namespace

BoschlooTest boschloo(int64_t x1, int64_t n1, int64_t x2, int64_t n2, int64_t largest) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (n1 <= 0 || n2 <= 0 || n1 + n2 > largest) return {nan, nan, nan};
  const double greater = Greater(n1, n2).p(x1, x2), less = Greater(n2, n1).p(x2, x1);
  return {less, greater, std::min(1.0, 2 * std::min(less, greater))};
}

}  // namespace leeway::stats
