#include "stats/hypergeometric.h"

namespace leeway::stats {
namespace {

double log_choose(int n, int k) { return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1); }

TEST(Hypergeometric, DrawsFollowTheLaw) {
  Random random(11);
  for (const auto& [marked, unmarked, drawn] : {std::tuple{5, 7, 4},
                                                {1, 1, 1},
                                                {10, 3, 8},
                                                {30, 30, 20},
                                                {2, 50, 25},
                                                {1200, 1300, 1000},
                                                {2000, 700, 1900},
                                                {800, 2200, 2500}}) {
    const int draws = 200'000;
    std::map<int64_t, int> seen;
    for (int i = 0; i < draws; ++i) ++seen[draw_hypergeometric(random, marked, unmarked, drawn)];
    // Pearson's chi-square over the values expected at least 5 times; 1e-6 upper quantiles of chi2 are below 3·df + 40.
    double chi2 = 0;
    int cells = 0;
    for (int k = std::max(0, drawn - unmarked); k <= std::min(drawn, marked); ++k) {
      const double expected = draws * std::exp(log_choose(marked, k) + log_choose(unmarked, drawn - k) -
                                               log_choose(marked + unmarked, drawn));
      if (expected < 5) continue;
      chi2 += (seen[k] - expected) * (seen[k] - expected) / expected;
      ++cells;
    }
    EXPECT_LT(chi2, 3 * cells + 40) << marked << ' ' << unmarked << ' ' << drawn;
  }
}

TEST(Hypergeometric, LargePopulationsHaveTheRightMoments) {
  Random random(12);
  const int64_t marked = 300'000, unmarked = 700'000, drawn = 50'000;
  const int draws = 20'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < draws; ++i) {
    const double x = static_cast<double>(draw_hypergeometric(random, marked, unmarked, drawn)) - 15'000;
    sum += x;
    squares += x * x;
  }
  const double variance = 50'000 * .3 * .7 * (950'000.0 / 999'999.0);
  EXPECT_NEAR(sum / draws, 0, 5 * std::sqrt(variance / draws));
  EXPECT_NEAR(squares / draws, variance, 5 * variance * std::sqrt(2.0 / draws));
}

TEST(Hypergeometric, ForcedResults) {
  Random random(13);
  EXPECT_EQ(draw_hypergeometric(random, 0, 10, 4), 0);
  EXPECT_EQ(draw_hypergeometric(random, 10, 0, 4), 4);
  EXPECT_EQ(draw_hypergeometric(random, 10, 5, 15), 10);
  EXPECT_EQ(draw_hypergeometric(random, 10, 5, 0), 0);
  EXPECT_EQ(draw_hypergeometric(random, 0, 0, 0), 0);
}

RC_GTEST_PROP(Hypergeometric, MarksFillTheCellsAndKeepTheTotal, ()) {
  const auto sizes = *rc::gen::container<std::vector<int64_t>>(rc::gen::inRange<int64_t>(0, 40));
  const int64_t rows = std::accumulate(sizes.begin(), sizes.end(), int64_t{0});
  const int64_t marked = *rc::gen::inRange<int64_t>(0, rows + 1);
  Random random(*rc::gen::arbitrary<uint64_t>());
  std::vector<int64_t> counts(sizes.size());
  draw_marks(random, sizes, marked, counts);
  RC_ASSERT(std::accumulate(counts.begin(), counts.end(), int64_t{0}) == marked);
  for (size_t i = 0; i < sizes.size(); ++i) RC_ASSERT(counts[i] >= 0 && counts[i] <= sizes[i]);
}

}  // namespace
}  // namespace leeway::stats
