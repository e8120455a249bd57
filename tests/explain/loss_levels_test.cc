#include "explain/loss_levels.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.h"

namespace leeway::explain {
namespace {

/// Sum of squares of the rows' weights, and of the losses themselves, about the centre.
struct Spread {
  double kept = 0, all = 0;
};
Spread spread(std::span<const double> loss, double centre) {
  const auto arranged = arrange_by_loss(loss, centre);
  Spread result;
  for (size_t row = 0; row < loss.size(); ++row) {
    const auto level = std::ranges::find_if(
        arranged.levels, [&](const stats::Level& l) { return arranged.slot[row] < l.end_word * 64; });
    result.kept += level->weight * level->weight;
    result.all += (loss[row] - centre) * (loss[row] - centre);
  }
  return result;
}

TEST(LossLevels, ZeroOneLossesKeepTheirValues) {
  const double loss[] = {0, 1, 0, 1, std::numeric_limits<double>::quiet_NaN()};
  const auto arranged = arrange_by_loss(loss, 0.25);
  ASSERT_EQ(arranged.levels.size(), 2u);
  EXPECT_EQ(arranged.levels[0].weight, -0.25);
  EXPECT_EQ(arranged.levels[1].weight, 0.75);
  EXPECT_EQ(arranged.slot, (std::vector<uint32_t>{0, 512, 1, 513, LossLevels::left_out}));
  EXPECT_EQ(arranged.slots, 1024u);
}

TEST(LossLevels, NoRowsNoLevels) {
  EXPECT_TRUE(arrange_by_loss({}, 0).levels.empty());
  const double unknown[] = {std::numeric_limits<double>::infinity()};
  EXPECT_TRUE(arrange_by_loss(unknown, 0).levels.empty());
}

TEST(LossLevels, ManyLossesLoseLessThanOnePercentOfTheVariance) {
  Random random(5);
  std::vector<double> normal, exponential, lognormal;
  for (int i = 0; i < 50'000; ++i) {
    normal.push_back(random.normal());
    exponential.push_back(random.exponential());
    lognormal.push_back(std::exp(1.5 * random.normal()));
  }
  for (const auto* losses : {&normal, &exponential, &lognormal}) {
    double centre = 0;
    for (const double x : *losses) centre += x / static_cast<double>(losses->size());
    const auto [kept, all] = spread(*losses, centre);
    EXPECT_GT(kept, 0.99 * all);
    EXPECT_LT(kept, all);
  }
}

}  // namespace
}  // namespace leeway::explain
