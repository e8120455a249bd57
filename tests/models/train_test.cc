#include "models/train.h"

#include <cmath>

#include "models/tree_settings.h"
#include "stats/auc.h"

namespace leeway::models {
namespace {

/// Rows whose event depends on two numbers and a text; `rare` makes it so.
struct Made {
  TrainingTable table;
  std::vector<uint32_t> rows;
  ModelFacts facts;
};

Made made(size_t n, uint64_t seed, double rare = 0) {
  Random random(seed);
  std::vector<double> a(n), b(n), noise(n), target(n);
  std::vector<std::string> place(n);
  Made out;
  for (size_t i = 0; i < n; ++i) {
    a[i] = random.normal();
    b[i] = random.normal();
    noise[i] = random.normal();
    constexpr const char* places[] = {"north", "south", "east"};
    const size_t p = random.below(3);
    place[i] = places[p];
    const double z = 1.5 * a[i] - b[i] * b[i] + (p == 1 ? 1.0 : 0) - rare;
    target[i] = random.chance(1 / (1 + std::exp(-z)));
    out.rows.push_back(static_cast<uint32_t>(i));
  }
  out.table.features = {Column::of_reals("a", a), Column::of_reals("b", b), Column::of_reals("noise", noise),
                        Column::of_text("place", place)};
  out.table.target = target;
  out.table.classes = {"0", "1"};
  out.facts.name = "made";
  out.facts.task = Task::binary;
  out.facts.label = "y";
  return out;
}

Split split_of(const Made& data, uint64_t seed = 1) {
  std::vector<uint32_t> strata;
  for (const double y : data.table.target) strata.push_back(static_cast<uint32_t>(y));
  return *split_stratified(data.rows, strata, {0.2, 0.3, 3}, Random(seed));
}

TrainOptions quick() {
  TrainOptions options;
  options.settings = {{"n_estimators", 60}, {"max_depth", 3}, {"learning_rate", 0.2}};
  return options;
}

double test_auc(const Training& training, const Made& data, const Split& split) {
  const auto scores = training.model.score(data.table.features);
  EXPECT_TRUE(scores);
  std::vector<double> values;
  std::vector<uint8_t> labels;
  for (const uint32_t row : split.test) {
    values.push_back(scores->value[row]);
    labels.push_back(data.table.target[row] != 0);
  }
  return stats::auc(values, labels).value();
}

Training trained(const Made& data, const Split& split, const TrainOptions& options) {
  auto training = train_model(data.table, split, data.facts, options);
  EXPECT_TRUE(training) << training.error().text();
  return std::move(*training);
}

/// The best any model can do here, by the law itself, is an AUC of 0.855 ± 0.01.
TEST(Train, LearnsFromRawColumns) {
  const Made data = made(4000, 1);
  const Split split = split_of(data);
  const Training training = trained(data, split, quick());
  EXPECT_GT(test_auc(training, data, split), 0.81);
  const auto importance = column_importance(training.model);
  EXPECT_EQ(importance.size(), 4u);
  EXPECT_EQ(importance.front().first, "a");
  EXPECT_EQ(importance.back().first, "noise");
  EXPECT_EQ(training.threshold->threshold, training.model.threshold());
  EXPECT_EQ(training.model.facts().positive, "1");
}

TEST(Train, TheSameWhateverTheThreads) {
  const Made data = made(1500, 2);
  const Split split = split_of(data);
  TrainOptions options = quick();
  options.trials = 4;
  options.folds = 3;
  const Training one = trained(data, split, options);
  options.threads = 5;
  const Training many = trained(data, split, options);
  EXPECT_EQ(one.model.booster().bytes(), many.model.booster().bytes());
  EXPECT_EQ(one.model.json(), many.model.json());
  ASSERT_EQ(one.candidates.size(), 4u);
  for (size_t c = 0; c < 4; ++c) EXPECT_EQ(one.candidates[c].by_fold, many.candidates[c].by_fold);
  options.seed = 9;
  EXPECT_NE(trained(data, split, options).model.booster().bytes(), one.model.booster().bytes());
}

TEST(Train, TuningTakesTheBestCandidate) {
  const Made data = made(1500, 3);
  const Split split = split_of(data);
  TrainOptions options = quick();
  options.grid = true;
  options.space = {{"max_depth", {1, 3}, 0, 0, false, true}, {"learning_rate", {0.001, 0.2}, 0, 0, false, false}};
  options.settings.emplace_back("early_stopping_rounds", 0);
  const Training training = trained(data, split, options);
  ASSERT_EQ(training.candidates.size(), 4u);
  double best = 0;
  for (const auto& c : training.candidates) best = std::max(best, c.mean);
  for (const auto& c : training.candidates)
    if (c.chosen) {
      EXPECT_EQ(c.mean, best);
      EXPECT_EQ(c.point[0], training.parameters.max_depth);
      EXPECT_EQ(c.point[1], training.parameters.learning_rate);
    }
  EXPECT_EQ(std::ranges::count_if(training.candidates, &Candidate::chosen), 1);
}

TEST(Train, MonotoneColumnsHold) {
  Made data = made(2000, 4);
  TrainOptions options = quick();
  options.monotone = {{"a", 1}, {"b", 1}};
  const Training training = trained(data, split_of(data), options);
  std::vector<double> rising, still(50, 0.3);
  for (int i = 0; i < 50; ++i) rising.push_back(-3 + 0.12 * i);
  const std::vector<std::string> place(50, "north");
  for (const char* name : {"a", "b"}) {
    const std::string moving = name;
    std::vector<Column> rows;
    for (const char* other : {"a", "b", "noise"})
      rows.push_back(Column::of_reals(other, other == moving ? rising : still));
    rows.push_back(Column::of_text("place", place));
    const auto scores = training.model.score(rows);
    ASSERT_TRUE(scores);
    EXPECT_TRUE(std::ranges::is_sorted(scores->margin)) << name;
  }
  options.monotone = {{"place", 1}};
  EXPECT_EQ(train_model(data.table, split_of(data), data.facts, options).error().code, Code::invalid_argument);
  options.monotone = {{"prise", 1}};
  EXPECT_EQ(train_model(data.table, split_of(data), data.facts, options).error().code, Code::invalid_argument);
}

/// Weights move the raw probability of a rare event to a half on average; the calibration takes it back.
TEST(Train, BalancedWeightsAreCalibratedAway) {
  const Made data = made(6000, 5, 2.5);
  const Split split = split_of(data);
  TrainOptions options = quick();
  options.weighting.kind = ClassWeighting::Kind::balanced;
  const Training training = trained(data, split, options);
  ASSERT_EQ(training.class_weights.size(), 2u);
  EXPECT_GT(training.class_weights[1], 3);
  EXPECT_NE(training.calibration.map.kind, CalibrationKind::none);
  const auto scores = training.model.score(data.table.features);
  double score = 0, raw = 0, events = 0;
  for (const uint32_t row : split.test) {
    score += scores->value[row];
    raw += 1 / (1 + std::exp(-scores->margin[row]));
    events += data.table.target[row];
  }
  EXPECT_GT(raw / events, 1.7);
  EXPECT_NEAR(score / events, 1, 0.15);
}

TEST(Train, ForestsWithAndWithoutBalancedSubsamples) {
  const Made data = made(3000, 6, 2);
  const Split split = split_of(data);
  TrainOptions options;
  options.forest = true;
  options.settings = {{"n_estimators", 60}, {"max_depth", 8}};
  const Training plain = trained(data, split, options);
  EXPECT_EQ(plain.trees, 60u);
  EXPECT_EQ(plain.model.facts().algorithm, "random forest");
  EXPECT_GT(test_auc(plain, data, split), 0.80);
  options.weighting.kind = ClassWeighting::Kind::balanced_subsample;
  const Training balanced = trained(data, split, options);
  EXPECT_EQ(balanced.trees, 60u);
  EXPECT_GT(test_auc(balanced, data, split), 0.80);
  // Either class weighs a half where a tree learns, so the middle between the classes' mean margins is near even odds
  // (rows that a tree did not draw pull it down a little); unweighted it is far below.
  const auto middle = [&](const Training& training) {
    const auto scores = training.model.score(data.table.features);
    double margin[2] = {0, 0}, rows[2] = {0, 0};
    for (const uint32_t row : split.train) {
      margin[data.table.target[row] != 0] += scores->margin[row];
      ++rows[data.table.target[row] != 0];
    }
    return (margin[0] / rows[0] + margin[1] / rows[1]) / 2;
  };
  EXPECT_NEAR(middle(balanced), 0, 0.2);
  EXPECT_LT(middle(plain), -0.4);
  EXPECT_EQ(trained(data, split, options).model.booster().bytes(), balanced.model.booster().bytes());
}

/// A forest grown on equal weights of its own is XGBoost's: one tree without draws, leaf by leaf.
TEST(Train, GrownTreesAreTheLibrarys) {
  const Made data = made(500, 7);
  EncodedRows rows;
  const auto encoder = Encoder::fit(data.table.features, data.table.target);
  rows.values = encoder->bind(data.table.features)->all();
  rows.rows = 500;
  rows.features = encoder->features();
  rows.target = data.table.target;
  for (const Objective objective : {Objective::binary, Objective::regression}) {
    BoosterParameters p;
    p.objective = objective;
    p.rounds = 1;
    p.learning_rate = 1;
    p.base_score = 0.5;
    const auto trained = Booster::train(p, rows.view());
    const auto grown = Booster::grow(p, rows.view(), [](int, std::span<double> w) { std::ranges::fill(w, 1.0); });
    ASSERT_TRUE(trained && grown);
    std::vector<float> first(500), second(500);
    trained->trees().margins(rows.view().features, first);
    grown->trees().margins(rows.view().features, second);
    for (size_t i = 0; i < 500; ++i) ASSERT_NEAR(first[i], second[i], 1e-5);
  }
}

TEST(Train, MulticlassAndRegression) {
  Made data = made(1500, 8);
  for (size_t i = 0; i < data.rows.size(); ++i) {
    const double a = data.table.features[0].number(i);
    data.table.target[i] = a < -0.5 ? 0 : a < 0.5 ? 1 : 2;
  }
  data.table.classes = {"low", "middle", "high"};
  data.facts.task = Task::multiclass;
  const Training classes = trained(data, split_of(data), quick());
  EXPECT_EQ(classes.model.facts().classes, data.table.classes);
  const auto scores = classes.model.score(data.table.features);
  size_t right = 0;
  for (size_t i = 0; i < data.rows.size(); ++i)
    right += scores->prediction[i] == static_cast<uint32_t>(data.table.target[i]);
  EXPECT_GT(right, 1400u);
  EXPECT_FALSE(classes.threshold);

  for (size_t i = 0; i < data.rows.size(); ++i) data.table.target[i] = 100 + 3 * data.table.features[0].number(i);
  data.table.classes.clear();
  data.facts.task = Task::regression;
  const auto strata = strata_of_numbers(data.rows, data.table.target);
  const Split split = *split_stratified(data.rows, strata, {}, Random(1));
  const Training numbers = trained(data, split, quick());
  const auto predicted = numbers.model.score(data.table.features);
  for (const uint32_t row : split.test) ASSERT_NEAR(predicted->value[row], data.table.target[row], 2.5);
}

TEST(Train, RefusesWhatCannotBeLearnt) {
  Made data = made(300, 9);
  const Split split = split_of(data);
  std::ranges::fill(data.table.target, 1.0);
  const auto one = train_model(data.table, split, data.facts, quick());
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error().code, Code::invalid_data);
  EXPECT_NE(one.error().message.find("one class"), std::string::npos);
  data.facts.task = Task::regression;
  EXPECT_EQ(train_model(data.table, split, data.facts, quick()).error().code, Code::invalid_data);
  TrainOptions weighted = quick();
  weighted.weighting.kind = ClassWeighting::Kind::balanced;
  EXPECT_EQ(train_model(made(300, 9).table, split, data.facts, weighted).error().code, Code::invalid_argument);
  TrainOptions cancelled = quick();
  cancelled.progress = [](double, const std::string&) { return false; };
  EXPECT_EQ(train_model(made(300, 9).table, split, made(300, 9).facts, cancelled).error().code, Code::cancelled);
}

TEST(TreeSettings, ByTheNamesThatUsersKnow) {
  BoosterParameters p;
  ASSERT_TRUE(apply(p, "max_depth", 9));
  EXPECT_EQ(p.max_depth, 9);
  BoosterParameters forest = BoosterParameters::forest(Objective::binary, 10, 5, 4);
  ASSERT_TRUE(apply(forest, "n_estimators", 20));
  EXPECT_EQ(forest.trees_per_round, 20);
  EXPECT_EQ(forest.rounds, 1);
  EXPECT_NE(apply(p, "max_dept", 9).error().remedy.find("max_depth"), std::string::npos);
  EXPECT_EQ(apply(p, "max_depth", 2.5).error().code, Code::invalid_argument);
  EXPECT_EQ(apply(p, "subsample", 0).error().code, Code::invalid_argument);
  EXPECT_FALSE(parse_tree_setting("max_depth"));
}

/// By hand: median 10, quartiles 5 and 15; 100,000 s are 27.78 h, so 3.78 o'clock.
TEST(Encoding, ScaledAndSeconds) {
  const std::vector<Column> raw = {Column::of_reals("amount", {0, 5, 10, 15, 30}),
                                   Column::of_integers("at", Type::integer, {0, 3600, 86'400, 90'000, 100'000})};
  EncoderOptions options;
  options.scaled = {"amount"};
  options.seconds = {"at"};
  const auto encoder = Encoder::fit(raw, {}, options);
  ASSERT_TRUE(encoder);
  EXPECT_EQ(encoder->feature_names(), (std::vector<std::string>{"amount", "at", "at (hour)"}));
  const auto rows = encoder->bind(raw)->all();
  ASSERT_EQ(rows.size(), 15u);
  EXPECT_FLOAT_EQ(rows[0], -1);
  EXPECT_FLOAT_EQ(rows[12], 2);
  EXPECT_FLOAT_EQ(rows[3 + 2], 1);
  EXPECT_FLOAT_EQ(rows[6 + 2], 0);
  EXPECT_NEAR(rows[12 + 2], 100'000 / 3600.0 - 24, 1e-5);
}

}   // namespace
}   // namespace leeway::models
