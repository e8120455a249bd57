#include "checks/performance/label_coverage.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace leeway::performance {
namespace {

constexpr int64_t day = 86'400'000'000'000;

TEST(LabelCoverage, durations_read_well) {
  EXPECT_EQ(duration_text(90 * day), "90d");
  EXPECT_EQ(duration_text(day + day / 2), "36h");
  EXPECT_EQ(duration_text(15 * 60'000'000'000), "15min");
  EXPECT_EQ(duration_text(20'400'000'000), "20s");
  EXPECT_EQ(duration_text(0), "0s");
}

/// One row a day, the newest last and on the day the data end; labels known up to `known_until`.
struct Rows {
  Rows(int64_t days, int64_t known_until) {
    std::vector<int64_t> times;
    std::vector<double> labels;
    for (int64_t d = 0; d < days; ++d) {
      times.push_back(d * day);
      labels.push_back(d < known_until ? 1 : NAN);
    }
    as_of = times.back();
    time = Column::of_integers("t", Type::time, times);
    label = Column::of_reals("y", labels);
  }
  int64_t as_of = 0;
  Column time = Column::of_reals("", {}), label = Column::of_reals("", {});
};

TEST(LabelCoverage, counts_by_quarters_of_the_maturity_and_says_what_is_final) {
  const Rows rows(250, 180);
  const LabelCoverage coverage = label_coverage(rows.label, &rows.time, rows.as_of, 100 * day);
  EXPECT_EQ(coverage.known, 180);
  EXPECT_EQ(coverage.unknown, 70);
  EXPECT_TRUE(coverage.provisional);
  ASSERT_EQ(coverage.ages.size(), 6u);
  const char* labels[] = {"0 to 25d", "25d to 50d", "50d to 75d", "75d to 100d", "100d to 200d", "200d and older"};
  const int64_t in_age[] = {25, 25, 25, 25, 100, 50}, known[] = {0, 0, 5, 25, 100, 50};
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(coverage.ages[i].label, labels[i]);
    EXPECT_EQ(coverage.ages[i].rows, in_age[i]) << labels[i];
    EXPECT_EQ(coverage.ages[i].known, known[i]) << labels[i];
    EXPECT_EQ(coverage.ages[i].mature, i >= 4);
  }
  EXPECT_FALSE(label_coverage(rows.label, &rows.time, rows.as_of + 100 * day, 100 * day).provisional);
}

TEST(LabelCoverage, without_a_maturity_ages_are_quarters_of_the_oldest) {
  const Rows rows(101, 90);
  const LabelCoverage coverage = label_coverage(rows.label, &rows.time, rows.as_of, std::nullopt);
  EXPECT_FALSE(coverage.provisional);
  ASSERT_EQ(coverage.ages.size(), 4u);
  EXPECT_EQ(coverage.ages[3].label, "75d and older");
  EXPECT_EQ(coverage.ages[0].rows + coverage.ages[1].rows + coverage.ages[2].rows + coverage.ages[3].rows, 101);
  EXPECT_FALSE(coverage.ages[3].mature);
}

TEST(LabelCoverage, immature_are_known_labels_of_rows_too_young_or_of_unknown_age) {
  Validity timed(6), labelled(6);
  timed.set(1, false);
  labelled.set(3, false);
  const int64_t lowest = std::numeric_limits<int64_t>::min();
  const Column time = Column::of_integers("t", Type::time, {lowest, 20, 30, 40, 31, 60}, timed);
  const Column label = Column::of_reals("y", {0, 1, 0, 1, 1, 1}, labelled);
  // Aged 20 is final, 19 is not, later than the end of the data is not; an unknown label is not set aside.
  EXPECT_EQ(immature_labels(label, time, 50, 20), (std::vector<uint32_t>{1, 4, 5}));
}

TEST(LabelCoverage, odd_times_are_survived) {
  const Column label = Column::of_reals("y", {1, 0, NAN, 1});
  Validity valid(4);
  valid.set(2, false);
  const int64_t lowest = std::numeric_limits<int64_t>::min();
  const Column time = Column::of_integers("t", Type::time, {lowest, 5 * day, 0, 9 * day}, valid);
  const LabelCoverage coverage = label_coverage(label, &time, 7 * day, day);   // a row from the future has age 0
  EXPECT_TRUE(coverage.provisional);
  EXPECT_EQ(coverage.ages.front().rows, 1);
  int64_t aged = 0;
  for (const LabelAge& age : coverage.ages) aged += age.rows;
  EXPECT_EQ(aged, 3);   // one has no time
  const Column years = Column::of_integers("year", Type::integer, {1, 2, 3, 4});
  EXPECT_TRUE(label_coverage(label, &years, 0, std::nullopt).ages.empty());
  EXPECT_TRUE(label_coverage(Column::of_reals("y", {}), nullptr, 0, day).ages.empty());
}

BinaryRows rows_of(std::vector<double> scores, std::vector<uint8_t> labels) {
  BinaryRows rows;
  const auto n = static_cast<int64_t>(labels.size());
  int64_t unknown = 0;
  for (const uint8_t label : labels) unknown += label == unknown_label;
  rows.scores = std::move(scores);
  rows.labels = std::move(labels);
  rows.usable = {n, n, 0, 0, 0, 0, 0, 0};
  rows.labelled = {n, n - unknown, unknown, 0, 0, 0, 0, 0};
  return rows;
}

TEST(LabelCoverage, unknown_labels_set_sharp_limits) {
  const BinaryRows rows = rows_of({.9, .8, .2, .1, .6, .3}, {1, 0, 0, 1, unknown_label, unknown_label});
  const auto all = measure_labels({"y", ""}, nullptr, rows, .5);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_NEAR(all[0].current->value, 4.0 / 6, 1e-15);
  EXPECT_EQ(all[1].method->id, "event_rate");
  EXPECT_EQ(all[1].current->value, .5);
  EXPECT_NEAR(all[1].bracket->lower, 2.0 / 6, 1e-15);
  EXPECT_NEAR(all[1].bracket->upper, 4.0 / 6, 1e-15);
  EXPECT_EQ(all[2].method->id, "accuracy_limits");
  EXPECT_EQ(all[2].current->value, .5);
  EXPECT_NEAR(all[2].bracket->upper, 4.0 / 6, 1e-15);
}

TEST(LabelCoverage, the_bracket_of_a_change_widens_by_both_sides) {
  const BinaryRows reference = rows_of({.9, .2}, {1, 0}), current = rows_of({.9, .2, .3, .1}, {1, 0, 0, unknown_label});
  const auto all = measure_labels({"y", ""}, &reference, current, .5);
  EXPECT_NEAR(all[2].bracket->lower, .75 - 1, 1e-15);
  EXPECT_NEAR(all[2].bracket->upper, 0, 1e-15);
  const BinaryRows unlabelled = rows_of({.5}, {unknown_label});
  EXPECT_EQ(measure_labels({}, nullptr, unlabelled, .5)[1].not_computable, "no label is known");
  EXPECT_TRUE(measure_labels({}, nullptr, rows_of({}, {}), .5)[0].not_computable.size());
}

}  // namespace
}  // namespace leeway::performance
