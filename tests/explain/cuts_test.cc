#include "explain/cuts.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"

namespace leeway::explain {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(Cuts, TheRoundestNumberIsTheOneAPersonWouldChoose) {
  EXPECT_EQ(roundest(23.41870, 23.6), 23.5);
  EXPECT_EQ(roundest(1234, 1260), 1250);
  EXPECT_EQ(roundest(19'876, 20'123), 20'000);
  EXPECT_EQ(roundest(-0.2, 0.1), 0);
  EXPECT_EQ(roundest(-17.3, -16.9), -17);
  EXPECT_EQ(roundest(0.1199, 0.1251), 0.12);
  EXPECT_EQ(roundest(2, 3), 3);
  EXPECT_EQ(roundest(0, 7e-320), 7e-320);
  EXPECT_EQ(roundest(9e307, 1.7e308), 1e308);
}

RC_GTEST_PROP(Cuts, TheRoundestNumberLiesInItsInterval, (double a, double b)) {
  RC_PRE(std::isfinite(a) && std::isfinite(b) && a != b);
  const double low = std::min(a, b), high = std::max(a, b), cut = roundest(low, high);
  RC_ASSERT(cut > low);
  RC_ASSERT(cut <= high);
}

/// Every bin of continuous values holds its tenth, give or take the two ends' twentieth of a bin each.
TEST(Cuts, BinsOfContinuousValuesAreEven) {
  Random random(1);
  std::vector<double> values(10'000);
  for (double& x : values) x = std::exp(3 + 2 * random.normal());
  const auto cuts = readable_cuts(values, 10);
  ASSERT_EQ(cuts.size(), 9u);
  const CutSearch search(cuts);
  std::vector<int> rows(10);
  for (const double x : values) ++rows[search(x)];
  for (const int count : rows) EXPECT_NEAR(count, 1000, 100 + 1);
}

TEST(Cuts, AHeavyValueGetsACutAtItsEnd) {
  Random random(2);
  std::vector<double> values;
  for (int i = 0; i < 600; ++i) values.push_back(0);
  for (int i = 0; i < 400; ++i) values.push_back(1 + std::floor(100 * random.uniform()));
  const auto cuts = readable_cuts(values, 10);
  ASSERT_FALSE(cuts.empty());
  EXPECT_EQ(cuts.front(), 1);  // nothing but the zeros lies below it
  EXPECT_LE(cuts.size(), 9u);
}

TEST(Cuts, FewValuesHaveABinEach) {
  EXPECT_EQ(readable_cuts({3, 1, 2, 2, 1, 3, 3}, 10), (std::vector<double>{2, 3}));
  EXPECT_TRUE(readable_cuts({5, 5, 5}, 10).empty());
  EXPECT_TRUE(readable_cuts({}, 10).empty());
}

RC_GTEST_PROP(Cuts, SearchCountsTheCutsAtOrBelow, (std::vector<int8_t> raw, std::vector<int8_t> points)) {
  std::vector<double> cuts(raw.begin(), raw.end());
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  const CutSearch search(cuts);
  for (const double x : points)
    RC_ASSERT(search(x) == static_cast<size_t>(std::upper_bound(cuts.begin(), cuts.end(), x) - cuts.begin()));
  RC_ASSERT(search(infinity) == cuts.size());
  RC_ASSERT(search(-infinity) == 0u);
  RC_ASSERT(search(std::nan("")) == 0u);
}

RC_GTEST_PROP(Cuts, OrderStatisticsAreThoseOfASort, (std::vector<int8_t> raw, std::vector<uint8_t> picks)) {
  RC_PRE(!raw.empty());
  std::vector<double> values(raw.begin(), raw.end());
  std::vector<size_t> ranks;
  for (const uint8_t pick : picks) ranks.push_back(pick % values.size());
  std::sort(ranks.begin(), ranks.end());
  const auto found = order_statistics(values, ranks);
  std::sort(values.begin(), values.end());
  for (size_t i = 0; i < ranks.size(); ++i) RC_ASSERT(found[i] == values[ranks[i]]);
}

}  // namespace
}  // namespace leeway::explain
