#include "stats/expected_auc.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "stats/auc.h"

namespace leeway::stats {
namespace {

RC_GTEST_PROP(ExpectedAuc, equals_the_double_sum, ()) {
  const int n = *rc::gen::inRange(2, 25);
  std::vector<ScoredChance> rows;
  for (int i = 0; i < n; ++i) rows.push_back({*rc::gen::inRange(0, 8) / 8.0, 1, *rc::gen::inRange(1, 20) / 20.0});
  std::ranges::sort(rows, {}, &ScoredChance::score);
  double wins = 0, pairs = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      if (i == j) continue;
      const auto& a = rows[static_cast<size_t>(i)];
      const auto& b = rows[static_cast<size_t>(j)];
      const double weight = a.p * (1 - b.p);
      pairs += weight;
      wins += weight * (a.score > b.score ? 1 : a.score == b.score ? .5 : 0);
    }
  RC_ASSERT(std::fabs(expected_auc(rows).value - wins / pairs) < 1e-12);
}

TEST(ExpectedAuc, counted_rows_equal_repeated_rows) {
  const std::vector<ScoredChance> counted{{.2, 3, .1}, {.5, 2, .6}, {.5, 1, .3}, {.9, 4, .8}};
  std::vector<ScoredChance> repeated;
  for (const auto& entry : counted)
    for (int i = 0; i < entry.count; ++i) repeated.push_back({entry.score, 1, entry.p});
  EXPECT_NEAR(expected_auc(counted).value, expected_auc(repeated).value, 1e-14);
  EXPECT_NEAR(expected_auc(counted).variance, expected_auc(repeated).variance, 1e-14);
}

TEST(ExpectedAuc, is_undefined_when_one_class_is_certain) {
  EXPECT_TRUE(std::isnan(expected_auc({}).value));
  EXPECT_TRUE(std::isnan(expected_auc(std::vector<ScoredChance>{{.1, 5, 0}}).value));
  EXPECT_TRUE(std::isnan(expected_auc(std::vector<ScoredChance>{{.1, 1, .5}}).value));
  EXPECT_EQ(expected_auc(std::vector<ScoredChance>{{.1, 5, 0}, {.2, 5, 1}}).value, 1);
}

// 2000 draws of the labels of 500 rows: the realised AUC scatters as the Hájek variance says (within 5 %).
TEST(ExpectedAuc, the_variance_is_that_of_the_realised_auc) {
  Random random(17);
  std::vector<ScoredChance> rows;
  std::vector<double> scores;
  for (int i = 0; i < 500; ++i) rows.push_back({std::round(100 * random.uniform()) / 100, 1, 0});
  std::ranges::sort(rows, {}, &ScoredChance::score);
  for (auto& row : rows) {
    row.p = .1 + .7 * row.score;
    scores.push_back(row.score);
  }
  const ExpectedAuc expected = expected_auc(rows);
  double sum = 0, squares = 0;
  std::vector<uint8_t> labels(rows.size());
  for (int draw = 0; draw < 2000; ++draw) {
    for (size_t i = 0; i < rows.size(); ++i) labels[i] = random.chance(rows[i].p);
    const double realised = auc(scores, labels).value();
    sum += realised;
    squares += realised * realised;
  }
  const double mean = sum / 2000, sd = std::sqrt(squares / 2000 - mean * mean);
  EXPECT_NEAR(mean, expected.value, 4 * sd / std::sqrt(2000.0));
  EXPECT_NEAR(std::sqrt(expected.variance), sd, .05 * sd);
}

}  // namespace
}  // namespace leeway::stats
