#include "models/booster.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "models/learner.h"

namespace leeway::models {
namespace {

/// Four features, the first two of which drive the outcome; one value in ten missing.
struct Made {
  std::vector<float> values;
  std::vector<double> binary, classes, numbers;
  static constexpr size_t features = 4;

  Made(size_t rows, uint64_t seed) {
    Random random(seed);
    for (size_t r = 0; r < rows; ++r) {
      double x[features];
      for (double& v : x) v = random.normal();
      const double signal = 1.5 * x[0] - x[1] * x[1] + 1;
      binary.push_back(random.chance(1 / (1 + std::exp(-2 * signal))) ? 1 : 0);
      classes.push_back(signal < -1 ? 0 : signal < 1 ? 1 : 2);
      numbers.push_back(100 + 10 * signal + random.normal());
      for (const double v : x)
        values.push_back(random.chance(0.1) ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(v));
    }
  }
  stats::FeatureRows rows() const { return {values, binary.size(), features}; }
  TrainingRows training(const std::vector<double>& target) const { return {rows(), target, {}}; }
};

BoosterParameters small() {
  BoosterParameters p;
  p.rounds = 20;
  p.max_depth = 4;
  return p;
}

std::vector<float> margins_of(const Booster& booster, const stats::FeatureRows& rows) {
  std::vector<float> margins(rows.rows * booster.trees().outputs());
  booster.trees().margins(rows, margins);
  return margins;
}

double auc_of(const std::vector<float>& margins, const std::vector<double>& target) {
  double wins = 0, pairs = 0;
  for (size_t i = 0; i < target.size(); ++i)
    for (size_t j = 0; j < target.size(); ++j)
      if (target[i] > target[j]) {
        wins += margins[i] > margins[j] ? 1 : margins[i] == margins[j] ? 0.5 : 0;
        pairs += 1;
      }
  return wins / pairs;
}

TEST(Booster, LearnsWhatIsThereForEachTask) {
  const Made train(3000, 1), test(1000, 2);
  const auto binary = Booster::train(small(), train.training(train.binary));
  ASSERT_TRUE(binary) << binary.error().text();
  EXPECT_GT(auc_of(margins_of(*binary, test.rows()), test.binary), 0.83);

  BoosterParameters regression = small();
  regression.objective = Objective::regression;
  regression.rounds = 60;
  const auto numbers = Booster::train(regression, train.training(train.numbers));
  ASSERT_TRUE(numbers);
  const auto predicted = margins_of(*numbers, test.rows());
  double squares = 0, spread = 0;
  for (size_t i = 0; i < predicted.size(); ++i) {
    squares += std::pow(static_cast<double>(predicted[i]) - test.numbers[i], 2);
    spread += std::pow(test.numbers[i] - 100, 2);
  }
  EXPECT_LT(squares, 0.4 * spread);

  BoosterParameters multiclass = small();
  multiclass.objective = Objective::multiclass;
  multiclass.classes = 3;
  const auto classes = Booster::train(multiclass, train.training(train.classes));
  ASSERT_TRUE(classes);
  const auto per_class = margins_of(*classes, test.rows());
  size_t right = 0;
  for (size_t i = 0; i < 1000; ++i) {
    const auto row = std::span(per_class).subspan(i * 3, 3);
    right += static_cast<double>(std::ranges::max_element(row) - row.begin()) == test.classes[i] ? 1 : 0;
  }
  EXPECT_GT(right, 750u);
}

TEST(Booster, TheSameSeedAndDataGiveTheSameBytes) {
  const Made made(2000, 3);
  BoosterParameters p = small();
  p.row_share = 0.7;
  p.column_share = 0.5;
  const auto first = Booster::train(p, made.training(made.binary)),
             second = Booster::train(p, made.training(made.binary));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->bytes(), second->bytes());
  p.seed = 2;
  EXPECT_NE(Booster::train(p, made.training(made.binary))->bytes(), first->bytes());
  const auto again = Booster::load(first->bytes());
  ASSERT_TRUE(again);
  EXPECT_EQ(margins_of(*again, made.rows()), margins_of(*first, made.rows()));
}

TEST(Booster, EarlyStoppingKeepsTheBestRound) {
  const Made train(400, 4), valid(400, 5);
  BoosterParameters p = small();
  p.rounds = 400;
  p.learning_rate = 0.5;
  p.stop_after = 10;
  std::vector<double> losses;
  const TrainingRows held_out = valid.training(valid.binary);
  const auto booster = Booster::train(p, train.training(train.binary), &held_out, [&](int round, double loss) {
    EXPECT_EQ(round, static_cast<int>(losses.size()) + 1);
    losses.push_back(loss);
    return true;
  });
  ASSERT_TRUE(booster);
  const auto best = static_cast<size_t>(std::ranges::min_element(losses) - losses.begin()) + 1;
  EXPECT_EQ(booster->trees().trees(), best);
  EXPECT_EQ(losses.size(), best + 10);
  // The loss reported is that of the model kept.
  double loss = 0;
  const auto margins = margins_of(*booster, valid.rows());
  for (size_t i = 0; i < 400; ++i)
    loss +=
        std::log1p(std::exp(valid.binary[i] > 0 ? -static_cast<double>(margins[i]) : static_cast<double>(margins[i]))) /
        400;
  EXPECT_NEAR(loss, losses[best - 1], 1e-6);
}

TEST(Booster, AForestIsAnAverageOfShares) {
  const Made train(3000, 6), test(1000, 7);
  const auto forest =
      Booster::train(BoosterParameters::forest(Objective::binary, 100, 10, 4), train.training(train.binary));
  ASSERT_TRUE(forest);
  EXPECT_EQ(forest->trees().trees(), 100u);
  const auto margins = margins_of(*forest, test.rows());
  for (const float m : margins) EXPECT_TRUE(m >= -2.001f && m <= 2.001f);   // 4 (share - ½)
  EXPECT_GT(auc_of(margins, test.binary), 0.83);
}

TEST(Booster, WeightsCountAsRepeats) {
  const Made made(500, 8);
  std::vector<double> weights(500, 2), target = made.binary;
  std::vector<float> doubled = made.values;
  doubled.insert(doubled.end(), made.values.begin(), made.values.end());
  target.insert(target.end(), made.binary.begin(), made.binary.end());
  const auto weighted = Booster::train(small(), {made.rows(), made.binary, weights});
  const auto repeated = Booster::train(small(), {{doubled, 1000, 4}, target, {}});
  ASSERT_TRUE(weighted && repeated);
  const auto a = margins_of(*weighted, made.rows()), b = margins_of(*repeated, made.rows());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-4);
}

TEST(Booster, MonotoneConstraintsHold) {
  const Made made(2000, 9);
  BoosterParameters p = small();
  p.monotone = {0, 1, 0, 0};   // the truth is not monotone in the second feature
  const auto booster = Booster::train(p, made.training(made.binary));
  ASSERT_TRUE(booster);
  std::vector<float> grid;
  for (int i = -30; i <= 30; ++i) grid.insert(grid.end(), {0.3f, static_cast<float>(i) / 10, 0, 0});
  const auto margins = margins_of(*booster, {grid, 61, 4});
  EXPECT_TRUE(std::ranges::is_sorted(margins));
}

TEST(Booster, BadInputIsOneSentence) {
  const Made made(50, 10);
  const auto message = [&](const TrainingRows& rows, BoosterParameters p = small()) {
    const auto trained = Booster::train(p, rows);
    return trained ? std::string("trained") : trained.error().message;
  };
  const std::vector<double> ones(50, 1), odd(50, 0.5), nan(50, std::nan("")), three = {0, 1, 0};
  EXPECT_EQ(message({made.rows(), ones, {}}), "the target holds one class only, so there is nothing to learn");
  EXPECT_EQ(message({made.rows(), odd, {}}), "a binary target must be 0 or 1");
  EXPECT_EQ(message({made.rows(), nan, {}}), "the target holds values that are missing or infinite");
  EXPECT_EQ(message({{}, {}, {}}), "there are no training rows");
  EXPECT_EQ(message({made.rows(), three, {}}), "the sizes of the training rows, target and weights differ");
  auto infinite = made;
  infinite.values[3] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(message(infinite.training(infinite.binary)), "a feature is infinite or beyond 1e30");
  BoosterParameters p = small();
  p.learning_rate = 0;
  EXPECT_EQ(message(made.training(made.binary), p), "learning_rate must be between 1e-06 and 1, not 0");
  p = small();
  p.objective = Objective::regression;
  EXPECT_EQ(message({made.rows(), ones, {}}, p), "the target is the same in every row, so there is nothing to learn");
  EXPECT_EQ(message({{std::span(made.values).first(12), 3, 4}, three, {}}),
            "trained");  // three rows are few, not wrong
}

TEST(Booster, CancelsWhenAsked) {
  const Made made(100, 11);
  const auto stopped =
      Booster::train(small(), made.training(made.binary), nullptr, [](int round, double) { return round < 3; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Code::cancelled);
}

TEST(Learner, ScoresProbabilitiesAndIsTheSameTwice) {
  const Made made(800, 12);
  const auto learner = make_learner(small());
  const auto fitted = learner->fit(stats::Learner::Task::binary, made.rows(), made.binary, {}, 5);
  const auto again = learner->fit(stats::Learner::Task::binary, made.rows(), made.binary, {}, 5);
  ASSERT_TRUE(fitted && again);
  const auto scores = (*fitted)->score(made.rows());
  ASSERT_TRUE(scores);
  EXPECT_EQ(*scores, *(*again)->score(made.rows()));
  EXPECT_TRUE(std::ranges::all_of(*scores, [](double p) { return p > 0 && p < 1; }));
  EXPECT_GT((*fitted)->importance()[0], (*fitted)->importance()[3]);
  EXPECT_FALSE((*fitted)->score({std::span(made.values).first(3), 1, 3}));
}

TEST(Learner, LearnsAConstantTargetAsItself) {
  const Made made(20, 13);
  const std::vector<double> ones(20, 1);
  const auto fitted = make_learner()->fit(stats::Learner::Task::binary, made.rows(), ones, {}, 1);
  ASSERT_TRUE(fitted);
  EXPECT_EQ(*(*fitted)->score(made.rows()), ones);
  EXPECT_FALSE(make_learner()->fit(stats::Learner::Task::binary, {}, {}, {}, 1));
}

}  // namespace
}  // namespace leeway::models
