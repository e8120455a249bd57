#include "stats/multiple_testing.h"

#include "expect_relative.h"

namespace leeway::stats {
namespace {

void expect_all(const std::vector<double>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) EXPECT_RELATIVE(actual[i], expected[i], 1e-12) << i;
}

// statsmodels 0.15 multipletests, methods fdr_bh, fdr_by, holm.
TEST(MultipleTesting, equals_statsmodels) {
  const std::vector<double> p = {0.01, 0.8, 0.04, 0.03, 0.005, 0.04, 1.0};
  expect_all(benjamini_hochberg(p), {0.035, 0.9333333333333335, 0.056, 0.056, 0.035, 0.056, 1.0});
  expect_all(benjamini_yekutieli(p),
             {0.09075, 1.0, 0.14519999999999997, 0.14519999999999997, 0.09075, 0.14519999999999997, 1.0});
  expect_all(holm(p), {0.06, 1.0, 0.16, 0.15, 0.035, 0.16, 1.0});
}

TEST(MultipleTesting, what_is_no_test_does_not_count) {
  expect_all(benjamini_hochberg(std::vector<double>{0.02, NAN, 0.5}), {0.04, NAN, 0.5});
  expect_all(holm(std::vector<double>{0.02, NAN, 0.5}), {0.04, NAN, 0.5});
  EXPECT_TRUE(benjamini_hochberg({}).empty());
}

}  // namespace
}  // namespace leeway::stats
