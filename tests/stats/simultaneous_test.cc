#include "stats/simultaneous.h"

namespace leeway::stats {
namespace {

double critical(std::vector<std::vector<double>> families, uint64_t seed = 1) {
  return pairwise_critical_value(families, .95, Random(seed));
}

// scipy 1.10.1: studentized_range.ppf(.95, k, inf)/sqrt(2). Drawn values vary by about 0.01 (10,000 draws).
TEST(PairwiseCriticalValue, EqualErrorsGiveTheStudentisedRange) {
  EXPECT_NEAR(critical({{1, 1, 1}}), 2.3437006, .04);
  EXPECT_NEAR(critical({std::vector<double>(5, .2)}), 2.7277743, .04);
  EXPECT_NEAR(critical({std::vector<double>(10, 3)}), 3.1636836, .04);
}

// scipy 1.10.1: norm.ppf(.975), norm.ppf((1 + .95**.5)/2)
TEST(PairwiseCriticalValue, TwoGroupsAreExact) {
  EXPECT_NEAR(critical({{1, 5}}), 1.959963984540054, 1e-12);
  EXPECT_NEAR(critical({{1, 5}, {2, 2}}), 2.2364767, 1e-6);
}

// Hayter 1984 (doi:10.1214/aos/1176346392): with unequal errors the studentised range is conservative.
TEST(PairwiseCriticalValue, UnequalErrorsNeedLess) {
  EXPECT_LT(critical({{1, 1, 10}}), 2.3437006);
  EXPECT_GT(critical({{1, 1, 10}}), 1.96);
}

// scipy 1.10.1: norm.isf(.05/2/5050) for 101 groups.
TEST(PairwiseCriticalValue, VeryManyPairsFallBackOnBonferroni) {
  EXPECT_NEAR(critical({std::vector<double>(101, 1)}), 4.419324469575257, 1e-9);
}

TEST(PairwiseCriticalValue, NothingToCompare) {
  EXPECT_TRUE(std::isnan(critical({})));
  EXPECT_TRUE(std::isnan(critical({{1}})));
  EXPECT_TRUE(std::isnan(critical({{0, 0}})));
}

TEST(PairwiseCriticalValue, OneSeedOneNumber) { EXPECT_EQ(critical({{1, 2, 3}}, 9), critical({{1, 2, 3}}, 9)); }

TEST(CriticalValue, IsAnOrderStatisticOfTheDraws) {
  std::vector<double> maxima(99);
  std::iota(maxima.begin(), maxima.end(), 1.0);
  EXPECT_EQ(critical_value(maxima, .95), 95);  // ceil(.95 * 100)
  EXPECT_EQ(critical_value(maxima, .99), 99);
  EXPECT_EQ(critical_value(maxima, .999), std::numeric_limits<double>::infinity());
}

TEST(AdjustedPValues, CountTheDrawItselfAndTies) {
  const std::vector<double> maxima = {1, 2, 3, 4, 5, 6, 7, 8, 9}, statistics = {0, 5, 9, 10};
  EXPECT_EQ(adjusted_p_values(statistics, maxima), (std::vector<double>{1, .6, .2, .1}));
}

}  // namespace
}  // namespace leeway::stats
