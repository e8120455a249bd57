#include "stats/means.h"

#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace leeway::stats {
namespace {

MeanVariance of(const std::vector<double>& values) {
  MeanVariance sample;
  for (const double v : values) sample.add(v);
  return sample;
}

const MeanVariance a = of({1.2, 3.4, 2.2, 5.1, 4.4, 2.9}), b = of({2.0, 2.5, 1.1, 1.9});

// scipy 1.17.1 t.interval, ttest_ind(equal_var=False).
TEST(Means, intervals_equal_scipy) {
  EXPECT_NEAR(a.mean(), 3.2, 1e-15);
  EXPECT_NEAR(a.variance(), 2.036, 1e-14);
  EXPECT_NEAR(mean_interval(a).lower, 1.702576322342267, 1e-11);
  EXPECT_NEAR(mean_interval(a).upper, 4.697423677657731, 1e-11);
  const WelchTest test = welch(a, b);
  EXPECT_NEAR(test.statistic, 2.0365544169257324, 1e-12);
  EXPECT_NEAR(test.p, .08078112999354581, 1e-11);
  EXPECT_NEAR(test.df, 7.059978857722223, 1e-11);
  EXPECT_NEAR(test.interval.lower, -.21079951471991176, 1e-10);
  EXPECT_NEAR(test.interval.upper, 2.8607995147199103, 1e-10);
}

TEST(Means, degenerate_samples_are_defined) {
  EXPECT_TRUE(std::isnan(MeanVariance().mean()));
  EXPECT_TRUE(std::isnan(of({4}).variance()));
  EXPECT_TRUE(std::isnan(mean_interval(of({4})).lower));
  EXPECT_TRUE(std::isnan(welch(a, of({4})).p));
  EXPECT_EQ(welch(of({4, 4}), of({4, 4, 4})).p, 1);
  EXPECT_EQ(welch(of({4, 4}), of({3, 3})).p, 0);
  EXPECT_EQ(welch(of({4, 4}), of({3, 3})).difference, 1);
}

RC_GTEST_PROP(Means, merging_and_repeats_equal_one_pass, (std::vector<int> left, std::vector<int> right)) {
  RC_PRE(left.size() + right.size() > 1);
  MeanVariance all, first, second, repeated;
  for (const int v : left) { all.add(v); first.add(v); repeated.add(v, 3); }
  for (const int v : right) { all.add(v); second.add(v); repeated.add(v, 3); }
  first.merge(second);
  const auto near = [](double x, double y) { return std::fabs(x - y) <= 1e-9 * (1 + std::fabs(x)); };
  RC_ASSERT(near(all.mean(), first.mean()) && near(all.variance(), first.variance()));
  const double n = static_cast<double>(all.n());
  RC_ASSERT(near(all.variance() * (n - 1) * 3, repeated.variance() * (3 * n - 1)));
}

TEST(Means, an_offset_does_not_cost_digits) {
  MeanVariance sample;
  for (int i = 0; i < 1000; ++i) sample.add(1e9 + (i % 2));
  EXPECT_NEAR(sample.variance(), 250.0 / 999, 1e-9);
}

// Ranks of the 95 % interval of a median: 6 and 15 of 20, 1 and 6 of 6, 41 and 61 of 101 (scipy binom.ppf).
TEST(Means, median_interval_is_between_order_statistics) {
  const auto median_of = [](int n) {
    std::vector<double> values(static_cast<size_t>(n));
    for (int i = 0; i < n; ++i) values[static_cast<size_t>(i)] = (i * 7) % n + 1;   // 1 … n, shuffled as n % 7 != 0
    return median(values);
  };
  EXPECT_EQ(median_of(20).value, 10.5);
  EXPECT_EQ(median_of(20).interval, (Interval{6, 15}));
  EXPECT_EQ(median_of(6).interval, (Interval{1, 6}));
  EXPECT_EQ(median_of(101).value, 51);
  EXPECT_EQ(median_of(101).interval, (Interval{41, 61}));
  EXPECT_TRUE(std::isnan(median_of(5).interval.lower));
  EXPECT_TRUE(std::isnan(median_of(1).interval.upper));
  std::vector<double> none;
  EXPECT_TRUE(std::isnan(median(none).value));
}

TEST(Means, other_quantiles_have_lopsided_ranks) {
  std::vector<double> values(20);
  std::iota(values.begin(), values.end(), 1);
  const QuantileEstimate q = quantile(values, .9);   // binom(20, .9): P(X <= 15) = .0432, P(X <= 14) = .0113
  EXPECT_EQ(q.value, 18);
  EXPECT_EQ(q.interval.lower, 15);
  EXPECT_TRUE(std::isnan(q.interval.upper));         // P(X = 20) = .12
}

}  // namespace
}  // namespace leeway::stats
