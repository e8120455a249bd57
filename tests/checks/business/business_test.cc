#include "checks/business/business.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace leeway::business {
namespace {

using performance::BinaryRows;
using performance::unknown_label;

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

const BinaryRows reference = rows_of({.9, .8, .2, .1, .4, .6}, {1, 0, 0, 0, 1, 1});
const BinaryRows current = rows_of({.9, .8, .7, .1, .4}, {1, 0, 0, unknown_label, 1});

TEST(Business, rates_and_scores_count_every_row_labelled_or_not) {
  const Measurement rate = measure(positive_rate, {"p", ""}, &reference, current, {}).front();
  EXPECT_EQ(rate.current->value, .6);
  EXPECT_EQ(rate.reference->value, .5);
  EXPECT_NEAR(rate.value.value, .1, 1e-15);
  EXPECT_EQ(*rate.detail("threshold"), .5);
  const Measurement score = measure(mean_score, {"p", ""}, &reference, current, {}).front();
  EXPECT_NEAR(score.current->value, .58, 1e-15);
  EXPECT_NEAR(*score.detail("relative_change"), .58 / .5 - 1, 1e-14);
  EXPECT_EQ(score.current_rows.used, 5);
}

// scipy 1.17.1: mean 14/4 of {0, 2, 2, 10}; t interval with 3 degrees of freedom; Welch against {0, 2, 0, 0, 10, 0}.
TEST(Business, cost_by_the_matrix_per_row_and_in_total) {
  const Options options{.threshold = .5, .cost = {.false_positive = 2, .false_negative = 10}};
  const auto all = measure_binary({"p", ""}, &reference, current, options);
  ASSERT_EQ(all.size(), 4u);
  const Measurement &per_row = all[2], &total = all[3];
  EXPECT_EQ(per_row.method->id, "cost_per_row");
  EXPECT_EQ(per_row.current->value, 3.5);
  EXPECT_NEAR(per_row.current->lower, 3.5 - 3.182446305284263 * 2.217355782608345, 1e-10);
  EXPECT_EQ(per_row.reference->value, 2);
  EXPECT_EQ(per_row.value.value, 1.5);
  EXPECT_NEAR(*per_row.p_value, 0.605387438321445, 1e-10);
  EXPECT_EQ(*per_row.detail("per_1000"), 3500);
  EXPECT_EQ(per_row.current_rows.used, 4);
  EXPECT_EQ(total.method->id, "cost_total");
  EXPECT_EQ(total.current->value, 14);
  EXPECT_EQ(total.reference->value, 8);
  EXPECT_NEAR(total.value.lower, 4 * per_row.value.lower, 1e-12);
}

TEST(Business, nothing_is_said_of_cost_without_costs) {
  EXPECT_EQ(measure_binary({}, nullptr, current, {}).size(), 2u);
}

TEST(Business, degenerate_rows_have_a_reason_or_a_number) {
  const Options options{.cost = {.false_negative = 1}};
  const BinaryRows none = rows_of({}, {}), unlabelled = rows_of({.4, .6}, {unknown_label, unknown_label});
  for (const Measurement& m : measure_binary({}, &reference, none, options)) EXPECT_FALSE(m.computed());
  const auto without = measure_binary({}, &reference, unlabelled, options);
  EXPECT_TRUE(without[0].computed() && without[1].computed());
  EXPECT_EQ(without[2].not_computable, "no row has both a usable prediction and a known label");
  EXPECT_FALSE(without[3].computed());
  const auto alone = measure_binary({}, &unlabelled, current, options);
  EXPECT_TRUE(alone[2].computed());
  EXPECT_FALSE(alone[2].reference);
}

TEST(Business, other_tasks_have_shares_and_means_of_predictions) {
  performance::MulticlassRows rows;
  rows.classes = {"a", "b", "c"};
  rows.predictions = {0, 0, 2, 0};
  rows.labels.assign(4, performance::unknown_class);
  rows.usable = {4, 4, 0, 0, 0, 0, 0, 0};
  const auto shares = measure(predicted_share, {"y", ""}, nullptr, rows, {});
  ASSERT_EQ(shares.size(), 3u);
  EXPECT_EQ(shares[0].current->value, .75);
  EXPECT_EQ(shares[1].subject.slice, "class = b");
  EXPECT_EQ(shares[1].current->value, 0);
  performance::RegressionRows numbers;
  numbers.predictions = {1, 2, 6};
  numbers.usable = {3, 3, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(measure(mean_prediction, {"y", ""}, &numbers, numbers, {}).front().current->value, 3);
}

TEST(Business, records_are_whole) {
  std::set<std::string_view> ids;
  for (const MethodInfo* info : methods()) {
    EXPECT_TRUE(ids.insert(info->id).second);
    EXPECT_EQ(info->family, Family::business);
    EXPECT_FALSE(info->measures.empty() || info->guarantee.empty() || info->misleads.empty() || info->source.empty());
  }
}

}  // namespace
}  // namespace leeway::business
