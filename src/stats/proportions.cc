#include "stats/proportions.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numbers>

#include <boost/math/special_functions/beta.hpp>

#include "stats/distributions.h"

namespace leeway::stats {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The point in [low, high] where the decreasing function falls to `target`, to the last bits.
template <class Decreasing>
double bisect(double low, double high, double target, Decreasing f) {
  for (;;) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    (f(middle) > target ? low : high) = middle;
  }
}

/// (estimate - hypothesis) over its standard error, defined where the error vanishes.
double standardised(double difference, double variance) {
  if (variance > 0) return difference / std::sqrt(variance);
  return difference == 0 ? 0 : std::copysign(infinity, difference);
}

// ---- Loader's saddle-point form of the binomial mass (2000), exact to rounding at any size ----

/// ln n! less Stirling's approximation.
double stirling_error(double n) {
  if (n == 0) return 0;
  if (n < 16) return std::lgamma(n + 1) - (n + 0.5) * std::log(n) + n - 0.5 * std::log(2 * std::numbers::pi);
  const double s = n * n;
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / s) / s) / s) / s) / n;
}

/// x ln(x/mean) + mean - x without cancellation.
double deviance(double x, double mean) {
  const double v = (x - mean) / (x + mean);
  if (std::fabs(v) >= 0.1) return x * std::log(x / mean) + mean - x;
  double sum = (x - mean) * v;
  double term = 2 * x * v;
  for (int j = 1; j < 100; ++j) {
    term *= v * v;
    const double next = sum + term / (2 * j + 1);
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

double log_binomial_mass(double x, double n, double p) {
  if (x == 0) return n * std::log1p(-p);
  if (x == n) return n * std::log(p);
  const double q = 1 - p;
  return stirling_error(n) - stirling_error(x) - stirling_error(n - x) - deviance(x, n * p) - deviance(n - x, n * q) +
         0.5 * std::log(n / (2 * std::numbers::pi * x * (n - x)));
}

/// x1 given all margins of a 2x2 table.
struct Hypergeometric {
  int64_t n1, n2, successes;

  int64_t low() const { return std::max<int64_t>(0, successes - n2); }
  int64_t high() const { return std::min(successes, n1); }
  int64_t mode() const {
    const double rate = (static_cast<double>(successes) + 1) / (static_cast<double>(n1 + n2) + 2);
    return std::clamp(static_cast<int64_t>((static_cast<double>(n1) + 1) * rate), low(), high());
  }
  double log_mass(int64_t k) const {
    if (low() == high()) return 0;
    const auto a = static_cast<double>(n1), b = static_cast<double>(n2), s = static_cast<double>(successes);
    const double p = s / (a + b);
    return log_binomial_mass(static_cast<double>(k), a, p) + log_binomial_mass(s - static_cast<double>(k), b, p) -
           log_binomial_mass(s, a + b, p);
  }
  /// mass(k + 1) / mass(k)
  double step_up(int64_t k) const {
    return static_cast<double>(successes - k) * static_cast<double>(n1 - k) /
           (static_cast<double>(k + 1) * static_cast<double>(n2 - successes + k + 1));
  }
  /// Mass from k outwards (away from the mode), in units of mass(k).
  double tail(int64_t k, bool upwards) const {
    double sum = 1, term = 1;
    while (upwards ? k < high() : k > low()) {
      term *= upwards ? step_up(k) : 1 / step_up(k - 1);
      k += upwards ? 1 : -1;
      if (sum + term == sum) break;
      sum += term;
    }
    return sum;
  }
};

/// Constrained maximum-likelihood p2 under p1 = p2 + delta: the root of the cubic inside the admissible range.
double constrained_p2_difference(double x1, double n1, double x2, double n2, double delta) {
  const double total = n1 + n2;
  const double l2 = (n1 + 2 * n2) * delta - total - (x1 + x2);
  const double l1 = (n2 * delta - total - 2 * x2) * delta + x1 + x2;
  const double l0 = x2 * delta * (1 - delta);
  const double shift = l2 / (3 * total);
  const double q = shift * shift * shift - l1 * l2 / (6 * total * total) + l0 / (2 * total);
  const double p = std::copysign(std::sqrt(std::max(0.0, shift * shift - l1 / (3 * total))), q);
  const double cosine = p == 0 ? 0 : std::clamp(q / (p * p * p), -1.0, 1.0);
  const double root = 2 * p * std::cos((std::numbers::pi + std::acos(cosine)) / 3) - shift;
  return std::clamp(root, std::max(0.0, -delta), std::min(1.0, 1 - delta));
}

double smallest_expected(double x1, double n1, double x2, double n2) {
  const double rate = (x1 + x2) / (n1 + n2);
  return std::min(n1, n2) * std::min(rate, 1 - rate);
}

}  // namespace

Interval wilson(double x, double n, double confidence) {
  if (!(n > 0)) return {};
  const double z2 = std::pow(normal_quantile(confidence), 2);
  const double centre = (x + z2 / 2) / (n + z2);
  const double half = std::sqrt(z2 * (x * (n - x) / n + z2 / 4)) / (n + z2);
  return {x <= 0 ? 0 : std::max(0.0, centre - half), x >= n ? 1 : std::min(1.0, centre + half)};
}

Interval jeffreys(double x, double n, double confidence) {
  if (!(n > 0)) return {};
  using boost::math::ibeta_inv;
  using boost::math::ibetac_inv;
  return {x <= 0 ? 0 : ibeta_inv(x + 0.5, n - x + 0.5, 1 - confidence),
          x >= n ? 1 : ibetac_inv(x + 0.5, n - x + 0.5, 1 - confidence)};
}

Interval clopper_pearson(double x, double n, double confidence) {
  if (!(n > 0)) return {};
  using boost::math::ibeta_inv;
  using boost::math::ibetac_inv;
  return {x <= 0 ? 0 : ibeta_inv(x, n - x + 1, 1 - confidence), x >= n ? 1 : ibetac_inv(x + 1, n - x, 1 - confidence)};
}

Interval proportion_interval(double x, double n, double confidence) {
  return n < 40 ? jeffreys(x, n, confidence) : wilson(x, n, confidence);
}

Interval newcombe_difference(double x1, double n1, double x2, double n2, double confidence) {
  if (!(n1 > 0) || !(n2 > 0)) return {};
  const Interval a = wilson(x1, n1, confidence), b = wilson(x2, n2, confidence);
  const double p1 = x1 / n1, p2 = x2 / n2;
  return {p1 - p2 - std::hypot(p1 - a.lower, b.upper - p2), p1 - p2 + std::hypot(a.upper - p1, p2 - b.lower)};
}

double miettinen_nurminen_difference_z(double x1, double n1, double x2, double n2, double delta) {
  const double p2 = constrained_p2_difference(x1, n1, x2, n2, delta), p1 = p2 + delta;
  const double variance = std::max(0.0, p1 * (1 - p1)) / n1 + p2 * (1 - p2) / n2;
  return standardised(x1 / n1 - x2 / n2 - delta, variance * (n1 + n2) / (n1 + n2 - 1));
}

Interval miettinen_nurminen_difference(double x1, double n1, double x2, double n2, double confidence) {
  if (!(n1 > 0) || !(n2 > 0)) return {};
  const double z = normal_quantile(confidence), estimate = x1 / n1 - x2 / n2;
  const auto score = [&](double delta) { return miettinen_nurminen_difference_z(x1, n1, x2, n2, delta); };
  return {estimate <= -1 ? -1 : bisect(-1, estimate, z, score), estimate >= 1 ? 1 : bisect(estimate, 1, -z, score)};
}

double miettinen_nurminen_ratio_z(double x1, double n1, double x2, double n2, double theta) {
  const double total = n1 + n2;
  const double a = total * theta, b = -(n1 * theta + x1 + n2 + x2 * theta), c = x1 + x2;
  // The smaller root of a p² + b p + c, in the form that does not subtract near-equal numbers.
  const double p2 = std::clamp(2 * c / (-b + std::sqrt(std::max(0.0, b * b - 4 * a * c))), 0.0, 1.0);
  const double p1 = std::min(1.0, theta * p2);
  const double variance = p1 * (1 - p1) / n1 + theta * theta * p2 * (1 - p2) / n2;
  return standardised(x1 / n1 - theta * x2 / n2, variance * total / (total - 1));
}

Interval miettinen_nurminen_ratio(double x1, double n1, double x2, double n2, double confidence) {
  if (!(n1 > 0) || !(n2 > 0)) return {};
  constexpr double range = 300;   // e^±300: squares of it still fit a double
  const double z = normal_quantile(confidence);
  const double log_estimate = x1 <= 0 ? -range : x2 <= 0 ? range : std::log(x1 / n1 * (n2 / x2));
  const auto score = [&](double log_theta) { return miettinen_nurminen_ratio_z(x1, n1, x2, n2, std::exp(log_theta)); };
  return {x1 <= 0 ? 0 : std::exp(bisect(-range, log_estimate, z, score)),
          x2 <= 0 ? infinity : std::exp(bisect(log_estimate, range, -z, score))};
}

TwoProportionTest two_proportions(int64_t x1, int64_t n1, int64_t x2, int64_t n2) {
  if (n1 <= 0 || n2 <= 0) return {nan, nan, nan, false};
  if (x1 + x2 == 0 || x1 + x2 == n1 + n2) return {0, 1, 0, true};
  const auto a = static_cast<double>(x1), n = static_cast<double>(n1);
  const auto b = static_cast<double>(x2), m = static_cast<double>(n2);
  if (smallest_expected(a, n, b, m) < 5) {
    const FisherTest fisher = fisher_exact(x1, n1, x2, n2);
    return {nan, fisher.mid_p, fisher.log_mid_p, true};
  }
  const double pooled = (a + b) / (n + m);
  const double z = (a / n - b / m) / std::sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  const PValue p = two_sided_normal(z);
  return {z, p.p, p.log_p, false};
}

FisherTest fisher_exact(int64_t x1, int64_t n1, int64_t x2, int64_t n2) {
  if (n1 <= 0 || n2 <= 0) return {nan, nan, nan, nan};
  const Hypergeometric law{n1, n2, x1 + x2};
  const double tolerance = std::log1p(1e-7), seen = law.log_mass(x1);
  const bool below = x1 <= law.mode();
  const int64_t end = below ? law.high() : law.low(), away = below ? 1 : -1;

  // The first value on the far side of the mode that is at most as probable: masses fall monotonically there.
  int64_t steps_low = 0, steps_high = std::llabs(end - x1);
  const int64_t to_mode = std::max<int64_t>(1, std::llabs(law.mode() - x1));
  const auto qualifies = [&](int64_t steps) {
    return steps >= to_mode && law.log_mass(x1 + away * steps) <= seen + tolerance;
  };
  const bool other_side = steps_high >= 1 && qualifies(steps_high);
  while (other_side && steps_high - steps_low > 1) {
    const int64_t middle = steps_low + (steps_high - steps_low) / 2;
    (qualifies(middle) ? steps_high : steps_low) = middle;
  }

  double sum = law.tail(x1, !below), ties = 1;
  if (other_side) {
    int64_t k = x1 + away * steps_high;
    const double first = law.log_mass(k) - seen;
    sum += std::exp(first) * law.tail(k, below);
    if (first >= -tolerance) ties += 1;
  }
  const double log_p = std::min(0.0, seen + std::log(sum));
  const double log_mid = std::min(0.0, seen + std::log(sum - ties / 2));
  return {std::exp(log_p), std::exp(log_mid), log_p, log_mid};
}

double binomial_upper_tail(int64_t x, int64_t n, double p) {
  if (n < 0 || std::isnan(p)) return nan;
  if (x <= 0) return 1;
  if (x > n) return 0;
  return boost::math::ibeta(static_cast<double>(x), static_cast<double>(n - x + 1), p);
}

double binomial_lower_tail(int64_t x, int64_t n, double p) {
  if (n < 0 || std::isnan(p)) return nan;
  if (x < 0) return 0;
  if (x >= n) return 1;
  return boost::math::ibetac(static_cast<double>(x + 1), static_cast<double>(n - x), p);
}

double mcnemar_exact(int64_t b, int64_t c) {
  if (b + c == 0) return 1;
  return std::min(1.0, 2 * binomial_lower_tail(std::min(b, c), b + c, 0.5));
}

}  // namespace leeway::stats
