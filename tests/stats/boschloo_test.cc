#include "stats/boschloo.h"

#include <cmath>

#include <gtest/gtest.h>

#include "stats/proportions.h"

namespace leeway::stats {
namespace {

// scipy 1.17.1 boschloo_exact with n=256, samples as columns. Its search ends near the maximum: to 1e-6.
TEST(Boschloo, equals_scipy) {
  struct Case {
    int64_t x1, n1, x2, n2;
    double less, greater, two_sided;
  };
  for (const Case& c : {Case{45, 1000, 30, 1000, 0.9684108067306739, 0.046753872926058815, 0.09350774585211763},
                        {7, 12, 8, 50, 0.9979457794366604, 0.0026018968039703003, 0.005203793607940601},
                        {0, 10, 3, 10, 0.05788803100585946, 1, 0.11577606201171892},
                        {5, 9, 1, 14, 0.9948319516205344, 0.00975754852089819, 0.01951509704179638}}) {
    const BoschlooTest test = boschloo(c.x1, c.n1, c.x2, c.n2);
    EXPECT_NEAR(test.less, c.less, 1e-6 * c.less) << c.x1;
    EXPECT_NEAR(test.greater, c.greater, 1e-6 * c.greater) << c.x1;
    EXPECT_NEAR(test.two_sided, c.two_sided, 1e-6 * c.two_sided) << c.x1;
  }
}

// The definition: the size of a test at level α is at most α whatever the common proportion, and the p-value is never
// above Fisher's.
TEST(Boschloo, keeps_its_level_and_is_never_above_fisher) {
  constexpr int64_t n1 = 8, n2 = 11;
  for (const double share : {.05, .2, .5, .7}) {
    double rejected = 0;
    for (int64_t a = 0; a <= n1; ++a)
      for (int64_t b = 0; b <= n2; ++b) {
        const double greater = boschloo(a, n1, b, n2).greater;
        const double mass = (binomial_upper_tail(a, n1, share) - binomial_upper_tail(a + 1, n1, share)) *
                            (binomial_upper_tail(b, n2, share) - binomial_upper_tail(b + 1, n2, share));
        if (greater <= .05) rejected += mass;
      }
    EXPECT_LE(rejected, .05 + 1e-9) << share;
  }
}

TEST(Boschloo, what_it_does_not_compute_is_nan) {
  EXPECT_TRUE(std::isnan(boschloo(0, 0, 1, 5).two_sided));
  EXPECT_TRUE(std::isnan(boschloo(3, 15'000, 1, 15'000).two_sided));
  EXPECT_NEAR(boschloo(0, 5, 0, 5).two_sided, 1, 1e-12);
}

}  // namespace
}  // namespace leeway::stats
