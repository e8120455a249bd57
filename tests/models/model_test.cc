#include "models/model.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "models/reference_model.h"

namespace leeway::models {
namespace {

/// Transactions: the amount, the region and whether the card was there drive the outcome.
struct Transactions {
  std::vector<Column> columns;
  std::vector<double> fraud;

  Transactions(size_t rows, uint64_t seed) {
    Random random(seed);
    std::vector<double> amount;
    std::vector<std::string> region;
    std::vector<int64_t> present;
    Validity known(rows);
    for (size_t r = 0; r < rows; ++r) {
      amount.push_back(std::exp(4 + random.normal()));
      region.emplace_back(random.chance(0.7) ? "North" : "South");
      present.push_back(random.chance(0.8));
      known.set(r, random.chance(0.95));
      const double z =
          std::log(amount.back()) - 5 + (region.back() == "South") - 2 * static_cast<double>(present.back());
      fraud.push_back(random.chance(1 / (1 + std::exp(-2 * z))));
    }
    columns = {Column::of_reals("amount", amount, known), Column::of_text("region", region),
               Column::of_integers("card_present", Type::boolean, present)};
  }
};

Model trained(const Transactions& data, CalibrationMap calibration = {}) {
  auto encoder = Encoder::fit(data.columns, data.fraud);
  const auto values = encoder->bind(data.columns)->all();
  BoosterParameters p;
  p.rounds = 30;
  auto booster = Booster::train(p, {{values, data.fraud.size(), encoder->features()}, data.fraud, {}});
  ModelFacts facts;
  facts.name = "fraud";
  facts.label = "is_fraud";
  facts.positive = "1";
  facts.seed = 18446744073709551615u;
  auto model = Model::make(facts, *encoder, *booster, std::move(calibration), 0.3);
  EXPECT_TRUE(model) << model.error().text();
  return *model;
}

TEST(Model, TakesRawRowsToADecision) {
  const Transactions train(3000, 1), test(1000, 2);
  const Model model = trained(train);
  const auto scores = model.score(test.columns);
  ASSERT_TRUE(scores);
  for (size_t r = 0; r < 1000; ++r) {
    EXPECT_NEAR(scores->value[r], 1 / (1 + std::exp(-scores->margin[r])), 1e-12);
    EXPECT_EQ(scores->prediction[r], scores->value[r] >= 0.3 ? 1u : 0u);
    EXPECT_EQ(static_cast<int>(scores->risk[r]), static_cast<int>(scores->value[r] * 5));  // cuts at 0.2, 0.4, 0.6, 0.8
  }
  double sure_and_right = 0, sure = 0;
  for (size_t r = 0; r < 1000; ++r)
    if (scores->value[r] > 0.8) sure += 1, sure_and_right += test.fraud[r];
  EXPECT_GT(sure_and_right / sure, 0.7);
}

TEST(Model, ContributionsOfRawColumnsSumToTheMargin) {
  const Transactions data(2000, 3);
  const Model model = trained(data);
  ScoreOptions options;
  options.contributions = true;
  const auto scores = model.score(data.columns, options);
  ASSERT_TRUE(scores);
  ASSERT_EQ(scores->contributions.size(), 2000u * 4);
  for (size_t r = 0; r < 2000; ++r) {
    const auto row = std::span(scores->contributions).subspan(r * 4, 4);
    EXPECT_NEAR(std::accumulate(row.begin(), row.end(), 0.0), scores->margin[r], 1e-5);
  }
}

TEST(Model, ScoresDoNotDependOnThreadsOrCompany) {
  const Transactions data(10'000, 4);
  const Model model = trained(data);
  ScoreOptions two;
  two.threads = 2;
  const auto together = model.score(data.columns), parallel = model.score(data.columns, two);
  EXPECT_EQ(together->value, parallel->value);
  const std::vector<uint32_t> one = {7777};
  std::vector<Column> row;
  for (const auto& c : data.columns) row.push_back(c.gather(one));
  EXPECT_EQ(model.score(row)->value[0], together->value[7777]);
}

TEST(Model, ReasonsSayTheValueAndTheUsualOne) {
  const Transactions data(3000, 5);
  const Model model = trained(data);
  const std::vector<Column> row = {Column::of_reals("amount", {5000}), Column::of_text("region", {"Mars"}),
                                   Column::of_integers("card_present", Type::boolean, {0})};
  const auto batch = model.encoder().bind(row);
  ASSERT_TRUE(batch);
  ScoreOptions options;
  options.contributions = true;
  const auto scores = model.score(*batch, options);
  const auto reasons = model.reasons(*batch, *scores, 0, 3);
  ASSERT_EQ(reasons.size(), 3u);
  EXPECT_EQ(model.encoder().columns()[reasons[0].column].name, "amount");
  EXPECT_TRUE(reasons[0].text.starts_with("amount is 5,000 (usually ")) << reasons[0].text;
  EXPECT_NE(reasons[0].text.find(", which raises the score (+"), std::string::npos) << reasons[0].text;
  EXPECT_TRUE(reasons[1].text.starts_with("card_present is false (usually true), which raises")) << reasons[1].text;
  EXPECT_TRUE(reasons[2].text.starts_with("region is 'Mars' (not seen in training), which")) << reasons[2].text;
  EXPECT_EQ(model.reasons(*batch, *scores, 0, 1).size(), 1u);
  EXPECT_GE(std::abs(reasons[0].contribution), std::abs(reasons[1].contribution));
}

TEST(Model, CalibrationChangesTheValueAndNotTheMargin) {
  const Transactions data(1000, 6);
  CalibrationMap platt;
  platt.kind = CalibrationKind::platt;
  platt.a = 0.5;
  platt.b = -1;
  const Model plain = trained(data), calibrated = trained(data, platt);
  const auto a = plain.score(data.columns), b = calibrated.score(data.columns);
  EXPECT_EQ(a->margin, b->margin);
  EXPECT_NEAR(b->value[0], 1 / (1 + std::exp(-(0.5 * a->margin[0] - 1))), 1e-12);
}

TEST(Model, SurvivesAFile) {
  const Transactions data(1000, 7);
  CalibrationMap isotonic;
  isotonic.kind = CalibrationKind::isotonic;
  isotonic.x = {0.1, 0.5, 0.9};
  isotonic.y = {0, 0.25, 1};
  const Model model = trained(data, isotonic);
  const auto back = Model::read(model.json(), model.booster().bytes());
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->json(), model.json());
  EXPECT_EQ(back->facts(), model.facts());
  EXPECT_EQ(back->score(data.columns)->value, model.score(data.columns)->value);
}

TEST(Model, AForeignOrDamagedFileIsOneSentence) {
  const Transactions data(500, 8);
  const Model model = trained(data);
  const std::string json = model.json(), bytes = model.booster().bytes();
  const auto message = [](const std::string& text, const std::string& booster) {
    const auto read = Model::read(text, booster);
    return read ? std::string("read") : read.error().message;
  };
  EXPECT_EQ(message("{}", bytes), "is not a model of Leeway");
  EXPECT_EQ(message("[1]", bytes), "is not a model of Leeway");
  std::string newer = json;
  newer.replace(newer.find("\"version\": 1"), 12, "\"version\": 9");
  EXPECT_EQ(message(newer, bytes), "was written by a newer release of Leeway");
  std::string cuts = json;
  cuts.replace(cuts.find("0.2"), 3, "0.9");
  EXPECT_EQ(message(cuts, bytes), "the risk levels' cuts must ascend strictly between 0 and 1");
  EXPECT_EQ(message(json, testing::model_bytes("regression.ubj")), "the model takes 5 features, the schema gives 4");
}

TEST(Model, MulticlassAndRegressionModelsScore) {
  const testing::ReferenceRows reference("multiclass");
  std::vector<Column> raw;
  std::vector<std::string> names;
  for (size_t f = 0; f < 5; ++f) {
    std::vector<double> values;
    for (size_t r = 0; r < 25; ++r) values.push_back(static_cast<double>(reference.values[r * 5 + f]));
    names.push_back("x" + std::to_string(f));
    raw.push_back(Column::of_reals(names.back(), values));
  }
  ModelFacts facts;
  facts.task = Task::multiclass;
  facts.classes = {"a", "b", "c"};
  const auto multiclass =
      Model::make(facts, Encoder::of_numbers(names), *Booster::load(testing::model_bytes("multiclass.ubj")));
  ASSERT_TRUE(multiclass) << multiclass.error().text();
  const auto scores = multiclass->score(raw);
  ASSERT_TRUE(scores);
  for (size_t r = 0; r < 25; ++r) {
    size_t best = 0;
    for (size_t k = 0; k < 3; ++k) {
      const double expected = reference.expected(r, "value" + std::to_string(k));
      EXPECT_NEAR(scores->value[r * 3 + k], expected, 1e-6);   // theirs in float
      if (expected > reference.expected(r, "value" + std::to_string(best))) best = k;
    }
    EXPECT_EQ(scores->prediction[r], best);
  }
  facts.task = Task::regression;
  facts.classes.clear();
  const testing::ReferenceRows counts("poisson");
  const auto poisson =
      Model::make(facts, Encoder::of_numbers(names), *Booster::load(testing::model_bytes("poisson.json")));
  ASSERT_TRUE(poisson);
  EXPECT_NEAR(poisson->score(raw)->value[3], counts.expected(3, "value0"), 1e-6 * counts.expected(3, "value0"));
  facts.task = Task::binary;
  EXPECT_FALSE(Model::make(facts, Encoder::of_numbers(names), *Booster::load(testing::model_bytes("poisson.json"))));
}

TEST(Model, NoRowsAreNoScores) {
  const Transactions data(300, 9), none(0, 9);
  const auto scores = trained(data).score(none.columns);
  ASSERT_TRUE(scores);
  EXPECT_EQ(scores->rows, 0u);
}

TEST(CalibrationMaps, AreMonotoneAndStayBetweenZeroAndOne) {
  CalibrationMap beta{CalibrationKind::beta, 1.3, 0.7, -0.4, {}, {}},
      isotonic{CalibrationKind::isotonic, 1, 0, 0, {0.2, 0.6}, {0.1, 0.9}};
  for (const auto& map : {CalibrationMap{}, beta, isotonic}) {
    EXPECT_TRUE(map.valid());
    double before = 0;
    for (double m = -800; m <= 800; m += 0.5) {
      const double p = map(m);
      EXPECT_GE(p, before) << m;
      EXPECT_LE(p, 1);
      before = p;
    }
    EXPECT_TRUE(std::isnan(map(std::nan(""))));
  }
  // Kull et al. 2017, eq. 5: 1 / (1 + 1 / (e^c p^a / (1 - p)^b)).
  const double p = 0.3, margin = std::log(p / (1 - p));
  EXPECT_NEAR(beta(margin), 1 / (1 + 1 / (std::exp(-0.4) * std::pow(p, 1.3) / std::pow(1 - p, 0.7))), 1e-14);
  EXPECT_NEAR(isotonic(std::log(0.4 / 0.6)), 0.5, 1e-14);
  isotonic.y = {0.9, 0.1};
  EXPECT_FALSE(isotonic.valid());
}

}  // namespace
}  // namespace leeway::models
