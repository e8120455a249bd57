#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <gtest/gtest.h>

#include "base/random.h"
#include "checks/performance/metrics.h"
#include "checks/performance/registry.h"
#include "checks/performance/threshold_curve.h"
#include "reference_table.h"

namespace leeway::performance {
namespace {

BinaryRows rows_of(std::vector<double> scores, std::vector<uint8_t> labels, std::vector<uint8_t> decisions = {}) {
  BinaryRows rows;
  const auto n = static_cast<int64_t>(labels.size());
  const auto unknown = std::ranges::count(labels, unknown_label);
  rows.scores = std::move(scores);
  rows.labels = std::move(labels);
  rows.decisions = std::move(decisions);
  rows.usable = {n, n, 0, 0, 0, 0, 0, 0};
  rows.labelled = {n, n - unknown, unknown, 0, 0, 0, 0, 0};
  return rows;
}

BinarySample sample_of(std::vector<double> scores, std::vector<uint8_t> labels, std::vector<uint8_t> decisions = {}) {
  return BinarySample::of_rows(rows_of(std::move(scores), std::move(labels), std::move(decisions)));
}

const BinaryMetric& metric(std::string_view id) {
  for (const BinaryMetric* m : binary_metrics())
    if (m->info.id == id) return *m;
  throw std::out_of_range("no such metric");
}

Level level_of(std::string_view id, const BinarySample& sample, const BinaryOptions& options = {}) {
  return levels(metric(id), sample, options, &sample).front();
}

double detail(const Level& level, std::string_view name) {
  for (const Detail& d : level.details)
    if (d.name == name) return d.value;
  return undefined;
}

TEST(BinaryMetrics, equal_scikit_learn_and_statsmodels) {
  const testing::ReferenceTable data("binary_rows.csv"), expected("binary_metrics.csv");
  std::vector<double> scores;
  std::vector<uint8_t> labels;
  for (size_t i = 0; i < data.rows(); ++i) {
    scores.push_back(data.number(i, "score"));
    labels.push_back(static_cast<uint8_t>(data.number(i, "label")));
  }
  const BinarySample sample = sample_of(scores, labels);
  for (size_t i = 0; i < expected.rows(); ++i) {
    const std::string id = expected.text(i, "metric");
    const Level level = level_of(id, sample, {.threshold = .4});
    ASSERT_TRUE(level.computed()) << id;
    EXPECT_NEAR(level.estimate.value, expected.number(i, "value"), 1e-9 * std::fabs(expected.number(i, "value"))) << id;
    if (expected.has(i, "se")) {
      EXPECT_NEAR(level.estimate.se, expected.number(i, "se"), 1e-9 * expected.number(i, "se")) << id;
    }
  }
  EXPECT_NEAR(detail(level_of("spiegelhalter", sample), "z"), .8116177445046372, 1e-12);
  EXPECT_EQ(sample.confusion(.4), (Confusion{32, 11, 14, 23}));
}

const std::vector<double> twelve{.1, .2, .2, .3, .4, .4, .5, .6, .6, .7, .8, .9};
const std::vector<uint8_t> outcomes{0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1};

// R 4.2.2 (pROC) and scikit-learn 1.2.1.
TEST(BinaryMetrics, equal_the_values_of_the_twelve_rows) {
  const BinarySample sample = sample_of(twelve, outcomes);
  EXPECT_NEAR(level_of("roc_auc", sample).estimate.value, .791666666667, 1e-12);
  EXPECT_NEAR(level_of("roc_auc", sample).estimate.se, .141911553049, 1e-12);
  EXPECT_NEAR(level_of("average_precision", sample).estimate.value, .828409090909, 1e-12);
  EXPECT_NEAR(level_of("log_loss", sample).estimate.value, .543931318841, 1e-12);
  EXPECT_NEAR(level_of("brier", sample).estimate.value, .184166666667, 1e-12);
  EXPECT_NEAR(level_of("score_ks", sample).estimate.value, .5, 1e-12);
  EXPECT_NEAR(level_of("gini", sample).estimate.value, .583333333333, 1e-12);
  EXPECT_NEAR(detail(level_of("spiegelhalter", sample), "z"), -.127515342613, 1e-12);
}

TEST(BinaryMetrics, brier_is_the_sum_of_its_parts) {
  const Level level = level_of("brier", sample_of(twelve, outcomes), {.calibration_bins = 4});
  EXPECT_NEAR(detail(level, "reliability") - detail(level, "resolution") + detail(level, "uncertainty") +
                  detail(level, "within_bins"), level.estimate.value, 1e-15);
  EXPECT_EQ(detail(level, "bins"), 4);
}

// Two bins of two rows: means .15 and .85, rates .5 and 1. (.35² + .15²)/2 less .25/1/2 by hand; plain (.35 + .15)/2.
TEST(BinaryMetrics, calibration_error_is_debiased) {
  const Level level = level_of("calibration_error", sample_of({.1, .2, .8, .9}, {1, 0, 1, 1}), {.calibration_bins = 2});
  EXPECT_NEAR(detail(level, "squared_debiased"), (.35 * .35 + .15 * .15) / 2 - .125, 1e-15);
  EXPECT_NEAR(detail(level, "plain"), .25, 1e-15);
  EXPECT_EQ(level.estimate.value, 0);
  EXPECT_EQ(level.estimate.lower, 0);
  EXPECT_GT(level.estimate.upper, 0);
}

TEST(BinaryMetrics, quotients_of_nothing_are_undefined_not_zero) {
  const BinarySample sample = sample_of({.1, .2, .3}, {0, 1, 0});
  EXPECT_EQ(level_of("precision", sample).not_computable, "undefined (no predicted positives)");
  EXPECT_EQ(level_of("recall", sample).estimate.value, 0);
  EXPECT_EQ(level_of("f1", sample).estimate.value, 0);
  EXPECT_EQ(level_of("mcc", sample).not_computable, "undefined (the predicted class is always the same)");
  EXPECT_EQ(level_of("cohen_kappa", sample).estimate.value, 0);
  const BinarySample negatives = sample_of({.1, .2, .3}, {0, 0, 0});
  EXPECT_EQ(level_of("recall", negatives).not_computable, "undefined (no labelled row is positive)");
  EXPECT_FALSE(level_of("f1", negatives).computed());
  EXPECT_FALSE(level_of("cohen_kappa", negatives).computed());
  EXPECT_EQ(level_of("specificity", negatives).estimate.value, 1);
  EXPECT_EQ(level_of("roc_auc", negatives).not_computable, "no labelled row is of the positive class");
}

/// Samples at the edges: each metric must give a number inside finite bounds in order, or a reason.
TEST(BinaryMetrics, every_metric_is_defined_on_every_degenerate_sample) {
  std::map<std::string, BinarySample> samples;
  samples.emplace("no rows", sample_of({}, {}));
  samples.emplace("no labels", sample_of({.1, .2}, {unknown_label, unknown_label}));
  samples.emplace("one row", sample_of({.3}, {1}));
  samples.emplace("two rows", sample_of({.3, .6}, {0, 1}));
  samples.emplace("one class", sample_of({.3, .6, .9}, {1, 1, 1}));
  samples.emplace("equal scores", sample_of(std::vector<double>(12, .5), outcomes));
  samples.emplace("scores 0 and 1", sample_of({0, 0, 1, 1, 0}, {0, 1, 1, 1, 0}));
  samples.emplace("perfect", sample_of({0, .1, .2, .8, .9, 1}, {0, 0, 0, 1, 1, 1}));
  samples.emplace("always wrong", sample_of({.9, .8, .2, .1}, {0, 0, 1, 1}));
  samples.emplace("huge scores", sample_of({-1e308, 1e308, 5e-324, -0.0}, {0, 1, 0, 1}));
  samples.emplace("decisions alone", sample_of({}, {0, 1, 1, 0}, {0, 1, 0, 0}));
  for (const auto& [name, sample] : samples)
    for (const BinaryMetric* m : binary_metrics())
      for (const Level& level : levels(*m, sample, {}, &sample)) {
        const Estimate& e = level.estimate;
        if (!level.computed()) continue;
        EXPECT_TRUE(std::isfinite(e.value)) << m->info.id << " on " << name;
        if (sample.rows() < 2 || std::isnan(e.lower)) continue;
        EXPECT_LE(e.lower, e.value + 1e-12) << m->info.id << " on " << name;
        EXPECT_GE(e.upper, e.value - 1e-12) << m->info.id << " on " << name;
      }
}

TEST(BinaryMetrics, what_is_lacking_is_said) {
  const BinarySample decided = sample_of({}, {0, 1, 1, 0}, {0, 1, 0, 0});
  EXPECT_EQ(level_of("roc_auc", decided).not_computable, "there is no score column");
  EXPECT_EQ(level_of("accuracy", decided).estimate.value, .75);
  const BinarySample points = sample_of({300, 700, 650, 420}, {0, 1, 0, 1});
  EXPECT_EQ(level_of("brier", points).not_computable, "the score is no probability: it leaves [0, 1]");
  EXPECT_EQ(level_of("roc_auc", points).estimate.value, .75);
  EXPECT_EQ(level_of("roc_auc", sample_of({}, {})).not_computable,
            "no row has both a usable prediction and a known label");
}

TEST(BinaryMetrics, given_decisions_win_over_the_threshold) {
  const BinarySample sample = sample_of({.9, .8, .2, .1}, {1, 1, 0, 0}, {0, 0, 0, 0});
  EXPECT_EQ(level_of("accuracy", sample).estimate.value, .5);
  EXPECT_TRUE(std::isnan(detail(level_of("accuracy", sample), "threshold")));
  EXPECT_EQ(sample.confusion_by_score(.5), (Confusion{2, 0, 0, 2}));
}

TEST(BinaryMetrics, do_not_depend_on_the_order_of_rows) {
  Random random(4);
  std::vector<double> scores(5000);
  std::vector<uint8_t> labels(scores.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    scores[i] = random.uniform();
    labels[i] = random.chance(scores[i]);
  }
  std::vector<uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0u);
  random.shuffle(order);
  std::vector<double> shuffled;
  std::vector<uint8_t> shuffled_labels;
  for (const uint32_t i : order) {
    shuffled.push_back(scores[i]);
    shuffled_labels.push_back(labels[i]);
  }
  const BinarySample a = sample_of(scores, labels), b = sample_of(shuffled, shuffled_labels);
  for (const BinaryMetric* m : binary_metrics()) {
    const Estimate x = levels(*m, a, {}, &a).front().estimate, y = levels(*m, b, {}, &b).front().estimate;
    EXPECT_EQ(x.value, y.value) << m->info.id;   // to the last bit: sums run over sorted scores
    if (std::isnan(x.lower)) continue;   // a convention without an interval
    EXPECT_EQ(x.lower, y.lower) << m->info.id;
    EXPECT_EQ(x.upper, y.upper) << m->info.id;
  }
}

TEST(BinaryMetrics, unlabelled_rows_are_left_out_and_counted) {
  const BinarySample sample = sample_of({.1, .9, .5, .7}, {0, 1, unknown_label, 1});
  EXPECT_EQ(sample.rows(), 3);
  EXPECT_EQ(sample.counts(), (InputCounts{4, 3, 1, 0, 0, 0, 0, 0}));
}

TEST(BinaryMetrics, the_change_of_a_proportion_has_a_score_interval) {
  const auto predicted = [](int64_t hits, int64_t rows) {
    std::vector<uint8_t> labels(static_cast<size_t>(rows), 1), decisions(static_cast<size_t>(rows), 0);
    std::fill_n(decisions.begin(), hits, 1);
    return sample_of({}, labels, decisions);
  };
  const BinarySample reference = predicted(30, 1000), current = predicted(45, 1000);
  const Measurement m = measure(binary::accuracy, {"yhat", ""}, &reference, current, {}).front();
  EXPECT_NEAR(m.value.value, .015, 1e-15);
  EXPECT_NEAR(m.value.lower, -.00169493677333, 1e-13);   // R: see the interval's own test
  EXPECT_NEAR(m.value.upper, .0322857091132, 1e-13);
  EXPECT_NEAR(*m.p_value, .0774848651326447, 1e-12);
  EXPECT_EQ(m.confidence, .975);
  EXPECT_EQ(m.reference->value, .03);
  EXPECT_EQ(m.current->value, .045);
  EXPECT_EQ(m.method->id, "accuracy");
  EXPECT_EQ(m.current_rows.used, 1000);
}

TEST(BinaryMetrics, equal_windows_have_no_change) {
  const BinarySample sample = sample_of(twelve, outcomes);
  for (const BinaryMetric* m : binary_metrics())
    for (const Measurement& measurement : measure(*m, {}, &sample, sample, {})) {
      ASSERT_TRUE(measurement.computed()) << m->info.id;
      EXPECT_EQ(measurement.value.value, 0) << m->info.id;
      if (std::isnan(measurement.value.lower)) continue;
      EXPECT_LE(measurement.value.lower, 0) << m->info.id;
      EXPECT_GE(measurement.value.upper, 0) << m->info.id;
    }
}

TEST(BinaryMetrics, without_a_labelled_reference_the_current_level_stands_alone) {
  const BinarySample current = sample_of(twelve, outcomes), unlabelled = sample_of({.4}, {unknown_label});
  for (const BinarySample* reference : {static_cast<const BinarySample*>(nullptr), &unlabelled}) {
    const Measurement m = measure(binary::roc_auc, {}, reference, current, {}).front();
    EXPECT_TRUE(m.computed());
    EXPECT_TRUE(std::isnan(m.value.value));
    EXPECT_FALSE(m.reference);
    EXPECT_NEAR(m.current->value, .791666666667, 1e-12);
  }
  const BinarySample one_class = sample_of({.4, .5}, {1, 1});
  const Measurement m = measure(binary::roc_auc, {}, &one_class, current, {}).front();
  EXPECT_TRUE(m.computed());
  EXPECT_EQ(m.note, "reference: no labelled row is of the negative class");
}

// Doubling every negative halves the odds: the average precision at the reference's prevalence is the reference's own.
TEST(BinaryMetrics, average_precision_at_the_reference_prevalence) {
  std::vector<double> scores = twelve;
  std::vector<uint8_t> labels = outcomes;
  for (size_t i = 0; i < twelve.size(); ++i)
    if (outcomes[i] == 0) {
      scores.push_back(twelve[i]);
      labels.push_back(0);
    }
  const BinarySample reference = sample_of(twelve, outcomes), current = sample_of(scores, labels);
  const Measurement m = measure(binary::average_precision, {}, &reference, current, {}).front();
  EXPECT_LT(m.current->value, .8);
  EXPECT_NEAR(*m.detail("at_reference_prevalence"), .828409090909, 1e-12);
  EXPECT_NEAR(*m.detail("prevalence"), 1.0 / 3, 1e-15);
  EXPECT_EQ(*m.detail("reference_prevalence"), .5);
}

TEST(BinaryMetrics, grades_are_the_tenths_of_the_reference_on_both_sides) {
  std::vector<double> scores;
  std::vector<uint8_t> labels;
  for (int i = 0; i < 100; ++i) {
    scores.push_back((i + .5) / 100);
    labels.push_back(i % 10 < i / 10);   // the rate of grade g is g/10
  }
  const BinarySample reference = sample_of(scores, labels), current = sample_of({.02, .03, .97, .98}, {1, 0, 1, 1});
  const auto changes = measure(binary::calibration_by_grade, {"p", ""}, &reference, current, {});
  ASSERT_EQ(changes.size(), 10u);
  EXPECT_EQ(changes[0].subject.slice, "score below 0.105");
  EXPECT_EQ(changes[3].subject.slice, "score 0.305 to 0.405");
  EXPECT_EQ(changes[9].subject.slice, "score 0.905 and above");
  EXPECT_EQ(changes[0].value.value, .5);
  EXPECT_NEAR(*changes[0].detail("binomial_p"), 1 - .975 * .975, 1e-12);
  EXPECT_EQ(changes[3].not_computable, "no labelled row has such a score");
  EXPECT_EQ(level_of("rank_order", reference).estimate.value, 0);
  EXPECT_GT(detail(level_of("rank_order", reference), "trend_z"), 5);
  EXPECT_EQ(detail(level_of("hosmer_lemeshow", reference), "df"), 10);
}

TEST(BinaryMetrics, the_threshold_curve_ends_at_the_lowest_and_highest_score) {
  const auto curve = threshold_curve(sample_of(twelve, outcomes), 5);
  ASSERT_GE(curve.size(), 4u);
  EXPECT_EQ(curve.front().threshold, .1);
  EXPECT_EQ(curve.front().confusion, (Confusion{6, 6, 0, 0}));
  EXPECT_EQ(curve.back().threshold, .9);
  EXPECT_EQ(curve.back().confusion, (Confusion{1, 0, 5, 6}));
  for (const ThresholdPoint& point : curve)
    EXPECT_EQ(point.confusion, sample_of(twelve, outcomes).confusion_by_score(point.threshold));
  EXPECT_TRUE(threshold_curve(sample_of({}, {})).empty());
}

// S of the ECB's template with the reference's AUC as known, and with both standard errors.
TEST(BinaryMetrics, gini_drop_is_relative_and_tested_on_one_side) {
  Random random(4);
  const auto draw = [&](double noise) {
    std::vector<double> scores(2000);
    std::vector<uint8_t> labels(scores.size());
    for (size_t i = 0; i < scores.size(); ++i) {
      const double x = random.normal();
      labels[i] = random.chance(1 / (1 + std::exp(1 - x)));
      scores[i] = 1 / (1 + std::exp(-(x + noise * random.normal())));
    }
    return sample_of(std::move(scores), std::move(labels));
  };
  const BinarySample before = draw(0), now = draw(1);
  const auto measured = measure(metric("gini_drop"), {}, &before, now, {});
  ASSERT_EQ(measured.size(), 1u);
  const Measurement& m = measured.front();
  const Estimate from = level_of("roc_auc", before).estimate, to = level_of("roc_auc", now).estimate;
  EXPECT_EQ(m.reference->value, 0);
  EXPECT_NEAR(m.value.value, 1 - (2 * to.value - 1) / (2 * from.value - 1), 1e-14);
  EXPECT_EQ(m.value.value, m.current->value);
  EXPECT_NEAR(m.value.lower, m.current->lower, 1e-14);
  EXPECT_GT(m.value.lower, 0);
  EXPECT_LT(m.value.upper, 1);
  EXPECT_NEAR(*m.detail("statistic"), (from.value - to.value) / std::hypot(from.se, to.se), 1e-12);
  EXPECT_NEAR(*m.detail("statistic_known_reference"), (from.value - to.value) / to.se, 1e-12);
  EXPECT_NEAR(*m.detail("p"), std::erfc(*m.detail("statistic") / std::sqrt(2)) / 2, 1e-12);
  const BinarySample reversed = sample_of({.1, .2, .8, .9}, {1, 1, 0, 0});
  EXPECT_EQ(measure(metric("gini_drop"), {}, &reversed, now, {}).front().not_computable,
            "the reference's Gini coefficient is not above 0");
}

TEST(BinaryMetrics, the_registry_is_complete_and_its_records_are_whole) {
  std::map<std::string_view, int> ids;
  for (const BinaryMetric* m : binary_metrics()) {
    EXPECT_EQ(++ids[m->info.id], 1) << m->info.id;
    EXPECT_EQ(m->info.family, Family::performance);
    for (const std::string_view text : {m->info.title, m->info.measures, m->info.guarantee, m->info.misleads,
                                        m->info.cost, m->info.source})
      EXPECT_FALSE(text.empty()) << m->info.id;
  }
  EXPECT_EQ(ids.size(), 25u);
}

// 600 windows of 400 rows with miscalibrated scores; the truth from 1e6 rows of the same law. The Monte-Carlo error of
// a coverage of 95 % is 0.9 points.
TEST(BinaryMetrics, intervals_cover_as_stated) {
  const auto draw = [](Random& random, size_t n) {
    std::vector<double> scores(n);
    std::vector<uint8_t> labels(n);
    for (size_t i = 0; i < n; ++i) {
      const double x = random.normal(-.5, 1.5);
      scores[i] = 1 / (1 + std::exp(-(.3 + .9 * x)));
      labels[i] = random.chance(1 / (1 + std::exp(-x)));
    }
    return sample_of(std::move(scores), std::move(labels));
  };
  Random random(20);
  const BinarySample reference = draw(random, 5000), population = draw(random, 1000000);
  const int runs = 600;
  std::map<std::string_view, double> truth, covered;
  for (const BinaryMetric* m : binary_metrics())
    truth[m->info.id] = levels(*m, population, {}, &reference).front().estimate.value;
  for (int run = 0; run < runs; ++run) {
    const BinarySample window = draw(random, 400);
    for (const BinaryMetric* m : binary_metrics()) {
      const Estimate e = levels(*m, window, {}, &reference).front().estimate;
      if (std::isnan(e.lower)) continue;   // no interval is claimed
      const double value = truth[m->info.id];
      covered[m->info.id] += e.lower <= value && value <= e.upper;
    }
  }
  for (const auto& [id, count] : covered) {
    const double share = count / runs;
    EXPECT_GE(share, .93) << id;
    // The bounds of the KS distance are conservative by design, those of the calibration error near 0 by necessity.
    EXPECT_LE(share, id == "score_ks" || id == "calibration_error" ? 1 : .97) << id;
  }
}

}  // namespace
}  // namespace leeway::performance
