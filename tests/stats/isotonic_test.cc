#include "stats/isotonic.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace leeway::stats {
namespace {

// scikit-learn 1.9.1 IsotonicRegression(out_of_bounds="clip").
TEST(Isotonic, equals_scikit_learn) {
  const std::vector<IsotonicCell> cells{{.05, 1, 0}, {.1, 2, 1},  {.2, 1, 0}, {.3, 1, 0}, {.35, 1, 1}, {.4, 1, 0},
                                        {.5, 1, 1},  {.55, 1, 0}, {.6, 1, 1}, {.7, 1, 1}, {.8, 1, 0},  {.9, 1, 1},
                                        {.95, 1, 1}};
  const auto map = IsotonicMap::fit(cells);
  const double x[] = {0, .05, .07, .1, .15, .25, .33, .45, .52, .58, .75, .85, .92, 1};
  const double y[] = {0, 0, .1, .25, .25, .25, .4, .5, .5, .6, 2.0 / 3, 5.0 / 6, 1, 1};
  for (size_t i = 0; i < std::size(x); ++i) EXPECT_NEAR(map(x[i]), y[i], 1e-12) << x[i];
}

RC_GTEST_PROP(Isotonic, is_monotone_and_keeps_the_total, ()) {
  std::vector<IsotonicCell> cells;
  double events = 0;
  const int n = *rc::gen::inRange(1, 50);
  for (int i = 0; i < n; ++i) {
    const int weight = *rc::gen::inRange(0, 5), hits = *rc::gen::inRange(0, weight + 1);
    cells.push_back({i * .1, static_cast<double>(weight), static_cast<double>(hits)});
    events += hits;
  }
  const auto map = IsotonicMap::fit(cells);
  double fitted = 0, last = 0;
  for (const auto& cell : cells) {
    if (map.empty()) break;
    fitted += cell.weight * map(cell.x);
    RC_ASSERT(map(cell.x) >= last);
    last = map(cell.x);
  }
  RC_ASSERT(std::fabs(fitted - events) < 1e-9);
}

TEST(Isotonic, without_weight_there_is_no_map) {
  EXPECT_TRUE(IsotonicMap::fit({}).empty());
  EXPECT_TRUE(std::isnan(IsotonicMap::fit({})(.5)));
}

}  // namespace
}  // namespace leeway::stats
