#include "stats/grades.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/beta.hpp>

#include "stats/distributions.h"
#include "stats/proportions.h"

namespace leeway::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A difference in standard errors; certain predictions that came true count nothing.
double standardised(double difference, double variance) {
  if (variance > 0) return difference / std::sqrt(variance);
  return difference == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), difference);
}

}  // namespace

GradeTest test_grade(const Grade& grade) {
  if (grade.rows <= 0) return {nan, nan};
  const auto n = static_cast<double>(grade.rows), d = static_cast<double>(grade.defaults);
  return {binomial_upper_tail(grade.defaults, grade.rows, grade.pd),
          boost::math::ibeta(d + 0.5, n - d + 0.5, grade.pd)};
}

double vasicek_tail(const Grade& grade, double asset_correlation) {
  if (grade.rows <= 0) return nan;
  if (!(asset_correlation > 0) || grade.pd <= 0 || grade.pd >= 1)
    return binomial_upper_tail(grade.defaults, grade.rows, grade.pd);
  const double threshold = normal_quantile(grade.pd), own = std::sqrt(1 - asset_correlation),
               common = std::sqrt(asset_correlation);
  const auto integrand = [&](double z) {
    const double given = normal_cdf((threshold - common * z) / own);
    return binomial_upper_tail(grade.defaults, grade.rows, given) * std::exp(-z * z / 2) /
           std::sqrt(2 * std::numbers::pi);
  };
  // The tail falls from 1 to 0 about the z at which as many defaults are expected as were seen: there the pieces end.
  const double rate = (static_cast<double>(grade.defaults) + 0.5) / (static_cast<double>(grade.rows) + 1);
  const double edge = std::clamp((threshold - own * normal_quantile(rate)) / common, -9.0, 9.0);
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
  return Rule::integrate(integrand, -10.0, edge, 12, 1e-10) + Rule::integrate(integrand, edge, 10.0, 12, 1e-10);
}

ChiSquareTest hosmer_lemeshow(std::span<const Grade> grades) {
  ChiSquareTest test{0, 0, {}};
  for (const Grade& g : grades) {
    if (g.rows <= 0) continue;
    const auto n = static_cast<double>(g.rows);
    const double z = standardised(static_cast<double>(g.defaults) - n * g.pd, n * g.pd * (1 - g.pd));
    test.statistic += z * z;
    test.df += g.pd > 0 && g.pd < 1;
  }
  if (std::isinf(test.statistic)) test.p = PValue{0, -std::numeric_limits<double>::infinity()};
  else if (test.df > 0) test.p = chi_square_tail(test.statistic, test.df);
  return test;
}

PortfolioTest test_portfolio(std::span<const Grade> grades) {
  double excess = 0, variance = 0;
  for (const Grade& g : grades) {
    const auto n = static_cast<double>(g.rows);
    excess += static_cast<double>(g.defaults) - n * g.pd;
    variance += n * g.pd * (1 - g.pd);
  }
  const double z = standardised(excess, variance);
  return {z, normal_tail(z)};
}

RankOrder test_rank_order(std::span<const Grade> grades) {
  double rows = 0, defaults = 0, sum = 0, squares = 0, trend = 0, last_rate = -1;
  RankOrder result{nan, {}, 0};
  for (size_t i = 0; i < grades.size(); ++i) {
    if (grades[i].rows <= 0) continue;
    const auto n = static_cast<double>(grades[i].rows), d = static_cast<double>(grades[i].defaults);
    const auto score = static_cast<double>(i);
    rows += n;
    defaults += d;
    sum += n * score;
    squares += n * score * score;
    trend += d * score;
    result.inversions += d / n < last_rate;
    last_rate = d / n;
  }
  const double rate = defaults / rows, variance = rate * (1 - rate) * (squares - sum * sum / rows);
  if (!(variance > 0)) return result;
  result.z = (trend - rate * sum) / std::sqrt(variance);
  result.p = two_sided_normal(result.z);
  return result;
}

}  // namespace leeway::stats
