#include "stats/limit_laws.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace leeway::stats {
namespace {

constexpr double pi = std::numbers::pi;

/// Terms below this cannot move a sum that is at least 1.
constexpr double log_negligible = -40;

PValue certain() { return {1, 0}; }

/// A law Σ λ_k Z_k² with simple weights 1/u_1 > 1/u_2 > … has the tail (Smirnov 1936)
///     P(X >= x) = 1/π Σ_k (-1)^{k+1} ∫ exp(-xu/2) / (u sqrt|D(u)|) du over [u_{2k-1}, u_{2k}],   D(u) = Π(1 - u λ_j).
/// A Law gives the intervals in a variable s in which u is quadratic, u(s), and weight(s) = (du/ds) / (u sqrt|D(u)|),
/// which has inverse square roots at both ends of its interval.
struct CramerVonMisesLaw {
  static constexpr double smallest = 0.002;  // below it the law has no mass that a double could tell from none
  static double low(int k) { return (2 * k - 1) * pi; }
  static double high(int k) { return 2 * k * pi; }
  static double u(double s) { return s * s; }
  static double s(double u) { return std::sqrt(u); }
  static double weight(double s) { return 2 / s * std::sqrt(s / std::fabs(std::sin(s))); }
};

struct AndersonDarlingLaw {
  static constexpr double smallest = 0.02;
  static double low(int k) { return 4 * k - 1; }
  static double high(int k) { return 4 * k + 1; }
  static double u(double s) { return (s * s - 1) / 4; }
  static double s(double u) { return std::sqrt(4 * u + 1); }
  static double weight(double s) { return s / 2 * std::sqrt(pi / (u(s) * std::fabs(std::cos(pi * s / 2)))); }
};

/// ∫ over the k-th interval of exp(-x(u - u_1)/2) times the weight, by Gauss-Chebyshev nodes: exact for the end points'
/// inverse square roots.
template <class Law>
double interval_integral(double x, int k) {
  constexpr int nodes = 160;
  const double middle = (Law::low(k) + Law::high(k)) / 2, half = (Law::high(k) - Law::low(k)) / 2;
  double sum = 0;
  for (int i = 0; i < nodes; ++i) {
    const double angle = pi * (i + 0.5) / nodes;
    const double s = middle + half * std::cos(angle);
    sum += half * std::sin(angle) * Law::weight(s) * std::exp(-x / 2 * (Law::u(s) - Law::u(Law::low(1))));
  }
  return sum * pi / nodes;
}

/// The same for large x, where only the first interval counts and its mass lies near the left end: with
/// x(u - u_1)/2 = v² the integrand is even and decays as exp(-v²), so the trapezoidal rule converges geometrically.
template <class Law>
double first_interval_far(double x) {
  constexpr double step = 1.0 / 16;
  double sum = 0;
  for (double v = step / 2; v < 6.5; v += step) {
    const double s = Law::s(Law::u(Law::low(1)) + 2 * v * v / x);
    const double du_ds = (Law::u(s + 0.5) - Law::u(s - 0.5));  // exact: u is quadratic
    sum += Law::weight(s) / du_ds * (4 * v / x) * std::exp(-v * v);
  }
  return sum * step;
}

template <class Law>
PValue smirnov_series(double x) {
  if (std::isnan(x)) return {};
  if (x < Law::smallest) return certain();
  const double first = Law::u(Law::low(1));
  const double log_factor = -x / 2 * first - std::log(pi);
  if (x * (Law::u(Law::high(1)) - first) / 2 > 50)
    return PValue::of_log(log_factor + std::log(first_interval_far<Law>(x)));
  double sum = 0;
  for (int k = 1; -x / 2 * (Law::u(Law::low(k)) - first) > log_negligible; ++k)
    sum += (k % 2 == 1 ? 1 : -1) * interval_integral<Law>(x, k);
  return PValue::of_log(std::min(0.0, log_factor + std::log(sum)));
}

/// 1 - Q(λ) by the theta-transformed series, good for small λ.
double kolmogorov_cdf(double lambda) {
  double sum = 0;
  for (int k = 1; k <= 9; k += 2) sum += std::exp(-k * k * pi * pi / (8 * lambda * lambda));
  return std::sqrt(2 * pi) / lambda * sum;
}

/// The point at which a continuous upper tail falls to p, to the last bits.
double upper_quantile(double p, PValue (*tail)(double)) {
  if (!(p > 0 && p < 1)) return std::numeric_limits<double>::quiet_NaN();
  double low = 0, high = 30;
  for (;;) {
    const double middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    (tail(middle).p > p ? low : high) = middle;
  }
}

}  // namespace

PValue kolmogorov_tail(double lambda) {
  if (std::isnan(lambda)) return {};
  if (lambda < 0.04) return certain();
  if (lambda <= 1.18) {
    const double below = kolmogorov_cdf(lambda);
    return {1 - below, std::log1p(-below)};
  }
  const double square = -2 * lambda * lambda;
  double correction = 0;
  for (int k = 2; k <= 6; ++k) correction += (k % 2 == 0 ? -1 : 1) * std::exp(square * (k * k - 1));
  return PValue::of_log(std::numbers::ln2 + square + std::log1p(correction));
}

double kolmogorov_quantile(double p) { return upper_quantile(p, kolmogorov_tail); }

PValue smirnov_tail(double lambda) { return lambda <= 0 ? certain() : PValue::of_log(-2 * lambda * lambda); }

PValue kuiper_tail(double lambda) {
  if (std::isnan(lambda)) return {};
  if (lambda < 0.1) return certain();
  if (lambda <= 1.2) {
    // The derivative of λθ(λ) after Jacobi's transformation.
    double below = 0;
    for (int k = 1; k <= 6; ++k) below += k * k * std::exp(-pi * pi * k * k / (2 * lambda * lambda));
    below *= std::sqrt(2 * pi) * pi * pi / (lambda * lambda * lambda);
    return {1 - below, std::log1p(-below)};
  }
  const double square = lambda * lambda;
  double sum = 4 * square - 1;
  for (int k = 2; k <= 6; ++k) sum += (4 * k * k * square - 1) * std::exp(-2 * square * (k * k - 1));
  return PValue::of_log(std::log(2 * sum) - 2 * square);
}

double kuiper_quantile(double p) { return upper_quantile(p, kuiper_tail); }

PValue cramer_von_mises_tail(double x) { return smirnov_series<CramerVonMisesLaw>(x); }

PValue anderson_darling_tail(double x) { return smirnov_series<AndersonDarlingLaw>(x); }

}  // namespace leeway::stats
