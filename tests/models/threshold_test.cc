#include "models/threshold.h"

#include <cmath>

namespace leeway::models {
namespace {

// The twelve rows of the metrics' own tests: events at .2 .4 .5 .7 .8 .9, one of each pair at .2, .4 and .6 … .
const std::vector<double> scores = {.1, .2, .2, .3, .4, .4, .5, .6, .6, .7, .8, .9};
const std::vector<uint8_t> labels = {0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1};

ChosenThreshold chosen(std::string_view text, double false_negative = 1, double false_positive = 1) {
  auto rule = parse_threshold_rule(text);
  EXPECT_TRUE(rule) << text;
  rule->false_negative = false_negative;
  rule->false_positive = false_positive;
  const auto out = choose_threshold(stats::RankedScores::of_rows(scores, labels), *rule);
  EXPECT_TRUE(out);
  return *out;
}

/// By hand: cuts below .7, .6, .4 have F1 6/9, 8/11, 10/14.
TEST(Threshold, GreatestF1) {
  const auto at = chosen("f1");
  EXPECT_NEAR(at.threshold, 0.55, 1e-12);
  EXPECT_EQ(at.true_positives, 4);
  EXPECT_EQ(at.false_positives, 1);
  EXPECT_NEAR(at.f1(), 8.0 / 11, 1e-12);
}

/// With scikit-learn's precision_recall_curve: recall at precision 1 is .5 (three of six, from .7); precision at a
/// recall of 5/6 is 5/8, at .3 < t <= .4.
TEST(Threshold, PrecisionAndRecallAsAsked) {
  const auto precise = chosen("precision=0.95");
  EXPECT_EQ(precise.true_positives, 3);
  EXPECT_NEAR(precise.threshold, 0.65, 1e-12);
  const auto caught = chosen("recall=0.8");
  EXPECT_EQ(caught.true_positives, 5);
  EXPECT_EQ(caught.false_positives, 3);
  EXPECT_NEAR(caught.threshold, 0.35, 1e-12);
}

TEST(Threshold, CostFollowsTheUsersPrices) {
  EXPECT_EQ(chosen("cost", 100, 1).false_negatives, 0);   // a miss is dear: take everything from .2 on
  EXPECT_EQ(chosen("cost", 1, 100).false_positives, 0);   // an alarm is dear
  EXPECT_EQ(chosen("cost", 0, 1).true_positives, 0);      // misses are free: never predict
  const auto even = chosen("cost");
  EXPECT_EQ(even.false_positives + even.false_negatives, 3);
}

/// Whatever the rule, no other cut does better.
RC_GTEST_PROP(Threshold, NoOtherCutIsBetter, ()) {
  const auto n = *rc::gen::inRange<size_t>(2, 30);
  std::vector<double> s;
  std::vector<uint8_t> y;
  for (size_t i = 0; i < n; ++i) {
    s.push_back(*rc::gen::inRange(0, 8) / 8.0);
    y.push_back(static_cast<uint8_t>(*rc::gen::inRange(0, 2)));
  }
  y[0] = 0;
  y[1] = 1;
  ThresholdRule rule{ThresholdRule::Kind::cost, 0, *rc::gen::inRange(0, 9) * 1.0, *rc::gen::inRange(0, 9) * 1.0, 0, 0};
  const auto ranked = stats::RankedScores::of_rows(s, y);
  const auto best = choose_threshold(ranked, rule);
  RC_ASSERT(best.has_value());
  for (double t = -0.05; t < 1.1; t += 0.0625) {
    const auto other = choose_threshold(ranked, {ThresholdRule::Kind::given, t});
    RC_ASSERT(best->cost_per_row(rule) <= other->cost_per_row(rule) + 1e-12);
  }
}

TEST(Threshold, WhatCannotBeReachedIsSaid) {
  const std::vector<uint8_t> reversed = {1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0};
  const auto at =
      choose_threshold(stats::RankedScores::of_rows(scores, reversed), *parse_threshold_rule("precision=0.99"));
  ASSERT_TRUE(at);
  EXPECT_NE(at->note.find("No threshold reaches a precision of 0.99"), std::string::npos);
  const std::vector<uint8_t> one(12, 1);
  EXPECT_EQ(choose_threshold(stats::RankedScores::of_rows(scores, one), {}).error().code, Code::failed_precondition);
  for (const auto* text : {"best", "precision", "precision=2", "1.5", "recall=x"})
    EXPECT_FALSE(parse_threshold_rule(text)) << text;
  EXPECT_EQ(parse_threshold_rule("0.35")->kind, ThresholdRule::Kind::given);
}

/// Neighbouring doubles leave no room between them: the cut is still between the two rows.
TEST(Threshold, BetweenNeighbouringDoubles) {
  const double low = 0.5, high = std::nextafter(low, 1.0);
  const std::vector<double> s = {low, high};
  const std::vector<uint8_t> y = {0, 1};
  const auto at = choose_threshold(stats::RankedScores::of_rows(s, y), {});
  EXPECT_EQ(at->false_positives + at->false_negatives, 0);
  EXPECT_EQ(at->threshold, high);
}

}   // namespace
}   // namespace leeway::models
