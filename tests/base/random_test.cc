#include "base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace leeway {
namespace {

// First outputs of xoshiro256++ seeded by splitmix64(42), computed by an independent Python implementation of the
// published algorithms.
TEST(Random, FollowsThePublishedGenerator) {
  Random random(42);
  EXPECT_EQ(random.next(), 15021278609987233951ull);
  EXPECT_EQ(random.next(), 5881210131331364753ull);
  EXPECT_EQ(random.next(), 18149643915985481100ull);
}

TEST(Random, MomentsAreThoseOfTheLaw) {
  Random random(7);
  constexpr int n = 200'000;
  double sum = 0, squares = 0, counts = 0, exponentials = 0;
  for (int i = 0; i < n; ++i) {
    const double z = random.normal();
    sum += z;
    squares += z * z;
    counts += static_cast<double>(random.poisson(100));
    exponentials += random.exponential();
  }
  // Four standard errors.
  EXPECT_NEAR(sum / n, 0, 4 / std::sqrt(n));
  EXPECT_NEAR(squares / n, 1, 4 * std::sqrt(2.0 / n));
  EXPECT_NEAR(counts / n, 100, 4 * 10 / std::sqrt(n));
  EXPECT_NEAR(exponentials / n, 1, 4 / std::sqrt(n));
}

TEST(Random, BelowIsUnbiased) {
  Random random(3);
  std::vector<int> hits(7);
  for (int i = 0; i < 70'000; ++i) ++hits[random.below(7)];
  double chi_square = 0;
  for (const int h : hits) chi_square += (h - 10'000.0) * (h - 10'000.0) / 10'000.0;
  EXPECT_LT(chi_square, 22.46);   // 99.9 % point of chi-square with 6 degrees of freedom
}

// Pearson's chi-square against the law itself; its 1e-6 upper quantile is below 2 df + 40 for these numbers of cells.
TEST(Random, PoissonFollowsItsLaw) {
  Random random(11);
  for (const double mean : {0.3, 12.0, 30.5, 77.0, 1000.0}) {
    constexpr int n = 400'000;
    std::vector<int> hits(2000);
    for (int i = 0; i < n; ++i) ++hits[random.poisson(mean)];
    double chi_square = 0, cells = 0;
    for (size_t k = 0; k < hits.size(); ++k) {
      const auto x = static_cast<double>(k);
      const double expected = n * std::exp(x * std::log(mean) - mean - std::lgamma(x + 1));
      if (expected < 5) continue;
      chi_square += (hits[k] - expected) * (hits[k] - expected) / expected;
      cells += 1;
    }
    EXPECT_LT(chi_square, 2 * cells + 40) << mean;
  }
}

TEST(Random, PoissonOfALargeMean) {
  Random random(12);
  constexpr int n = 20'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    const double z = (static_cast<double>(random.poisson(1e12)) - 1e12) / 1e6;
    sum += z;
    squares += z * z;
  }
  EXPECT_NEAR(sum / n, 0, 4 / std::sqrt(n));
  EXPECT_NEAR(squares / n, 1, 4 * std::sqrt(2.0 / n));
}

TEST(Random, SplitsDoNotDependOnWhatWasDrawn) {
  Random a(5), b(5);
  a.next();
  EXPECT_EQ(a.split(1).next(), b.split(1).next());
  EXPECT_NE(a.split(1).next(), a.split(2).next());
}

}  // namespace
}  // namespace leeway
