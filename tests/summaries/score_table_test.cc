#include "summaries/score_table.h"

#include "base/random.h"
#include "summaries/numeric_reference.h"

namespace leeway {
namespace {

struct Scored {
  std::vector<double> p;
  std::vector<Outcome> y;
  std::vector<uint32_t> group;
};
Scored random_scores(uint64_t seed, size_t rows) {
  Random random(seed);
  Scored out;
  for (size_t r = 0; r < rows; ++r) {
    out.p.push_back(std::round(random.uniform() * 500) / 500);
    out.y.push_back(random.chance(0.1) ? Outcome::unknown : random.chance(out.p.back()) ? Outcome::positive : Outcome::negative);
    out.group.push_back(static_cast<uint32_t>(random.below(3)));
  }
  return out;
}
std::shared_ptr<const ScoreLayout> layout(const Scored& data, int bins) {
  BinMap::Options options;
  options.bins = bins;
  options.edges = {0.3282};
  const auto reference = NumericReference::prepare(data.p);
  return std::make_shared<const ScoreLayout>(
      ScoreLayout{std::make_shared<const BinMap>(BinMap::from_reference(*reference, options)), {"a"}, true});
}

TEST(ScoreTable, BracketsHoldTheExactAucAndKs) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const Scored data = random_scores(seed, 400);
    ScoreTable table(layout(data, seed % 2 == 0 ? 8 : 100));
    table.update(data.p, data.y, data.group);
    double pairs = 0, wins = 0, positives = 0, negatives = 0;
    for (size_t i = 0; i < data.p.size(); ++i) {
      positives += data.y[i] == Outcome::positive;
      negatives += data.y[i] == Outcome::negative;
      if (data.y[i] != Outcome::positive) continue;
      for (size_t j = 0; j < data.p.size(); ++j)
        if (data.y[j] == Outcome::negative) pairs += 1, wins += data.p[i] > data.p[j] ? 1 : data.p[i] == data.p[j] ? 0.5 : 0;
    }
    const auto auc = *table.auc();
    EXPECT_LE(auc.bracket.lower, wins / pairs + 1e-15);
    EXPECT_GE(auc.bracket.upper, wins / pairs - 1e-15);
    EXPECT_NEAR(auc.estimate, (auc.bracket.lower + auc.bracket.upper) / 2, 1e-15);
    double ks = 0;
    for (const double cut : data.p) {
      double above_p = 0, above_n = 0;
      for (size_t i = 0; i < data.p.size(); ++i) {
        above_p += data.y[i] == Outcome::positive && data.p[i] > cut;
        above_n += data.y[i] == Outcome::negative && data.p[i] > cut;
      }
      ks = std::max(ks, std::fabs(above_p / positives - above_n / negatives));
    }
    EXPECT_LE(table.score_ks()->lower, ks + 1e-12);
    EXPECT_GE(table.score_ks()->upper, ks - 1e-12);
  }
}

TEST(ScoreTable, LossesAndConfusionAreThoseOfTheRows) {
  const Scored data = random_scores(7, 2000);
  ScoreTable table(layout(data, 64));
  table.update(data.p, data.y, data.group);
  for (const uint32_t group : {ScoreTable::all_groups, 0u, 1u, 2u}) {
    std::vector<double> log_losses, briers;
    ScoreTable::Confusion confusion;
    double sum = 0;
    int64_t rows = 0, clipped = 0, selected = 0;
    for (size_t i = 0; i < data.p.size(); ++i) {
      if (group != ScoreTable::all_groups && data.group[i] != group) continue;
      sum += data.p[i];
      ++rows;
      const bool above = data.p[i] >= 0.3282;
      selected += above;
      if (data.y[i] == Outcome::unknown) continue;
      const bool positive = data.y[i] == Outcome::positive;
      const double right = positive ? data.p[i] : 1 - data.p[i];
      clipped += right < 1e-15 || right > 1 - 1e-15;
      log_losses.push_back(-std::log(std::clamp(right, 1e-15, 1 - 1e-15)));
      briers.push_back((1 - right) * (1 - right));
      ++(positive ? (above ? confusion.true_positive : confusion.false_negative) : above ? confusion.false_positive : confusion.true_negative);
    }
    const auto check = [](const ScoreTable::Loss& loss, const std::vector<double>& values) {
      const auto n = static_cast<double>(values.size());
      const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
      double squares = 0;
      for (const double v : values) squares += (v - mean) * (v - mean);
      EXPECT_EQ(loss.n, static_cast<int64_t>(values.size()));
      EXPECT_NEAR(loss.mean, mean, 1e-12 * mean);
      EXPECT_NEAR(loss.variance, squares / (n - 1), 1e-10 * squares / (n - 1));
    };
    check(table.log_loss(group), log_losses);
    check(table.brier(group), briers);
    EXPECT_EQ(table.log_loss(group).clipped, clipped);
    EXPECT_NEAR(table.mean_score(group), sum / static_cast<double>(rows), 1e-13);
    EXPECT_EQ(*table.confusion(0.3282, group), confusion);
    EXPECT_EQ(*table.selected(0.3282, group), selected);
  }
  EXPECT_EQ(table.confusion(0.12345).error().code, Code::failed_precondition);
}

TEST(ScoreTable, OneClassAndNoRows) {
  const Scored data = random_scores(1, 10);
  ScoreTable table(layout(data, 4));
  EXPECT_FALSE(table.auc().has_value());
  EXPECT_FALSE(table.score_ks().has_value());
  EXPECT_TRUE(std::isnan(table.mean_score()));
  EXPECT_TRUE(std::isnan(table.log_loss().mean));
  const std::vector<double> p = {0.5, 1.5, -0.1, std::numeric_limits<double>::quiet_NaN()};
  const std::vector<Outcome> y(4, Outcome::positive);
  table.update(p, y, {});
  EXPECT_EQ(table.unusable(), 3);
  EXPECT_EQ(table.rows(Outcome::positive), 1);
  EXPECT_FALSE(table.auc().has_value());
  EXPECT_NEAR(table.log_loss().mean, std::log(2), 1e-14);
}

}  // namespace
}  // namespace leeway
