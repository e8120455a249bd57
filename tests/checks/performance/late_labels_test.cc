#include "checks/performance/late_labels.h"

#include <cmath>

#include <gtest/gtest.h>

namespace leeway::performance {
namespace {

constexpr int64_t day = 86'400'000'000'000;
constexpr int64_t absent = -1;

/// Columns of loans: when they were scored, whether they went bad, and when that was known (days; `absent` for null).
struct Loans {
  std::vector<double> scores;
  std::vector<int64_t> scored, known;
  std::vector<double> labels;   // NaN: not known

  void add(double score, int64_t scored_on, double label, int64_t known_on) {
    scores.push_back(score);
    scored.push_back(scored_on);
    labels.push_back(label);
    known.push_back(known_on);
  }
  WatchedRows watched(int64_t as_of, bool with_label_time = true) const {
    const auto times = [](const std::vector<int64_t>& days) {
      std::vector<int64_t> values;
      Validity valid(days.size());
      for (size_t i = 0; i < days.size(); ++i) {
        values.push_back(days[i] * day);
        valid.set(i, days[i] != absent);
      }
      return Column::of_integers("t", Type::time, values, valid);
    };
    const Column score = Column::of_reals("s", scores), label = Column::of_reals("y", labels);
    const Column time = times(scored), label_time = times(known);
    const auto rows = binary_rows({.score = &score, .label = &label}, {"0", "1"});
    return *watched_rows(*rows, time, with_label_time ? &label_time : nullptr, as_of * day);
  }
};

const Measurement* find(const std::vector<Measurement>& all, std::string_view id, std::string_view slice) {
  for (const Measurement& m : all)
    if (m.method->id == id && m.subject.slice == slice) return &m;
  return nullptr;
}

TEST(LateLabels, each_row_is_watched_until_its_event_its_label_or_now) {
  Loans loans;
  loans.add(.9, 0, 1, 20);            // bad after 20 days
  loans.add(.1, 0, 0, 90);            // good, known after 90
  loans.add(.2, 50, NAN, absent);     // still open: watched for 50
  loans.add(.8, 60, 0, absent);       // good, without a date: watched until now
  loans.add(.7, 10, 1, absent);       // bad, nobody knows since when
  loans.add(NAN, 10, 1, 20);          // no score
  loans.add(.3, absent, 0, 90);       // no time
  const WatchedRows rows = loans.watched(100);
  EXPECT_EQ(rows.ages, (std::vector<double>{20. * day, 90. * day, 50. * day, 40. * day}));
  EXPECT_EQ(rows.events, (std::vector<uint8_t>{1, 0, 0, 0}));
  EXPECT_EQ(rows.scores, (std::vector<double>{.9, .1, .2, .8}));
  EXPECT_EQ(rows.counts.rows, 7);
  EXPECT_EQ(rows.counts.used, 4);
  EXPECT_EQ(rows.counts.missing, 2);
  EXPECT_EQ(rows.counts.nan, 1);
  EXPECT_EQ(loans.watched(100, false).counts.used, 3) << "without a column for it no event has an age";
}

// 20 % of loans go bad on their 30th day, good ones are known after 90; a loan is made each day. Among the loans whose
// outcome is known nearly half are bad while the last months are open.
TEST(LateLabels, the_rate_by_age_is_not_that_of_the_labelled) {
  Loans reference, current;
  const auto fill = [](Loans& loans, int64_t days, int64_t as_of) {
    for (int64_t d = 0; d < days; ++d)
      for (int i = 0; i < 10; ++i) {
        const bool bad = i < 2;
        const int64_t known = d + (bad ? 30 : 90);
        loans.add(bad ? .5 + .04 * i : .06 * i, d, known <= as_of ? bad : NAN, known <= as_of ? known : absent);
      }
  };
  fill(reference, 200, 400);
  fill(current, 100, 110);
  const WatchedRows before = reference.watched(400), now = current.watched(110);
  const std::vector<int64_t> ages{45 * day, 90 * day, 120 * day};
  const auto all = measure_late_labels({.column = "bad", .slice = ""}, &before, now, ages);
  ASSERT_EQ(all.size(), 6u);
  const Measurement* rate = find(all, "event_rate_by_age", "by 45d");
  ASSERT_TRUE(rate && rate->computed());
  EXPECT_NEAR(rate->current->value, .2, 1e-12);
  EXPECT_NEAR(rate->reference->value, .2, 1e-12);
  EXPECT_NEAR(rate->value.value, 0, 1e-12);
  EXPECT_LT(rate->current->lower, .2);
  EXPECT_GT(rate->current->upper, .2);
  EXPECT_LT(*rate->detail("at_risk"), 800);
  const Measurement* beyond = find(all, "event_rate_by_age", "by 120d");
  EXPECT_EQ(beyond->not_computable, "no row has been watched for 120d: the longest for 90d");
  EXPECT_NEAR(find(all, "event_rate_by_age", "by 90d")->current->value, .2, 1e-12);
  // Bad scores are .5 and .54; good ones .12 to .54: 7 of 8 below .5, half a tie and 7 below .54.
  const Measurement* auc = find(all, "roc_auc_by_age", "by 45d");
  EXPECT_NEAR(auc->current->value, (7. / 8 + 7.5 / 8) / 2, 1e-12);
  EXPECT_GT(*auc->detail("unclear"), 0);
  EXPECT_LT(auc->current->lower, auc->current->value);
}

TEST(LateLabels, what_is_no_time_is_refused) {
  const Column score = Column::of_reals("s", {.1, .2}), label = Column::of_reals("y", {0, 1});
  const auto rows = binary_rows({.score = &score, .label = &label}, {"0", "1"});
  const auto refused = watched_rows(*rows, score, nullptr, 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "column 's' does not hold times");
}

}  // namespace
}  // namespace leeway::performance
