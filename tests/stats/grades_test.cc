#include "stats/grades.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace leeway::stats {
namespace {

const std::vector<Grade> grades{{1000, 3, .002}, {800, 8, .008}, {500, 12, .02}, {200, 11, .05}, {50, 6, .15}};

// R 4.2.2 (pbinom, pbeta, pchisq, pnorm).
TEST(Grades, equal_r) {
  const double jeffreys[] = {.220107144, .2499477948, .251574306, .3564934273, .7130377114};
  const double binomial[] = {.3233234934, .3123280307, .3020652753, .4169328179, .7806466646};
  for (size_t i = 0; i < grades.size(); ++i) {
    EXPECT_NEAR(test_grade(grades[i]).jeffreys, jeffreys[i], 1e-9) << i;
    EXPECT_NEAR(test_grade(grades[i]).binomial, binomial[i], 1e-9) << i;
  }
  EXPECT_NEAR(test_grade({1000, 15, .01}).binomial, .0824123195161, 1e-12);
  EXPECT_NEAR(test_grade({1000, 15, .01}).jeffreys, .0632284289295, 1e-12);
  const ChiSquareTest hl = hosmer_lemeshow(grades);
  EXPECT_NEAR(hl.statistic, 1.77059541013, 1e-11);
  EXPECT_EQ(hl.df, 5);   // the pds are given, not fitted
  EXPECT_NEAR(hl.p.p, .879888651201, 1e-11);
  EXPECT_NEAR(test_portfolio(grades).z, .702939549417, 1e-11);
  EXPECT_NEAR(test_portfolio(grades).p.p, .241046711387, 1e-11);
}

// scipy 1.17.1: binom.sf mixed over the common factor by quad, in 192 pieces.
TEST(Grades, correlated_defaults_equal_scipy) {
  EXPECT_NEAR(vasicek_tail({1000, 15, .01}, .12), 0.218226010512668, 1e-9);
  EXPECT_NEAR(vasicek_tail({1000, 15, .01}, .05), 0.20704684004623347, 1e-9);
  EXPECT_NEAR(vasicek_tail({1000, 3, .002}, .12), 0.2591082184711282, 1e-9);
  EXPECT_NEAR(vasicek_tail({50, 6, .15}, .15), 0.5767507475775294, 1e-9);
  EXPECT_NEAR(vasicek_tail({100000, 5000, .03}, .05), 0.10735709771417422, 1e-9);
  EXPECT_EQ(vasicek_tail({1000, 15, .01}, 0), test_grade({1000, 15, .01}).binomial);
  EXPECT_NEAR(vasicek_tail({50, 0, .15}, .15), 1, 1e-12);
  EXPECT_TRUE(std::isnan(vasicek_tail({0, 0, .1}, .1)));
}

// The score statistic of a logistic regression on the grade's number: statsmodels 0.15.0 GLM.score_test.
TEST(Grades, rank_order_by_cochran_and_armitage) {
  const RankOrder order = test_rank_order(grades);
  EXPECT_NEAR(order.z, 7.40069928778903, 1e-9);
  EXPECT_NEAR(order.p.p / 1.354691951153198e-13, 1, 1e-8);
  EXPECT_EQ(order.inversions, 0);
  const std::vector<Grade> shuffled{{100, 5, .1}, {0, 0, .2}, {100, 3, .2}, {100, 9, .3}, {100, 8, .4}};
  EXPECT_EQ(test_rank_order(shuffled).inversions, 2);
}

TEST(Grades, degenerate_grades_are_defined) {
  EXPECT_TRUE(std::isnan(test_grade({0, 0, .1}).binomial));
  EXPECT_EQ(test_grade({10, 0, .1}).binomial, 1);
  EXPECT_EQ(test_grade({10, 1, 0}).binomial, 0);
  EXPECT_EQ(hosmer_lemeshow(std::vector<Grade>{{10, 1, 0}}).p.p, 0);
  EXPECT_EQ(hosmer_lemeshow(std::vector<Grade>{{10, 0, 0}, {10, 1, .1}}).df, 1);
  EXPECT_TRUE(std::isnan(hosmer_lemeshow({}).p.p));
  EXPECT_TRUE(std::isnan(test_rank_order({}).z));
  EXPECT_TRUE(std::isnan(test_rank_order(std::vector<Grade>{{10, 0, .1}, {10, 0, .2}}).z));
}

}  // namespace
}  // namespace leeway::stats
