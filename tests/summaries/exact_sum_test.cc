#include "summaries/exact_sum.h"

#include "base/random.h"
#include "examples.h"
#include "summaries/moments.h"

namespace leeway {
namespace {

double any_double(Random& random) {
  for (;;)
    if (const double x = std::bit_cast<double>(random.next()); std::isfinite(x)) return x;
}

TEST(ExactSum, RoundsOnceWhateverTheOrder) {
  for (uint64_t trial = 0; trial < 2000; ++trial) {
    Random random(trial);
    // Terms over the whole range of doubles, then all but one taken away again: what is left is exact.
    const double kept = trial % 3 == 0 ? random.normal() : any_double(random);
    std::vector<double> terms = {kept};
    for (int i = 0; i < 20; ++i) {
      const double x = any_double(random);
      terms.push_back(x);
      terms.push_back(-x);
    }
    std::vector<uint32_t> order(terms.size());
    std::iota(order.begin(), order.end(), 0u);
    random.shuffle(order);
    ExactSum sum;
    for (const uint32_t i : order) sum.add(terms[i]);
    ASSERT_EQ(sum.value(), kept) << trial;
  }
}

TEST(ExactSum, TiesToEvenAndSticky) {
  const auto sum = [](std::initializer_list<double> terms) {
    ExactSum s;
    for (const double x : terms) s.add(x);
    return s.value();
  };
  EXPECT_EQ(sum({1, 0x1p-53}), 1);                       // half a unit: to even
  EXPECT_EQ(sum({1, 0x1p-53, 5e-324}), 1 + 0x1p-52);     // and a trace more: up
  EXPECT_EQ(sum({1 + 0x1p-52, 0x1p-53}), 1 + 0x1p-51);
  EXPECT_EQ(sum({-1, -0x1p-53, -5e-324}), -1 - 0x1p-52);
  EXPECT_EQ(sum({1e308, 1e308, -1e308}), 1e308);         // no overflow on the way
  EXPECT_EQ(sum({1e308, 1e308}), std::numeric_limits<double>::infinity());
  EXPECT_EQ(sum({-1e308, -1e308}), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(sum({5e-324, 5e-324, -5e-324}), 5e-324);
  EXPECT_EQ(sum({-0.0}), 0);
}

TEST(ExactSum, AgreesWithIntegersOfAllSigns) {
  Random random(4);
  ExactSum sum;
  Int128 truth = 0;
  for (int i = 0; i < 100'000; ++i) {
    const auto mantissa = static_cast<int64_t>(random.next());
    const int exponent = static_cast<int>(random.below(40));
    sum.add(mantissa, exponent);
    truth += Int128{mantissa} << exponent;
  }
  EXPECT_EQ(sum.value(), static_cast<double>(truth));
  EXPECT_EQ(sum.value(-200), std::ldexp(static_cast<double>(truth), -200));
}

// Against long double on well-behaved data, and the two ways of the code (vectorised blocks, single rows) against each
// other by way of the split law in laws_test.cc.
TEST(Moments, MeanAndVarianceToTheLastDigits) {
  for (uint64_t trial = 0; trial < 60; ++trial) {
    Random random(trial);
    const double offsets[] = {0, 1e9, -1e-12}, scales[] = {1, 1e-3, 1e-14, 1e150};
    const double offset = offsets[trial % 3], scale = scales[trial % 4];
    std::vector<double> values;
    for (uint64_t left = 2 + random.below(9000); left > 0; --left) values.push_back(offset + scale * random.normal());
    long double sum = 0, squares = 0;
    for (const double x : values) sum += x - offset;   // an exact difference
    const long double centred = sum / static_cast<long double>(values.size()), mean = offset + centred;
    for (const double x : values) squares += (x - offset - centred) * (x - offset - centred);
    const auto variance = static_cast<double>(squares / static_cast<long double>(values.size() - 1));
    for (const double centre : {offset, offset + 3 * scale}) {
      Moments moments(centre, std::ldexp(1, std::ilogb(scale)));
      moments.update(values);
      ASSERT_NEAR(moments.mean(), static_cast<double>(mean), 1e-15 * std::fabs(static_cast<double>(mean)) + 1e-15 * scale) << trial;
      ASSERT_NEAR(moments.variance(), variance, 1e-12 * variance) << trial;
      ASSERT_EQ(moments.min(), *std::min_element(values.begin(), values.end()));
      ASSERT_EQ(moments.max(), *std::max_element(values.begin(), values.end()));
    }
  }
}

// Rows far from the centre, or all rows when the unit leaves no room for quanta, are added another way than the rest,
// and whole blocks another way than single rows: never with another result.
TEST(Moments, BlocksAndFarRowsChangeNoBit) {
  struct Case {
    double centre, unit, decades;
  };
  for (const auto& [centre, unit, decades] : {Case{0, 1, 0}, {1, 1, 4}, {-1e300, 1, 300}, {1e-3, 0x1p-40, 300},
                                              {0, 0x1p490, 307}, {3e-310, 0x1p-1020, 307}}) {
    Random random(static_cast<uint64_t>(decades));
    std::vector<double> values(5000);
    for (double& x : values) x = random.normal() * std::pow(10, decades * (2 * random.uniform() - 1));
    Moments whole(centre, unit), single(centre, unit);
    whole.update(values);
    for (const double& x : values) single.update({&x, 1});
    EXPECT_EQ(whole, single) << "centre " << centre << " unit " << unit;
  }
}

TEST(Moments, ExtremesNeitherOverflowNorVanish) {
  Moments moments(0, 1);
  moments.update(std::vector<double>{1e308, 1e308, -1e308, 1});
  EXPECT_EQ(moments.mean(), 2.5e307);
  EXPECT_EQ(moments.variance(), std::numeric_limits<double>::infinity());
  Moments outlier(0, 1);   // one sentinel among small numbers: both are there
  outlier.update(std::vector<double>{1e12, 1, 2, 3, -1e12});
  EXPECT_EQ(outlier.mean(), 6.0 / 5);
  Moments empty;
  EXPECT_TRUE(std::isnan(empty.mean()));
  EXPECT_TRUE(std::isnan(empty.variance()));
  Moments one;
  one.update(std::vector<double>{-0.0});
  EXPECT_FALSE(std::signbit(one.min()));
  EXPECT_TRUE(std::isnan(one.variance()));
}

}  // namespace
}  // namespace leeway
