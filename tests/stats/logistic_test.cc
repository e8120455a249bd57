#include "stats/logistic.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace leeway::stats {
namespace {

// statsmodels 0.15.0 Logit on logit(x).
TEST(Logistic, equals_statsmodels) {
  const double p[] = {.05, .1, .2, .3, .35, .4, .5, .55, .6, .7, .8, .9, .95};
  const int negatives[] = {1, 1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0};
  const int positives[] = {0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1};
  std::vector<LogisticCell> cells;
  for (int i = 0; i < 13; ++i) cells.push_back({std::log(p[i] / (1 - p[i])), negatives[i], positives[i]});
  const LogisticFit fit = fit_logistic(cells);
  ASSERT_TRUE(fit.converged);
  EXPECT_NEAR(fit.intercept, .1255779181408966, 1e-10);
  EXPECT_NEAR(fit.slope, .6167786917121176, 1e-10);
  EXPECT_NEAR(fit.intercept_variance, .35903819466401454, 1e-10);
  EXPECT_NEAR(fit.slope_variance, .17590528884769144, 1e-10);
  EXPECT_NEAR(fit.covariance, .039979837710346224, 1e-10);
}

TEST(Logistic, a_warm_start_finds_the_same_maximum_as_the_score_equations) {
  Random random(5);
  std::vector<LogisticCell> cells;
  for (int i = 0; i < 20000; ++i) {
    const double x = -8 + 16 * i / 20000.0;
    const bool y = random.chance(1 / (1 + std::exp(-(.3 + 1.2 * x))));
    cells.push_back({x, !y, y});
  }
  const LogisticFit fit = fit_logistic(cells);
  ASSERT_TRUE(fit.converged);
  double g0 = 0, g1 = 0;
  for (const auto& cell : cells) {
    const double p = 1 / (1 + std::exp(-(fit.intercept + fit.slope * cell.x)));
    const double residual = static_cast<double>(cell.positives) - p;
    g0 += residual;
    g1 += residual * cell.x;
  }
  EXPECT_NEAR(g0, 0, 1e-7);
  EXPECT_NEAR(g1, 0, 1e-6);
  EXPECT_NEAR(fit.slope, 1.2, 5 * std::sqrt(fit.slope_variance));
}

TEST(Logistic, no_finite_maximum_is_told) {
  using Cells = std::vector<LogisticCell>;
  EXPECT_FALSE(fit_logistic(Cells{}).converged);
  EXPECT_FALSE(fit_logistic(Cells{{1, 3, 0}, {2, 4, 0}}).converged);              // one class
  EXPECT_FALSE(fit_logistic(Cells{{1, 3, 4}}).converged);                         // constant x
  EXPECT_FALSE(fit_logistic(Cells{{1, 3, 0}, {2, 0, 4}}).converged);              // separated
  EXPECT_FALSE(fit_logistic(Cells{{1, 3, 0}, {2, 1, 1}, {3, 0, 4}}).converged);   // touching in one value
  EXPECT_TRUE(std::isnan(fit_logistic(Cells{}).slope));
  EXPECT_TRUE(fit_logistic(Cells{{1, 3, 1}, {2, 1, 3}}).converged);
}

// Two cells are a saturated model: logits of 1/1001 and of 999/1000, far from the start at 0.
TEST(Logistic, converges_from_far_away) {
  const LogisticFit fit = fit_logistic(std::vector<LogisticCell>{{0, 1000, 1}, {1e-3, 1, 1000000}});
  ASSERT_TRUE(fit.converged);
  EXPECT_NEAR(fit.intercept, std::log(1e-3), 1e-9);
  EXPECT_NEAR(fit.intercept + 1e-3 * fit.slope, std::log(1e6), 1e-9);
}

}  // namespace
}  // namespace leeway::stats
