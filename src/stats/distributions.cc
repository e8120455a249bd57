#include "stats/distributions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/toms748_solve.hpp>

namespace leeway::stats {
namespace {

namespace policies = boost::math::policies;
/// Limits are returned, nothing is thrown.
using Quiet =
    policies::policy<policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
                     policies::overflow_error<policies::ignore_error>,
                     policies::evaluation_error<policies::ignore_error>>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// ln Q(a, x), the regularised upper incomplete gamma function, by Legendre's continued fraction (modified Lentz);
/// for x well above a.
double log_gamma_q_far(double a, double x) {
  constexpr double tiny = 1e-300;
  double b = x + 1 - a;
  double c = 1 / tiny, d = 1 / b, fraction = d;
  for (int i = 1; i < 10'000; ++i) {
    const double step = -i * (i - a);
    b += 2;
    d = 1 / (std::fabs(step * d + b) < tiny ? tiny : step * d + b);
    c = std::fabs(b + step / c) < tiny ? tiny : b + step / c;
    fraction *= d * c;
    if (std::fabs(d * c - 1) < 1e-15) break;
  }
  return a * std::log(x) - x - boost::math::lgamma(a, Quiet()) + std::log(fraction);
}

/// Q(a, x) = P(Gamma(a) >= x).
PValue gamma_q(double a, double x) {
  if (std::isnan(a) || std::isnan(x) || a < 0) return {};
  if (x <= 0) return {1, 0};
  if (a == 0) return {0, -infinity};
  if (std::isinf(x)) return {0, -infinity};
  const double p = boost::math::gamma_q(a, x, Quiet());
  return p > 1e-290 ? PValue::of(p) : PValue::of_log(log_gamma_q_far(a, x));
}

/// ln P(|T| >= t) for large t: I_y(df/2, 1/2) at y = df/(df+t²) by its power series.
double log_two_sided_t_far(double t, double df) {
  const double a = df / 2, y = df / (df + t * t);
  double sum = 1, term = 1;
  for (int k = 0; k < 1'000'000 && term > 1e-17 * sum; ++k) {
    term *= (a + 0.5 + k) / (a + 1 + k) * y;
    sum += term;
  }
  const double log_y = -std::log1p(t * t / df), log_rest = std::log(t * t / (df + t * t));
  const double log_beta =
      boost::math::lgamma(a, Quiet()) + boost::math::lgamma(0.5, Quiet()) - boost::math::lgamma(a + 0.5, Quiet());
  return a * log_y + log_rest / 2 - std::log(a) - log_beta + std::log(sum);
}

using NonCentral = boost::math::non_central_chi_squared_distribution<double, Quiet>;

/// Beyond this the series of the exact law is slow, and a normal law with a skewness correction is good to 1e-9.
constexpr double far_noncentral = 1e6;

/// z with P(X <= x) close to Φ(z): Sankaran's second approximation (1963, doi:10.1093/biomet/50.1-2.199).
double sankaran_z(double x, double df, double noncentrality) {
  const double mean = df + noncentrality, second = df + 2 * noncentrality, third = df + 3 * noncentrality;
  const double h = 1 - 2 * mean * third / (3 * second * second);
  const double p = second / (mean * mean);
  const double m = (h - 1) * (1 - 3 * h);
  const double top = std::pow(x / mean, h) - (1 + h * p * (h - 1 - 0.5 * (2 - h) * m * p));
  return top / (h * std::sqrt(2 * p) * (1 + 0.5 * m * p));
}

/// The root in `noncentrality` of a monotone `excess`, bracketed from an initial guess.
template <class F>
double solve_noncentrality(double guess, F excess) {
  double high = std::max(guess, 1.0);
  const bool start_sign = excess(0.0) > 0;
  while ((excess(high) > 0) == start_sign && high < 1e300) high *= 2;
  std::uintmax_t iterations = 200;
  const auto [a, b] = boost::math::tools::toms748_solve(
      excess, 0.0, high, boost::math::tools::eps_tolerance<double>(46), iterations, Quiet());
  return (a + b) / 2;
}

}  // namespace

double normal_cdf(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

double normal_quantile(double p) {
  if (!(p >= 0 && p <= 1)) return nan;
  if (p == 0) return -infinity;
  if (p == 1) return infinity;
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p, Quiet());
}

double log_normal_cdf(double z) {
  if (z > -1) return std::log1p(-std::erfc(z / std::numbers::sqrt2) / 2);
  if (z > -35) return std::log(std::erfc(-z / std::numbers::sqrt2) / 2);
  // Asymptotic series of Mills' ratio; its fourth term is below 1e-10 of the first here, its sixth below 1e-15.
  const double s = 1 / (z * z);
  const double series = 1 - s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s))));
  return -z * z / 2 - std::log(-z * std::sqrt(2 * std::numbers::pi)) + std::log(series);
}

PValue normal_tail(double z) {
  if (std::isnan(z)) return {};
  return {std::erfc(z / std::numbers::sqrt2) / 2, log_normal_cdf(-z)};
}

PValue two_sided_normal(double z) {
  if (std::isnan(z)) return {};
  const double x = std::fabs(z);
  return {std::erfc(x / std::numbers::sqrt2), std::min(0.0, log_normal_cdf(-x) + std::numbers::ln2)};
}

PValue two_sided_t(double t, double df) {
  if (std::isnan(t) || !(df > 0)) return {};
  const double x = std::fabs(t);
  if (std::isinf(x)) return {0, -infinity};
  if (std::isinf(df)) return two_sided_normal(t);
  const double p =
      2 * boost::math::cdf(boost::math::complement(boost::math::students_t_distribution<double, Quiet>(df), x));
  return p > 1e-290 ? PValue::of(p) : PValue::of_log(log_two_sided_t_far(x, df));
}

double t_quantile(double p, double df) {
  if (!(p > 0 && p < 1 && df > 0)) return nan;
  return boost::math::quantile(boost::math::students_t_distribution<double, Quiet>(df), p);
}

PValue chi_square_tail(double x, double df) { return gamma_q(df / 2, x / 2); }

double chi_square_cdf(double x, double df) {
  if (std::isnan(x) || !(df >= 0)) return nan;
  if (df == 0) return x >= 0 ? 1 : 0;
  return x <= 0 ? 0 : boost::math::gamma_p(df / 2, x / 2, Quiet());
}

double chi_square_quantile(double p, double df) {
  if (!(p >= 0 && p <= 1 && df >= 0)) return nan;
  if (df == 0 || p == 0) return 0;
  return p == 1 ? infinity : 2 * boost::math::gamma_p_inv(df / 2, p, Quiet());
}

PValue gamma_tail(double x, double shape, double scale) { return gamma_q(shape, x / scale); }

PValue quadratic_form_tail(double x, const KernelTraces& t) {
  if (!(t.second > 0) || !(t.third > 0)) return x > t.first ? PValue{0, -infinity} : PValue{1, 0};
  // Variance 2 Σλ², third central moment 8 Σλ³.
  const double shape = t.second * t.second * t.second / (2 * t.third * t.third), scale = 2 * t.third / t.second;
  return gamma_tail(x - t.first + shape * scale, shape, scale);
}

double noncentral_chi_square_cdf(double x, double df, double noncentrality) {
  if (noncentrality == 0 || df == 0) return chi_square_cdf(x, df);
  if (std::isnan(x) || !(noncentrality > 0)) return nan;
  if (x <= 0) return 0;
  if (noncentrality > far_noncentral) return normal_cdf(sankaran_z(x, df, noncentrality));
  return boost::math::cdf(NonCentral(df, noncentrality), x);
}

double noncentral_chi_square_sf(double x, double df, double noncentrality) {
  if (noncentrality == 0 || df == 0) return chi_square_tail(x, df).p;
  if (std::isnan(x) || !(noncentrality > 0)) return nan;
  if (x <= 0) return 1;
  if (noncentrality > far_noncentral) return normal_tail(sankaran_z(x, df, noncentrality)).p;
  return boost::math::cdf(boost::math::complement(NonCentral(df, noncentrality), x));
}

double noncentrality_lower(double statistic, double df, double error) {
  if (std::isnan(statistic)) return nan;
  if (df == 0 || chi_square_tail(statistic, df).p >= error) return 0;
  return solve_noncentrality(statistic, [&](double l) { return noncentral_chi_square_sf(statistic, df, l) - error; });
}

double noncentrality_upper(double statistic, double df, double error) {
  if (std::isnan(statistic)) return nan;
  if (df == 0 || chi_square_cdf(statistic, df) <= error) return 0;
  return solve_noncentrality(statistic, [&](double l) { return noncentral_chi_square_cdf(statistic, df, l) - error; });
}

}  // namespace leeway::stats
