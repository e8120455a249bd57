#include "stats/proportions.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace leeway::stats {
namespace {

void expect_close(double expected, double actual, double relative = 1e-9) {
  if (expected == 0 || std::isinf(expected)) EXPECT_EQ(expected, actual);
  else EXPECT_NEAR(actual / expected, 1, relative);
}

void expect_interval(Interval expected, Interval actual, double relative = 1e-9) {
  expect_close(expected.lower, actual.lower, relative);
  expect_close(expected.upper, actual.upper, relative);
}

// statsmodels 0.15.0 proportion_confint, methods wilson, jeffreys, beta.
TEST(Proportions, one_sample_intervals_equal_statsmodels) {
  expect_interval({.052368745896216595, .36041886474075696}, wilson(3, 20));
  expect_interval({0, .1611251580528194}, wilson(0, 20));
  expect_interval({.8388748419471804, 1}, wilson(20, 20));
  expect_interval({.03379951228563171, .059682837936223455}, wilson(45, 1000));
  expect_interval({3.390867834900855e-06, 1.4450522448827194e-05}, wilson(7, 1e6));
  expect_interval({.04413134197515587, .348577710858454}, jeffreys(3, 20));
  expect_interval({.03344034735254339, .059186840956654434}, jeffreys(45, 1000));
  expect_interval({.9999953258079533, .9999998921023375}, jeffreys(999999, 1e6));
  expect_interval({.0320709371854637, .37892682654531396}, clopper_pearson(3, 20));
  expect_interval({0, .16843347098308534}, clopper_pearson(0, 20));
  expect_interval({.8315665290169146, 1}, clopper_pearson(20, 20));
  expect_interval({.025, 1}, clopper_pearson(1, 1));
}

TEST(Proportions, jeffreys_is_shown_for_small_samples_wilson_for_others) {
  EXPECT_EQ(proportion_interval(3, 39), jeffreys(3, 39));
  EXPECT_EQ(proportion_interval(3, 40), wilson(3, 40));
  EXPECT_EQ(proportion_interval(0, 5).lower, 0);
}

// R 4.2.2 by way of an independent direct maximisation; statsmodels solves a wrong cubic for this difference.
TEST(Proportions, miettinen_nurminen_difference) {
  expect_interval({-.00169493677333, .0322857091132}, miettinen_nurminen_difference(45, 1000, 30, 1000), 2e-11 / .0017);
  expect_interval({.00103803718065, .0293852948368}, miettinen_nurminen_difference(45, 1000, 30, 1000, .95),
                  2e-11 / .001);
}

// statsmodels 0.15.0 confint_proportions_2indep(method="score", compare="ratio"), which is right for the ratio.
TEST(Proportions, miettinen_nurminen_ratio) {
  expect_interval({.526110684636652, .9314746047973984}, miettinen_nurminen_ratio(30, 60, 70, 100));
  expect_interval({.956915318586378, 2.3530831820244518}, miettinen_nurminen_ratio(45, 1000, 30, 1000));
  expect_interval({0, 1.0548711957798136}, miettinen_nurminen_ratio(0, 20, 5, 30));
  expect_interval({.947983037171425, INFINITY}, miettinen_nurminen_ratio(5, 30, 0, 20));
  expect_interval({0, INFINITY}, miettinen_nurminen_ratio(0, 30, 0, 20));
}

TEST(Proportions, newcombe_difference_equals_statsmodels) {
  expect_interval({-.001786491306577348, .03217286283385532}, newcombe_difference(45, 1000, 30, 1000));
}

TEST(Proportions, no_rows_have_no_interval) {
  EXPECT_TRUE(std::isnan(wilson(0, 0).lower));
  EXPECT_TRUE(std::isnan(jeffreys(0, 0).upper));
  EXPECT_TRUE(std::isnan(miettinen_nurminen_difference(0, 0, 1, 2).lower));
  EXPECT_TRUE(std::isnan(miettinen_nurminen_ratio(1, 2, 0, 0).lower));
  EXPECT_TRUE(std::isnan(two_proportions(0, 0, 1, 2).p));
}

// The constrained estimates maximise the likelihood, so the score statistic must equal the one found by a fine search.
RC_GTEST_PROP(Proportions, the_difference_score_uses_the_constrained_maximum, ()) {
  const int n1 = *rc::gen::inRange(1, 60), n2 = *rc::gen::inRange(1, 60);
  const int x1 = *rc::gen::inRange(0, n1 + 1), x2 = *rc::gen::inRange(0, n2 + 1);
  const double delta = *rc::gen::inRange(-95, 96) / 100.0;
  const auto log_likelihood = [&](double p2) {
    const auto term = [](double x, double p) { return x == 0 ? 0 : x * std::log(p); };
    const double p1 = p2 + delta;
    return term(x1, p1) + term(n1 - x1, 1 - p1) + term(x2, p2) + term(n2 - x2, 1 - p2);
  };
  double low = std::max(0.0, -delta), high = std::min(1.0, 1 - delta);
  for (int i = 0; i < 200; ++i) {   // golden section on a concave function
    const double a = high - (high - low) * .618033988749895, b = low + (high - low) * .618033988749895;
    (log_likelihood(a) < log_likelihood(b) ? low : high) = log_likelihood(a) < log_likelihood(b) ? a : b;
  }
  const double p2 = low, p1 = p2 + delta, total = n1 + n2;
  const double variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * total / (total - 1);
  RC_PRE(variance > 1e-6);
  const double z = (1.0 * x1 / n1 - 1.0 * x2 / n2 - delta) / std::sqrt(variance);
  RC_ASSERT(std::fabs(z - miettinen_nurminen_difference_z(x1, n1, x2, n2, delta)) < 1e-4 * (1 + std::fabs(z)));
}

RC_GTEST_PROP(Proportions, score_intervals_hold_the_estimate_and_mirror, ()) {
  const int n1 = *rc::gen::inRange(1, 500), n2 = *rc::gen::inRange(1, 500);
  const int x1 = *rc::gen::inRange(0, n1 + 1), x2 = *rc::gen::inRange(0, n2 + 1);
  const double p1 = 1.0 * x1 / n1, p2 = 1.0 * x2 / n2;
  const Interval d = miettinen_nurminen_difference(x1, n1, x2, n2);
  const Interval back = miettinen_nurminen_difference(x2, n2, x1, n1);
  RC_ASSERT(d.lower <= p1 - p2 && p1 - p2 <= d.upper);
  RC_ASSERT(-1 <= d.lower && d.lower < d.upper && d.upper <= 1);
  RC_ASSERT(std::fabs(d.lower + back.upper) < 1e-9 && std::fabs(d.upper + back.lower) < 1e-9);
  const Interval r = miettinen_nurminen_ratio(x1, n1, x2, n2), inverse = miettinen_nurminen_ratio(x2, n2, x1, n1);
  RC_ASSERT(r.lower < r.upper);
  if (x1 > 0 && x2 > 0) {
    RC_ASSERT(r.lower <= p1 / p2 && p1 / p2 <= r.upper);
    RC_ASSERT(std::fabs(r.lower * inverse.upper - 1) < 1e-8 && std::fabs(r.upper * inverse.lower - 1) < 1e-8);
  }
}

// scipy 1.17.1 fisher_exact; mid-p from its hypergeometric masses.
TEST(Proportions, fisher_exact_equals_scipy) {
  const struct { int64_t x1, n1, x2, n2; double p, mid_p; } cases[] = {
      {45, 1000, 30, 1000, .09880183953306923, .07890336852882071},
      {3, 10, 0, 12, .07792207792207792, .03896103896103895},
      {1, 20, 4, 7, .008931004583178496, .0045955654651306825},
      {10, 20, 10, 20, 1, .8761855672819545},
      {0, 5, 0, 5, 1, .5},
      {2, 100000, 9, 1000000, .2639626358331198, .16757642793870436},
      {500, 1000, 100, 1000, 5.12502851252754e-90, 2.8458253411257117e-90},
  };
  for (const auto& c : cases) {
    const FisherTest test = fisher_exact(c.x1, c.n1, c.x2, c.n2);
    expect_close(c.p, test.p, 1e-9);
    expect_close(c.mid_p, test.mid_p, 1e-9);
    EXPECT_NEAR(std::log(c.p), test.log_p, 1e-9);
  }
}

RC_GTEST_PROP(Proportions, fisher_does_not_depend_on_the_order_of_rows_or_columns, ()) {
  const int64_t n1 = *rc::gen::inRange(1, 40), n2 = *rc::gen::inRange(1, 40);
  const int64_t x1 = *rc::gen::inRange<int64_t>(0, n1 + 1), x2 = *rc::gen::inRange<int64_t>(0, n2 + 1);
  const FisherTest test = fisher_exact(x1, n1, x2, n2);
  RC_ASSERT(std::fabs(test.p - fisher_exact(x2, n2, x1, n1).p) < 1e-12);
  RC_ASSERT(std::fabs(test.p - fisher_exact(n1 - x1, n1, n2 - x2, n2).p) < 1e-12);
  RC_ASSERT(0 < test.mid_p && test.mid_p <= test.p && test.p <= 1);
}

TEST(Proportions, two_proportion_test_chooses_by_expected_counts) {
  const TwoProportionTest z = two_proportions(45, 1000, 30, 1000);   // statsmodels 0.15.0 proportions_ztest
  EXPECT_FALSE(z.exact);
  expect_close(1.7654696590094991, z.statistic);
  expect_close(.0774848651326447, z.p);
  EXPECT_NEAR(std::log(.0774848651326447), z.log_p, 1e-12);
  const TwoProportionTest small = two_proportions(3, 10, 0, 12);
  EXPECT_TRUE(small.exact);
  expect_close(.03896103896103895, small.p);
  EXPECT_EQ(two_proportions(0, 10, 0, 12).p, 1);
}

// scipy 1.17.1 norm.logsf(z) + log(2) at 600,000 and 400,000 of a million each.
TEST(Proportions, log_p_survives_underflow) {
  const TwoProportionTest test = two_proportions(600000, 1000000, 400000, 1000000);
  EXPECT_EQ(test.p, 0);
  const double z = test.statistic;
  EXPECT_NEAR(z, 282.84271247461902, 1e-9);
  EXPECT_NEAR(test.log_p, -40005.8706948091, 1e-9 * 4e4);
}

// scipy 1.17.1 binom.sf, binom.cdf, binomtest.
TEST(Proportions, binomial_tails) {
  expect_close(.3233234934126358, binomial_upper_tail(3, 1000, .002));
  expect_close(.0824123195160887, binomial_upper_tail(15, 1000, .01));
  expect_close(3.2197662734938993e-05, binomial_lower_tail(3, 50, .3));
  EXPECT_EQ(binomial_upper_tail(0, 10, .5), 1);
  EXPECT_EQ(binomial_upper_tail(11, 10, .5), 0);
  expect_close(.057373046875, mcnemar_exact(3, 11));
  EXPECT_EQ(mcnemar_exact(0, 0), 1);
}

}  // namespace
}  // namespace leeway::stats
