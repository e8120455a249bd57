#include "explain/sentence.h"

#include <cmath>
#include <regex>

#include <gtest/gtest.h>

#include "base/text.h"
#include "explain/performance.h"
#include "simulate/scenarios.h"

namespace leeway::explain {
namespace {

using simulate::Scenario;

Estimate with_se(double value, double se) { return {value, value - 1.96 * se, value + 1.96 * se, se}; }

Decomposition split_of(double before, double now, double mix, double se) {
  Decomposition split;
  split.metric = "error rate";
  split.in_shares = true;
  split.reference = with_se(before, se);
  split.current = with_se(now, se);
  split.total = with_se(now - before, se);
  split.mix = with_se(mix, se / 2);
  split.behaviour = with_se(now - before - mix, se);
  return split;
}

Segment segment(std::string text, double share, double before, double now, bool significant = true) {
  Segment result;
  result.text = std::move(text);
  result.current_share = share;
  result.reference_loss = before;
  result.current_loss = now;
  result.contribution = share * (now - before);
  result.significant = significant;
  return result;
}

TEST(Sentence, BehaviourWithItsSegmentAndMix) {
  const auto split = split_of(0.081, 0.124, 0.004, 0.0035);
  SegmentSearch search;
  search.searched = 12'345;
  search.segments = {segment("employment = self-employed and months_on_book < 6", 0.10, 0.10, 0.25)};
  EXPECT_EQ(performance_sentence(split, &search),
            "Error rate rose from 8.1 % to 12.4 % (+4.3 points, 95 % interval +3.6 to +5.0). Of this, +3.9 points "
            "(+3.2 to +4.6) come from rows that turn out differently at the same score, first of all where employment "
            "= self-employed and months_on_book < 6 (10 % of rows, error rate 10.0 % → 25.0 %: +1.5 points), and +0.4 "
            "points (+0.1 to +0.7) from another mix of scores.");
}

TEST(Sentence, MixFirstAndItsMover) {
  auto split = split_of(0.081, 0.124, 0.043, 0.0035);
  split.features = {{"x1", with_se(0.039, 0.001)}, {"x2", with_se(0.001, 0.001)}};
  SegmentSearch search;
  search.searched = 12'345;
  EXPECT_EQ(performance_sentence(split, &search),
            "Error rate rose from 8.1 % to 12.4 % (+4.3 points, 95 % interval +3.6 to +5.0). Of this, +4.3 points "
            "(+4.0 to +4.6) come from another mix of scores (the movement of x1 alone explains +3.9 points), and 0.0 "
            "points (-0.7 to +0.7) from rows that turn out differently at the same score, which may be chance.");
}

TEST(Sentence, NothingSureNamesNoCause) {
  EXPECT_EQ(performance_sentence(split_of(0.081, 0.083, 0.0001, 0.0035), nullptr),
            "Error rate went from 8.10 % to 8.30 % (+0.20 points, 95 % interval -0.49 to +0.89), which may be chance.");
}

TEST(Sentence, ABetterMetricFellAndNoSegmentStandsOut) {
  const auto better = split_of(0.124, 0.081, -0.004, 0.0035);
  EXPECT_TRUE(performance_sentence(better, nullptr).starts_with("Error rate fell from 12.4 % to 8.1 % (-4.3 points,"));
  SegmentSearch search;
  search.searched = 58'039'200;
  search.segments = {segment("x < 3", 0.1, 0.1, 0.11, false)};
  EXPECT_TRUE(performance_sentence(split_of(0.081, 0.124, 0.004, 0.0035), &search)
                  .ends_with("None of the 58,039,200 segments searched stands out."));
}

TEST(Sentence, UnitsOfOtherMetrics) {
  auto split = split_of(0.307, 0.3952, 0.008, 0.003);
  split.metric = "log loss";
  split.in_shares = false;
  EXPECT_TRUE(performance_sentence(split, nullptr)
                  .starts_with("Log loss rose from 0.3070 to 0.3952 (+0.0882, 95 % interval +0.0823 to +0.0941). Of "
                               "this, +0.0802 (+0.0743 to +0.0861) come from rows"));
  split = split_of(52'310, 53'121, 400, 120);
  split.metric = "mean absolute error";
  split.in_shares = false;
  EXPECT_TRUE(performance_sentence(split, nullptr)
                  .starts_with("Mean absolute error rose from 52,310 to 53,121 (+811, 95 % interval +576 to +1046)."));
  split.total = split.mix = split.behaviour = {1, undefined, undefined, undefined};
  EXPECT_EQ(performance_sentence(split, nullptr),
            "Mean absolute error rose from 52,310.00 to 53,121.00 (+1.00). Of this, +1.00 come from rows that turn out "
            "differently at the same score, and +1.00 from another mix of scores.");
}

double number(const std::string& text) { return *parse_double(text); }

/// Reads the sentence of a real explanation back: levels, changes, parts and segments must agree among themselves, to
/// within what the printed digits leave open, and each number must be one of the explanation's.
TEST(Sentence, ReadBackItAddsUp) {
  for (const Scenario scenario : {Scenario::concept_region, Scenario::covariate_and_concept, Scenario::label_noise}) {
    const auto pair = simulate::make_scenario(scenario, 8000, 8000, 5);
    std::vector<double> loss[2];
    std::vector<BinnedFeature> features;
    for (size_t f = 0; f < pair.reference.features.size(); ++f)
      features.push_back(bin_feature(pair.reference.features[f], pair.current.features[f]).value());
    for (const int side : {0, 1}) {
      const auto& table = side == 0 ? pair.reference : pair.current;
      for (size_t row = 0; row < 8000; ++row)
        loss[side].push_back((table.score.reals()[row] >= 0.5) != (table.label.integers()[row] == 1));
    }
    const auto found = explain_performance(error_rate, {loss[0], pair.reference.score.reals()},
                                           {loss[1], pair.current.score.reals()}, features)
                           .value();
    const std::string& text = found.sentence;
    SCOPED_TRACE(text);

    std::smatch levels;
    const std::regex movement(R"(from (\S+) % to (\S+) % \((\+\S+) points, 95 % interval (\S+) to ([+-][\d.]+)\))");
    ASSERT_TRUE(std::regex_search(text, levels, movement));
    EXPECT_NEAR(number(levels[2]) - number(levels[1]), number(levels[3]), 0.1 + 1e-9);
    EXPECT_NEAR(number(levels[3]), 100 * found.split.total.value, 0.05 + 1e-9);
    EXPECT_NEAR(number(levels[4]), 100 * found.split.total.lower, 0.05 + 1e-9);

    double parts = 0;
    const std::regex part(R"(([+-]?[\d.]+) points \((\S+) to (\S+)\) (?:come )?from (rows|another))");
    for (std::sregex_iterator at(text.begin(), text.end(), part), end; at != end; ++at) {
      const auto& term = (*at)[4] == "rows" ? found.split.behaviour : found.split.mix;
      EXPECT_NEAR(number((*at)[1]), 100 * term.value, 0.05 + 1e-9);
      EXPECT_NEAR(number((*at)[2]), 100 * term.lower, 0.05 + 1e-9);
      parts += number((*at)[1]);
    }
    EXPECT_NEAR(parts, number(levels[3]), 0.1 + 1e-9);

    size_t named = 0;
    const std::regex segment(R"(where (.+?) \((\S+) % of rows, error rate (\S+) % → (\S+) %: (\+\S+) points\))");
    for (std::sregex_iterator at(text.begin(), text.end(), segment), end; at != end; ++at) {
      ASSERT_LT(named, found.segments.segments.size());
      const auto& field = found.segments.segments[named++];
      EXPECT_EQ((*at)[1], field.text);
      const double share = number((*at)[2]) / 100, change = number((*at)[4]) - number((*at)[3]);
      // Half a digit of the points, a digit of the change times the share, half a digit of the share times the change.
      EXPECT_NEAR(share * change, number((*at)[5]), 0.05 + 0.1 * share + 0.0005 * change + 1e-9);
      EXPECT_NEAR(number((*at)[5]), 100 * field.contribution, 0.05 + 1e-9);
    }
    EXPECT_GE(named, 1u);
  }
}

TEST(Sentence, PredictionShiftNamesWhatMoved) {
  PredictionShift shift;
  shift.reference = with_se(0.231, 0.001);
  shift.current = with_se(0.262, 0.001);
  shift.total = with_se(0.031, 0.002);
  shift.features = {
      {"income", with_se(0.021, 0.001)}, {"noise", with_se(0.0005, 0.001)}, {"age", with_se(0.004, 0.001)}};
  EXPECT_EQ(prediction_sentence(shift),
            "Mean score rose from 0.2310 to 0.2620 (+0.0310, 95 % interval +0.0271 to +0.0349). By itself, the "
            "movement of income explains +0.0210 of it, that of age +0.0040.");
}

}  // namespace
}  // namespace leeway::explain
