#include "explain/decomposition.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"

namespace leeway::explain {
namespace {

/// A cell of 0/1 losses.
CellSide zero_one(int64_t rows, double mean) {
  return {rows, mean, static_cast<double>(rows) * mean * (1 - mean)};
}

/// The worked example of the statistics page: p=(.5,.3,.2), q=(.4,.3,.3), a=(.05,.2,.5), b=(.05,.25,.6).
TEST(Decomposition, WorkedExample) {
  const LossCell cells[] = {{"low", zero_one(500, .05), zero_one(400, .05)},
                            {"middle", zero_one(300, .2), zero_one(300, .25)},
                            {"high", zero_one(200, .5), zero_one(300, .6)}};
  const auto split = decompose(error_rate, cells).value();
  EXPECT_NEAR(split.total.value, 0.09, 1e-15);
  EXPECT_NEAR(split.mix.value, 0.05, 1e-15);
  EXPECT_NEAR(split.behaviour.value, 0.04, 1e-15);
  // By hand: Var of a mean of 0/1 losses with the divisor n - 1.
  EXPECT_NEAR(split.reference.se, std::sqrt(0.185 * 0.815 / 999), 1e-12);
  // Σ ((p+q)/2)² s²/n over both sides, plus the multinomial part: Var_p((b-a)/2)/m + Var_q((b-a)/2)/n.
  const double within = .45 * .45 * (.05 * .95 / 499 + .05 * .95 / 399) + .3 * .3 * (.2 * .8 / 299 + .25 * .75 / 299) +
                        .25 * .25 * (.5 * .5 / 199 + .6 * .4 / 299);
  const double p_mean = .3 * .025 + .2 * .05, q_mean = .3 * .025 + .3 * .05;
  const double shares = (.3 * .025 * .025 + .2 * .05 * .05 - p_mean * p_mean) / 1000 +
                        (.3 * .025 * .025 + .3 * .05 * .05 - q_mean * q_mean) / 1000;
  EXPECT_NEAR(split.behaviour.se, std::sqrt(within + shares), 1e-12);
  EXPECT_NEAR(split.behaviour.upper - split.behaviour.value, 1.9599639845400542 * split.behaviour.se, 1e-15);
}

RC_GTEST_PROP(Decomposition, PartsGiveTheWhole, (std::vector<std::tuple<uint8_t, uint8_t, int32_t, int32_t>> raw)) {
  std::vector<LossCell> cells;
  int64_t before = 0, now = 0;
  double sum_before = 0, sum_now = 0, scale = 1;
  for (const auto& [m, n, thousands_a, thousands_b] : raw) {
    const double a = thousands_a / 1000.0, b = thousands_b / 1000.0;
    cells.push_back({"", {m, m > 0 ? a : 0, 1}, {n, n > 0 ? b : 0, 1}});
    before += m;
    now += n;
    sum_before += m * a;
    sum_now += n * b;
    scale = std::max({scale, std::fabs(a), std::fabs(b)});
  }
  RC_PRE(before > 0 && now > 0);
  const auto split = decompose(log_loss, cells).value();
  const double total = sum_now / static_cast<double>(now) - sum_before / static_cast<double>(before);
  RC_ASSERT(std::fabs(split.total.value - total) <= 1e-12 * scale);
  RC_ASSERT(std::fabs(split.mix.value + split.behaviour.value - split.total.value) <= 1e-12 * scale);
  double mix = 0, behaviour = 0;
  for (const auto& cell : split.cells) {
    mix += cell.mix;
    behaviour += cell.behaviour;
    RC_ASSERT(std::fabs(cell.mix - (cell.current_share - cell.reference_share) *
                                       (cell.reference_mean + cell.current_mean) / 2) <= 1e-12 * scale);
  }
  RC_ASSERT(std::fabs(mix - split.mix.value) <= 1e-12 * scale);
  RC_ASSERT(std::fabs(behaviour - split.behaviour.value) <= 1e-12 * scale);
}

TEST(Decomposition, ACellOfOneSideIsAllMix) {
  const LossCell cells[] = {{"old", zero_one(100, .1), zero_one(50, .1)}, {"new", {}, zero_one(50, .5)}};
  const auto split = decompose(error_rate, cells).value();
  EXPECT_NEAR(split.total.value, 0.2, 1e-15);
  EXPECT_NEAR(split.mix.value, 0.2, 1e-15);
  EXPECT_EQ(split.behaviour.value, 0);
  EXPECT_EQ(split.cells[1].reference_mean, 0.5);
}

TEST(Decomposition, DegenerateSides) {
  const LossCell one_row[] = {{"", {1, 0.5, 0}, {1, 0.75, 0}}};
  const auto split = decompose(log_loss, one_row).value();
  EXPECT_EQ(split.behaviour.value, 0.25);
  EXPECT_TRUE(std::isnan(split.behaviour.se));
  const LossCell nothing[] = {{"", {}, {1, 0.75, 0}}};
  const auto failed = decompose(log_loss, nothing);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "the reference has no rows with a known loss");
}

/// The standard errors against the spread over 2,000 draws of a small multinomial world, to within 5 % (the Monte Carlo
/// error of a standard deviation is 1.6 %).
TEST(Decomposition, StandardErrorsAreTheSpread) {
  const double p[] = {.5, .3, .2}, q[] = {.3, .3, .4}, a[] = {.1, .3, .5}, b[] = {.1, .4, .6};
  Random random(9);
  const auto draw = [&](const double (&share)[3], const double (&rate)[3], CellSide LossCell::*side,
                        std::vector<LossCell>& cells) {
    int64_t rows[3] = {}, wrong[3] = {};
    for (int i = 0; i < 600; ++i) {
      const double u = random.uniform();
      const int cell = u < share[0] ? 0 : u < share[0] + share[1] ? 1 : 2;
      ++rows[cell];
      wrong[cell] += random.chance(rate[cell]);
    }
    for (int c = 0; c < 3; ++c)
      cells[c].*side = zero_one(rows[c], static_cast<double>(wrong[c]) / static_cast<double>(rows[c]));
  };
  constexpr int draws = 2000;
  double sums[3] = {}, squares[3] = {}, claimed[3] = {};
  for (int i = 0; i < draws; ++i) {
    std::vector<LossCell> cells(3);
    draw(p, a, &LossCell::reference, cells);
    draw(q, b, &LossCell::current, cells);
    const auto split = decompose(error_rate, cells).value();
    const Estimate terms[3] = {split.total, split.mix, split.behaviour};
    for (int t = 0; t < 3; ++t) {
      sums[t] += terms[t].value;
      squares[t] += terms[t].value * terms[t].value;
      claimed[t] += terms[t].se / draws;
    }
  }
  for (int t = 0; t < 3; ++t) {
    const double mean = sums[t] / draws, sd = std::sqrt(squares[t] / draws - mean * mean);
    EXPECT_NEAR(claimed[t] / sd, 1, 0.05) << t;
  }
}

TEST(DecomposeByScore, BehaviourAtTheSameScoreAndMixOfScores) {
  // Error rate = score; the current side has more high scores, and above 0.8 errs 0.1 more.
  Random random(11);
  std::vector<double> score[2], loss[2];
  for (const int side : {0, 1})
    for (int i = 0; i < 20'000; ++i) {
      const double u = random.uniform(), s = side == 0 ? u : std::sqrt(u);
      score[side].push_back(s);
      loss[side].push_back(random.chance(s + (side == 1 && s > 0.8 ? 0.1 : 0)) ? 1 : 0);
    }
  const auto split = decompose_by_score(error_rate, {loss[0], score[0]}, {loss[1], score[1]}).value();
  // Exactly: mix 2/3 - 1/2 at the mean rate (+ half of the new errors' change of share), behaviour at mean shares.
  const double moved = 0.1 * (1 - 0.64), before = 0.1 * 0.2;
  EXPECT_NEAR(split.mix.value, 1.0 / 6 + (moved - before) / 2, 3 * split.mix.se);
  EXPECT_NEAR(split.behaviour.value, (moved + before) / 2, 3 * split.behaviour.se);
  EXPECT_EQ(split.cells.size(), 50u);
  EXPECT_TRUE(split.note.empty());
}

TEST(DecomposeByScore, UnknownLossesAreNotedAndUnknownScoresAreACell) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double loss[] = {0, 1, nan, 1}, score[] = {0.2, nan, 0.1, 0.9};
  const auto split = decompose_by_score(error_rate, {loss, score}, {loss, score}).value();
  EXPECT_EQ(split.note, "Left out: 1 reference and 1 current rows without a known outcome or score");
  EXPECT_EQ(split.cells.back().label, "score is missing");
  EXPECT_NEAR(split.cells.back().reference_share, 1.0 / 3, 1e-15);
}

/// Multiclass: 0/1 loss, cells are the predicted class times the confidence.
TEST(DecomposeByScore, PredictedClassesAreGroups) {
  const uint32_t predicted[2][6] = {{0, 0, 0, 1, 1, 1}, {0, 0, 1, 1, 1, 1}};
  const uint32_t actual[2][6] = {{0, 0, 0, 1, 1, 0}, {0, 0, 1, 0, 0, unknown_class}};
  const auto before = misclassified(predicted[0], actual[0]), now = misclassified(predicted[1], actual[1]);
  const std::string names[] = {"predicted = cat", "predicted = dog"};
  const auto split = decompose_by_score(error_rate, {before, {}, predicted[0]}, {now, {}, predicted[1]}, names).value();
  ASSERT_EQ(split.cells.size(), 2u);
  EXPECT_EQ(split.cells[0].label, "predicted = cat");
  EXPECT_EQ(split.cells[1].label, "predicted = dog");
  EXPECT_NEAR(split.total.value, 2.0 / 5 - 1.0 / 6, 1e-15);
  // p = (.5, .5), q = (.4, .6), a = (0, 1/3), b = (0, 2/3)
  EXPECT_NEAR(split.mix.value, 0.1 * 0.5, 1e-15);
  EXPECT_NEAR(split.behaviour.value, 0.55 / 3, 1e-15);
}

TEST(AloneExplains, TheFeatureThatMovedExplainsTheChange) {
  Random random(13);
  std::vector<double> x[2], y[2], loss[2];
  for (const int side : {0, 1})
    for (int i = 0; i < 5000; ++i) {
      x[side].push_back(random.normal() + side);
      y[side].push_back(random.normal());
      loss[side].push_back(std::fabs(x[side].back()));
    }
  const BinnedFeature features[] = {
      bin_feature(Column::of_reals("y", y[0]), Column::of_reals("y", y[1])).value(),
      bin_feature(Column::of_reals("x", x[0]), Column::of_reals("x", x[1])).value()};
  const auto alone = alone_explains(features, loss[0], loss[1]);
  ASSERT_EQ(alone.size(), 2u);
  EXPECT_EQ(alone[0].column, "x");
  EXPECT_GT(alone[0].mix.lower, 0.2);  // E|N(1,1)| - E|N(0,1)| = .3687, of which the bins hold most
  EXPECT_EQ(alone[1].column, "y");
  EXPECT_LT(alone[1].mix.lower, 0);
  EXPECT_GT(alone[1].mix.upper, 0);

  const auto shift = explain_prediction_shift(features, loss[0], loss[1]).value();
  EXPECT_NEAR(shift.total.value, shift.current.value - shift.reference.value, 1e-15);
  EXPECT_NE(shift.sentence.find("By itself, the movement of x explains +0."), std::string::npos) << shift.sentence;
  EXPECT_EQ(shift.sentence.find("that of y"), std::string::npos) << shift.sentence;
}

TEST(RowLosses, AsDefined) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double score[] = {0.5, 0.4, 1.0, 0.0, nan}, label[] = {1, 1, 0, 0, 1};
  const auto wrong = misclassified(score, label, 0.5);
  EXPECT_EQ(std::vector<double>(wrong.begin(), wrong.begin() + 4), (std::vector<double>{0, 1, 1, 0}));
  EXPECT_TRUE(std::isnan(wrong[4]));
  const auto logs = log_losses(score, label);
  EXPECT_NEAR(logs[0], std::log(2), 1e-15);
  EXPECT_NEAR(logs[2], -std::log(1e-15), 0.05);  // 1 - 1e-15 is 1 - 9.99e-16 in doubles
  EXPECT_NEAR(logs[3], 1e-15, 1e-20);
  const auto brier = brier_losses(score, label);
  EXPECT_NEAR(brier[1], 0.36, 1e-15);
  const auto cost = decision_costs(score, label, 0.5, {.false_negative = 10, .false_positive = 1, .true_positive = -2});
  EXPECT_EQ(std::vector<double>(cost.begin(), cost.begin() + 4), (std::vector<double>{-2, 10, 1, 0}));
  EXPECT_EQ(absolute_errors(std::vector<double>{3}, std::vector<double>{5}), std::vector<double>{2});
}

}  // namespace
}  // namespace leeway::explain
