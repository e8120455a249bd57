#include <cmath>
#include <memory>

#include <gtest/gtest.h>

#include "base/random.h"
#include "checks/performance/metrics.h"
#include "checks/performance/registry.h"

namespace leeway::performance {
namespace {

struct Window {
  BinaryRows rows;
  std::shared_ptr<ScoreTable> table;
};

/// Calibrated scores of `n` rows, as rows and as a table of `bins` bins of equal width.
Window draw(uint64_t seed, size_t n, int bins) {
  Random random(seed);
  Window window;
  std::vector<Outcome> outcomes;
  for (size_t i = 0; i < n; ++i) {
    const double p = 1 / (1 + std::exp(-random.normal(-.5, 1.5)));
    window.rows.scores.push_back(p);
    window.rows.labels.push_back(random.chance(.1) ? unknown_label : random.chance(p));
    outcomes.push_back(static_cast<Outcome>(window.rows.labels.back()));
  }
  const auto total = static_cast<int64_t>(n);
  const auto unknown = std::ranges::count(window.rows.labels, unknown_label);
  window.rows.usable = {total, total, 0, 0, 0, 0, 0, 0};
  window.rows.labelled = {total, total - unknown, unknown, 0, 0, 0, 0, 0};
  std::vector<double> edges;
  for (int i = 0; i <= bins; ++i) edges.push_back(i / static_cast<double>(bins));
  ScoreLayout layout;
  layout.bins = std::make_shared<const BinMap>(*BinMap::from_edges(edges, {edges[1]}, .5, 1));
  window.table = std::make_shared<ScoreTable>(std::make_shared<const ScoreLayout>(layout));
  window.table->update(window.rows.scores, outcomes, {});
  return window;
}

Level level_of(const BinaryMetric& metric, const BinarySample& sample, double threshold) {
  return levels(metric, sample, {.threshold = threshold}, &sample).front();
}

TEST(BinarySampleOfTable, exact_sums_stay_exact_and_counts_agree) {
  const Window window = draw(1, 5000, 64);
  const auto rows = BinarySample::of_rows(window.rows), table = BinarySample::of_table(*window.table);
  EXPECT_EQ(rows.rows(), table.rows());
  EXPECT_EQ(rows.positives(), table.positives());
  EXPECT_EQ(rows.counts(), table.counts());
  for (const BinaryMetric* metric : {&binary::log_loss, &binary::brier}) {
    const Level exact = level_of(*metric, rows, .5), stored = level_of(*metric, table, .5);
    EXPECT_NEAR(stored.estimate.value, exact.estimate.value, 1e-11) << metric->info.id;
    EXPECT_NEAR(stored.estimate.se, exact.estimate.se, 1e-11) << metric->info.id;
    EXPECT_FALSE(stored.bracket) << metric->info.id;
  }
  EXPECT_NEAR(level_of(binary::calibration_in_the_large, table, .5).estimate.value,
              level_of(binary::calibration_in_the_large, rows, .5).estimate.value, 1e-12);
}

// At an edge of the bins the confusion matrix is exact; anywhere else the truth is inside the bracket.
TEST(BinarySampleOfTable, threshold_metrics_are_exact_at_edges_and_bracketed_elsewhere) {
  const Window window = draw(2, 5000, 16);
  const auto rows = BinarySample::of_rows(window.rows), table = BinarySample::of_table(*window.table);
  EXPECT_EQ(rows.confusion(.5), table.confusion(.5));
  EXPECT_FALSE(table.confusion_extremes(.5));
  for (const BinaryMetric* metric : {&binary::accuracy, &binary::balanced_accuracy, &binary::precision, &binary::recall,
                                     &binary::specificity, &binary::f1, &binary::f_beta, &binary::mcc,
                                     &binary::cohen_kappa})
    for (const double threshold : {.1, .2, .47, .52, .8, .92}) {
      const double exact = level_of(*metric, rows, threshold).estimate.value;
      const Level stored = level_of(*metric, table, threshold);
      ASSERT_TRUE(stored.bracket) << metric->info.id;
      EXPECT_LE(stored.bracket->lower, exact + 1e-12) << metric->info.id << " at " << threshold;
      EXPECT_GE(stored.bracket->upper, exact - 1e-12) << metric->info.id << " at " << threshold;
    }
}

TEST(BinarySampleOfTable, a_threshold_inside_the_top_bin_leaves_precision_unknown) {
  const auto table = BinarySample::of_table(*draw(2, 5000, 16).table);
  EXPECT_EQ(level_of(binary::precision, table, .97).not_computable,
            "the threshold lies inside the one stored score bin that decides it");
  EXPECT_TRUE(level_of(binary::recall, table, .97).computed());
}

TEST(BinarySampleOfTable, ranking_metrics_are_bracketed_and_close) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Window window = draw(seed, 3000, 128);
    const auto rows = BinarySample::of_rows(window.rows), table = BinarySample::of_table(*window.table);
    for (const BinaryMetric* metric :
         {&binary::roc_auc, &binary::gini, &binary::average_precision, &binary::score_ks}) {
      const double exact = level_of(*metric, rows, .5).estimate.value;
      const Level stored = level_of(*metric, table, .5);
      ASSERT_TRUE(stored.bracket) << metric->info.id;
      EXPECT_LE(stored.bracket->lower, exact) << metric->info.id;
      EXPECT_GE(stored.bracket->upper, exact) << metric->info.id;
      EXPECT_LT(stored.bracket->upper - stored.bracket->lower, .06) << metric->info.id;
      EXPECT_NEAR(stored.estimate.value, exact, .012) << metric->info.id;
    }
    EXPECT_NEAR(level_of(binary::calibration_slope, table, .5).estimate.value,
                level_of(binary::calibration_slope, rows, .5).estimate.value, .01);
  }
}

TEST(BinarySampleOfTable, the_bracket_of_a_change_holds_the_exact_change) {
  const Window before = draw(3, 3000, 32), after = draw(4, 2000, 32);
  const auto reference = BinarySample::of_table(*before.table), current = BinarySample::of_table(*after.table);
  const auto exact_reference = BinarySample::of_rows(before.rows), exact_current = BinarySample::of_rows(after.rows);
  const Measurement stored = measure(binary::roc_auc, {}, &reference, current, {}).front();
  const Measurement exact = measure(binary::roc_auc, {}, &exact_reference, exact_current, {}).front();
  EXPECT_LE(stored.bracket->lower, exact.value.value);
  EXPECT_GE(stored.bracket->upper, exact.value.value);
  EXPECT_FALSE(exact.bracket);
}

TEST(BinarySampleOfTable, an_empty_table_has_a_reason) {
  const Window window = draw(1, 0, 8);
  const auto table = BinarySample::of_table(*window.table);
  for (const BinaryMetric* metric : binary_metrics()) EXPECT_FALSE(level_of(*metric, table, .5).computed());
}

}  // namespace
}  // namespace leeway::performance
