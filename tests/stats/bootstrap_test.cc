#include "stats/bootstrap.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "stats/distributions.h"

namespace leeway::stats {
namespace {

double share_of_first(std::span<const double> cells) { return cells[0] / (cells[0] + cells[1]); }

TEST(Bootstrap, is_reproducible_and_close_to_theory) {
  const int64_t counts[] = {300, 700};
  const Bootstrap a = poisson_bootstrap(counts, share_of_first, Random(1));
  const Bootstrap b = poisson_bootstrap(counts, share_of_first, Random(1));
  EXPECT_EQ(a.replicates, b.replicates);
  EXPECT_EQ(a.estimate, .3);
  EXPECT_NEAR(a.se(), std::sqrt(.3 * .7 / 1000), .1 * std::sqrt(.3 * .7 / 1000));
  EXPECT_NEAR(a.bca().lower, .3 - 1.96 * a.se(), .006);
  EXPECT_NEAR(a.bca().upper, .3 + 1.96 * a.se(), .006);
}

// Efron's formula applied by hand: z0 from the share below the estimate, percentiles Φ(z0 + (z0 ± z)/(1 - a(z0 ± z))).
TEST(Bootstrap, bca_follows_the_formula) {
  Bootstrap b;
  b.estimate = 401;
  b.acceleration = .03;
  for (int i = 1; i <= 999; ++i) b.replicates.push_back(i);
  const double z0 = normal_quantile(400.5 / 999), z = normal_quantile(.975);
  const auto place = [&](double side) { return 1000 * normal_cdf(z0 + (z0 + side) / (1 - .03 * (z0 + side))); };
  EXPECT_NEAR(b.bca().lower, place(-z), 1e-9);
  EXPECT_NEAR(b.bca().upper, place(z), 1e-9);
}

TEST(Bootstrap, undefined_replicates_are_counted_and_too_many_leave_no_interval) {
  const int64_t rare[] = {1, 0}, common[] = {5, 0};
  const Bootstrap few = poisson_bootstrap(rare, share_of_first, Random(1));   // empty in e^-1 of the draws
  EXPECT_NEAR(few.undefined, 999 * std::exp(-1), 60);
  EXPECT_TRUE(std::isnan(few.bca().lower));
  EXPECT_EQ(poisson_bootstrap(common, share_of_first, Random(1)).bca(), (Interval{1, 1}));
}

// 250 samples of 200 normal variates as single rows: the 95 % interval of the standard deviation.
TEST(Bootstrap, bca_covers_a_skewed_statistic) {
  Random random(9);
  int covered = 0;
  for (int run = 0; run < 250; ++run) {
    std::vector<double> x(200);
    for (auto& v : x) v = random.normal();
    const std::vector<int64_t> rows(x.size(), 1);
    const auto deviation = [&](std::span<const double> w) {
      double n = 0, sum = 0, squares = 0;
      for (size_t i = 0; i < x.size(); ++i) { n += w[i]; sum += w[i] * x[i]; squares += w[i] * x[i] * x[i]; }
      return std::sqrt((squares - sum * sum / n) / (n - 1));
    };
    const Interval interval = poisson_bootstrap(rows, deviation, random.split(static_cast<uint64_t>(run)), 399).bca();
    covered += interval.lower <= 1 && 1 <= interval.upper;
  }
  EXPECT_GE(covered / 250.0, .92);
  EXPECT_LE(covered / 250.0, .98);
}

}  // namespace
}  // namespace leeway::stats
