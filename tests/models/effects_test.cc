#include "models/effects.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace leeway::models {
namespace {

/// A model of amount, channel and hour on made rows; `shift` moves the amounts.
struct Made {
  std::vector<Column> columns;
  std::vector<double> target;

  Made(size_t rows, uint64_t seed, double shift = 0) {
    Random random(seed);
    std::vector<double> amount;
    std::vector<std::string> channel;
    std::vector<int64_t> at;
    Validity known(rows);
    for (size_t r = 0; r < rows; ++r) {
      amount.push_back(random.normal() + shift);
      channel.emplace_back(random.chance(0.6) ? "web" : random.chance(0.5) ? "shop" : "phone");
      at.push_back(static_cast<int64_t>(random.below(7 * 24)) * 3'600'000'000'000);
      known.set(r, random.chance(0.9));
      const double z = 2 * amount.back() + (channel.back() == "phone");
      target.push_back(random.chance(1 / (1 + std::exp(-z))) ? 1 : 0);
    }
    columns = {Column::of_text("channel", channel), Column::of_reals("amount", amount, known),
               Column::of_integers("at", Type::time, at)};
  }
};

Model trained() {
  const Made made(3000, 1);
  const auto encoder = Encoder::fit(made.columns, made.target);
  const auto values = encoder->bind(made.columns)->all();
  BoosterParameters p;
  p.rounds = 20;
  p.max_depth = 3;
  const auto booster = Booster::train(p, {{values, 3000, encoder->features()}, made.target, {}});
  return *Model::make({}, *encoder, *booster);
}

Scores with_contributions(const Model& model, const Made& made) {
  ScoreOptions options;
  options.contributions = true;
  return *model.score(made.columns, options);
}

TEST(Effects, TheColumnThatDrivesTheOutcomeComesFirst) {
  const Model model = trained();
  const auto effects = column_effects(with_contributions(model, Made(2000, 2)));
  ASSERT_EQ(effects.size(), 3u);
  EXPECT_EQ(effects[0].column, 1u);
  EXPECT_EQ(effects[1].column, 0u);
  EXPECT_GE(effects[0].mean_size, std::abs(effects[0].mean));
}

TEST(Effects, DependenceFollowsTheValue) {
  const Model model = trained();
  const Made made(2000, 3);
  const auto batch = *model.encoder().bind(made.columns);
  const Scores scores = with_contributions(model, made);
  const auto amount = dependence(model, batch, scores, 1);
  ASSERT_EQ(amount.size(), 11u);
  EXPECT_EQ(amount.back().label, "missing");
  int64_t rows = 0;
  for (const auto& point : amount) rows += point.rows;
  EXPECT_EQ(rows, 2000);
  for (size_t i = 1; i < 10; ++i) EXPECT_GT(amount[i].mean, amount[i - 1].mean - 0.2);
  EXPECT_GT(amount[9].mean, amount[0].mean + 2);
  const auto channel = dependence(model, batch, scores, 0);
  ASSERT_EQ(channel.size(), 3u);
  EXPECT_EQ(channel[0].label, "web");
  EXPECT_EQ(dependence(model, batch, scores, 2).size(), 10u);   // the hour of the day
}

TEST(Effects, ShiftsOfColumnsSumToTheShiftOfTheMargin) {
  const Model model = trained();
  const Made before(2000, 4), after(1500, 5, 0.8);
  const Scores a = with_contributions(model, before), b = with_contributions(model, after);
  const auto shift = margin_shift(a, b);
  ASSERT_TRUE(shift);
  double sum = 0;
  for (const auto& column : shift->columns) sum += column.change();
  EXPECT_NEAR(sum, shift->change(), 1e-12);
  const double margins = std::accumulate(b.margin.begin(), b.margin.end(), 0.0) / 1500 -
                         std::accumulate(a.margin.begin(), a.margin.end(), 0.0) / 2000;
  EXPECT_NEAR(shift->change(), margins, 1e-5);
  EXPECT_EQ(shift->columns[0].column, 1u);           // what was moved
  EXPECT_GT(shift->columns[0].interval.lower, 0);
  EXPECT_LT(std::abs(shift->columns[2].change()), 0.1 * shift->columns[0].change());
  EXPECT_EQ(margin_shift(a, a)->change(), 0);
  Scores none;
  EXPECT_FALSE(margin_shift(a, none));
  EXPECT_FALSE(margin_shift(a, *model.score(after.columns)));   // without contributions
}

}  // namespace
}  // namespace leeway::models
