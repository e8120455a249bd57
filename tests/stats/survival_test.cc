#include "stats/survival.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/random.h"
#include "reference_table.h"
#include "stats/auc.h"

namespace leeway::stats {
namespace {

struct Watched {
  std::vector<double> scores, times;
  std::vector<uint8_t> events;
};

Watched reference_rows() {
  const testing::ReferenceTable table("late_label_rows.csv");
  Watched out;
  for (size_t i = 0; i < table.rows(); ++i) {
    out.scores.push_back(table.number(i, "score"));
    out.times.push_back(table.number(i, "time"));
    out.events.push_back(table.number(i, "event") == 1);
  }
  return out;
}

// lifelines, statsmodels and scikit-survival, as the table says.
TEST(Survival, equals_lifelines_statsmodels_and_scikit_survival) {
  const Watched rows = reference_rows();
  const KaplanMeier curve(rows.times, rows.events);
  const testing::ReferenceTable expected("late_label_values.csv");
  ASSERT_EQ(expected.rows(), 5u);
  for (size_t i = 0; i < expected.rows(); ++i) {
    const double horizon = expected.number(i, "horizon");
    EXPECT_NEAR(curve.survival(horizon), expected.number(i, "survival"), 1e-12);
    EXPECT_NEAR(std::sqrt(curve.variance(horizon)), expected.number(i, "se"), 1e-12);
    EXPECT_NEAR(curve.interval(horizon).lower, expected.number(i, "lower"), 1e-10);
    EXPECT_NEAR(curve.interval(horizon).upper, expected.number(i, "upper"), 1e-10);
    EXPECT_NEAR(censored_auc(rows.scores, rows.times, rows.events, horizon).value, expected.number(i, "auc"), 1e-12);
  }
}

// The maintained group of R's survival::aml, with an event and an end of watching both at 13.
TEST(Survival, events_come_before_ends_of_watching) {
  const std::vector<double> times{9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161};
  const std::vector<uint8_t> events{1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0};
  const KaplanMeier curve(times, events);
  EXPECT_EQ(curve.survival(8.9), 1);
  EXPECT_NEAR(curve.survival(9), 10. / 11, 1e-15);
  EXPECT_NEAR(curve.survival_before(13), 10. / 11, 1e-15);
  EXPECT_NEAR(curve.survival(13), .8181818181818182, 1e-15);
  EXPECT_NEAR(curve.survival(31), .49090909090909096, 1e-15);
  EXPECT_NEAR(curve.survival(1000), .18409090909090914, 1e-15);
  EXPECT_NEAR(std::sqrt(curve.variance(31)), .16419326722113584, 1e-14);
  EXPECT_EQ(curve.events_by(23), 4);
  EXPECT_EQ(curve.watched_at(28), 6);
  // At 13 only ten are left to be lost, as the event of another was seen before.
  EXPECT_NEAR(KaplanMeier::of_censoring(times, events).survival(13), 8. / 9, 1e-15);
}

TEST(Survival, without_censoring_all_is_as_for_complete_rows) {
  Random random(3);
  Watched rows;
  for (int i = 0; i < 300; ++i) {
    rows.scores.push_back(std::round(20 * random.uniform()) / 20);
    rows.events.push_back(random.chance(rows.scores.back()));
    rows.times.push_back(rows.events.back() ? 10 * random.uniform() : 10);   // the others watched to the horizon
  }
  const Auc complete = auc(rows.scores, rows.events);
  const CensoredAuc censored = censored_auc(rows.scores, rows.times, rows.events, 10);
  EXPECT_NEAR(censored.value, complete.value(), 1e-14);
  EXPECT_NEAR(censored.variance, complete.variance, 1e-14);
  EXPECT_EQ(censored.unclear, 0);
  EXPECT_DOUBLE_EQ(censored.effective_cases, static_cast<double>(complete.positives));
  const KaplanMeier curve(rows.times, rows.events);
  EXPECT_NEAR(1 - curve.survival(10), static_cast<double>(complete.positives) / 300, 1e-14);
}

TEST(Survival, degenerate_rows_are_defined) {
  const KaplanMeier none({}, {});
  EXPECT_EQ(none.survival(1), 1);
  EXPECT_TRUE(std::isnan(none.interval(1).lower));
  const std::vector<double> times{2, 2, 2};
  const std::vector<uint8_t> all{1, 1, 1}, nobody{0, 0, 0};
  EXPECT_EQ(KaplanMeier(times, all).survival(2), 0);
  EXPECT_EQ(KaplanMeier(times, all).survival_before(2), 1);
  const Interval certain = KaplanMeier(times, nobody).interval(2);
  EXPECT_LT(certain.lower, .5);   // three rows prove little
  EXPECT_EQ(certain.upper, 1);
  EXPECT_FALSE(censored_auc(times, times, all, 5).defined());
  EXPECT_FALSE(censored_auc(times, times, nobody, 1).defined());
}

// Bad loans are known at once, good ones never within the data: the share of bad among labelled is 1.
TEST(Survival, intervals_cover_the_truth_as_stated) {
  constexpr int trials = 400;
  int rate_missed = 0, auc_missed = 0;
  double labelled = 0;
  for (int trial = 0; trial < trials; ++trial) {
    Random random(static_cast<uint64_t>(trial));
    Watched rows;
    double bad = 0, known = 0;
    for (int i = 0; i < 400; ++i) {
      const bool high = random.chance(.5);
      rows.scores.push_back(high ? 1 : 0);
      const double time = -std::log(random.uniform()) / (high ? .02 : .01), end = 100 * random.uniform();
      rows.times.push_back(std::min(time, end));
      rows.events.push_back(time <= end);
      bad += rows.events.back();
      known += rows.events.back() || end >= 50;
    }
    labelled += bad / known / trials;
    // P(event by 50): 1 - exp(-.02·50) and 1 - exp(-.01·50).
    const double high = 1 - std::exp(-1), low = 1 - std::exp(-.5), rate = (high + low) / 2;
    const double of_cases = high / (high + low), of_controls = (1 - high) / (2 - high - low);
    const double truth = of_cases * (1 - of_controls) + (of_cases * of_controls + (1 - of_cases) * (1 - of_controls)) / 2;
    const Interval without = KaplanMeier(rows.times, rows.events).interval(50);
    rate_missed += 1 - rate < without.lower || 1 - rate > without.upper;
    const CensoredAuc found = censored_auc(rows.scores, rows.times, rows.events, 50);
    const Interval interval =
        auc_interval(found.value, found.variance, found.effective_cases, static_cast<double>(found.controls));
    auc_missed += truth < interval.lower || truth > interval.upper;
  }
  // 5 % of 400, give or take three deviations of 4.4.
  EXPECT_GE(rate_missed, 7);
  EXPECT_LE(rate_missed, 33);
  EXPECT_LE(auc_missed, 33);
  EXPECT_GT(labelled, .65) << "what an average over the labelled would have said, of " << (2 - std::exp(-1) - std::exp(-.5)) / 2;
}

}  // namespace
}  // namespace leeway::stats
