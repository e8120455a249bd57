#include "base/portable_math.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "base/hash.h"
#include "base/random.h"

namespace leeway::portable {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Distance from the exact value in units of the last place of a double.
double ulps(double value, long double exact) {
  const double rounded = static_cast<double>(exact);
  const double unit = std::nextafter(std::fabs(rounded), infinity) - std::fabs(rounded);
  return static_cast<double>(std::fabs((static_cast<long double>(value) - exact) / unit));
}

TEST(PortableMath, ExpWithinTwoUlps) {
  Random random(1);
  for (int i = 0; i < 200'000; ++i) {
    const double x = (random.uniform() - 0.5) * (i % 2 ? 1400 : 4);
    ASSERT_LT(ulps(exp(x), std::exp(static_cast<long double>(x))), 2) << x;
  }
  EXPECT_EQ(exp(0), 1);
  EXPECT_EQ(exp(-infinity), 0);
  EXPECT_EQ(exp(infinity), infinity);
  EXPECT_EQ(exp(709.8), infinity);
  EXPECT_GT(exp(-745.1), 0);
  EXPECT_EQ(exp(-746), 0);
  EXPECT_TRUE(std::isnan(exp(std::nan(""))));
}

TEST(PortableMath, LogWithinTwoUlps) {
  Random random(2);
  for (int i = 0; i < 200'000; ++i) {
    const double x = i % 2 ? std::bit_cast<double>(random.next() >> 1) : 0.5 + 1.5 * random.uniform();
    if (!std::isfinite(x) || x == 0) continue;
    ASSERT_LT(ulps(log(x), std::log(static_cast<long double>(x))), 2) << x;
  }
  EXPECT_EQ(log(1), 0);
  EXPECT_EQ(log(0), -infinity);
  EXPECT_EQ(log(infinity), infinity);
  EXPECT_TRUE(std::isnan(log(-1)));
  EXPECT_TRUE(std::isnan(log(std::nan(""))));
  EXPECT_DOUBLE_EQ(log(5e-324), std::log(5e-324));
}

TEST(PortableMath, CosineOfTurns) {
  Random random(3);
  for (int i = 0; i < 100'000; ++i) {
    const double t = (random.uniform() - 0.5) * 40;
    const long double exact = std::cos(6.283185307179586476925286766559L * t);
    ASSERT_NEAR(cos_turns(t), static_cast<double>(exact), 3e-16) << t;
  }
  EXPECT_EQ(cos_turns(0), 1);
  EXPECT_EQ(cos_turns(0.25), 0);
  EXPECT_EQ(cos_turns(-0.5), -1);
  EXPECT_EQ(cos_turns(1e9), 1);
  EXPECT_TRUE(std::isnan(cos_turns(infinity)));
}

TEST(PortableMath, PowerAndLogistic) {
  EXPECT_NEAR(pow(2, 0.5), std::sqrt(2.0), 1e-15);
  EXPECT_NEAR(pow(10, -3), 1e-3, 1e-17);
  EXPECT_EQ(logistic(0), 0.5);
  EXPECT_EQ(logistic(-800), 0);
  EXPECT_EQ(logistic(800), 1);
  EXPECT_NEAR(logistic(1.7) + logistic(-1.7), 1, 1e-16);
}

/// The promise itself: these bits, wherever this runs.
TEST(PortableMath, SameBitsEverywhere) {
  Random random(4);
  uint64_t hash = 0;
  const auto mix = [&](double value) { hash = combine64(hash, std::bit_cast<uint64_t>(value)); };
  for (int i = 0; i < 10'000; ++i) {
    mix(exp(20 * random.uniform() - 10));
    mix(log(random.uniform()));
    mix(cos_turns(random.uniform()));
    mix(random.normal());
    mix(random.exponential());
    mix(static_cast<double>(random.poisson(8)));
  }
  EXPECT_EQ(hash, 9709776828235508717u);
}

}  // namespace
}  // namespace leeway::portable
