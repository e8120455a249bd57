#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "base/random.h"
#include "checks/performance/metrics.h"
#include "checks/performance/registry.h"
#include "reference_table.h"

namespace leeway::performance {
namespace {

MulticlassSample sample_of(std::vector<uint32_t> labels, std::vector<uint32_t> predictions, size_t classes,
                           std::vector<double> scores = {}) {
  MulticlassRows rows;
  for (size_t c = 0; c < classes; ++c) rows.classes.push_back(std::string(1, static_cast<char>('a' + c)));
  const auto n = static_cast<int64_t>(labels.size());
  rows.labels = std::move(labels);
  rows.predictions = std::move(predictions);
  rows.scores = std::move(scores);
  rows.labelled = {n, n, 0, 0, 0, 0, 0, 0};
  return MulticlassSample::of_rows(rows);
}

MulticlassSample from_scores(std::vector<uint32_t> labels, std::vector<double> scores, size_t classes) {
  std::vector<uint32_t> predictions;
  for (size_t i = 0; i < labels.size(); ++i) {
    uint32_t best = 0;
    for (uint32_t c = 1; c < classes; ++c)
      if (scores[i * classes + c] > scores[i * classes + best]) best = c;
    predictions.push_back(best);
  }
  return sample_of(std::move(labels), std::move(predictions), classes, std::move(scores));
}

const MulticlassMetric& metric(std::string_view id) {
  for (const MulticlassMetric* m : multiclass_metrics())
    if (m->info.id == id) return *m;
  throw std::out_of_range("no such metric");
}

Level level_of(std::string_view id, const MulticlassSample& sample, std::string_view slice = "") {
  for (const Level& level : levels(metric(id), sample, {}, &sample))
    if (level.slice == slice || !level.computed()) return level;
  throw std::out_of_range("no such slice");
}

TEST(MulticlassMetrics, equal_scikit_learn_and_statsmodels) {
  const testing::ReferenceTable data("multiclass_rows.csv"), expected("multiclass_metrics.csv");
  std::vector<uint32_t> labels;
  std::vector<double> scores;
  for (size_t i = 0; i < data.rows(); ++i) {
    labels.push_back(static_cast<uint32_t>(data.text(i, "label")[0] - 'a'));
    for (const char* column : {"a", "b", "c"}) scores.push_back(data.number(i, column));
  }
  const MulticlassSample sample = from_scores(labels, scores, 3);
  for (size_t i = 0; i < expected.rows(); ++i) {
    const std::string id = expected.text(i, "metric");
    const Level level = level_of(id, sample, expected.text(i, "slice"));
    ASSERT_TRUE(level.computed()) << id;
    EXPECT_NEAR(level.estimate.value, expected.number(i, "value"), 1e-9 * expected.number(i, "value")) << id;
    if (expected.has(i, "se")) {
      EXPECT_NEAR(level.estimate.se, expected.number(i, "se"), 1e-9 * expected.number(i, "se")) << id;
    }
  }
}

TEST(MulticlassMetrics, a_class_never_predicted_is_left_out_of_the_mean_precision_and_named) {
  const MulticlassSample sample = sample_of({0, 0, 1, 1, 2}, {0, 0, 1, 0, 1}, 3);
  const Level macro = level_of("precision_macro", sample);
  EXPECT_NEAR(macro.estimate.value, (2.0 / 3 + 1.0 / 2) / 2, 1e-15);
  EXPECT_EQ(macro.note, "never predicted and left out: 'c'");
  EXPECT_EQ(level_of("precision_by_class", sample, "class = c").not_computable,
            "undefined (the class is never predicted)");
  EXPECT_NEAR(level_of("f1_macro", sample).estimate.value, (.8 + .5 + 0) / 3, 1e-15);
  EXPECT_EQ(level_of("recall_by_class", sample, "class = c").estimate.value, 0);
}

TEST(MulticlassMetrics, every_metric_is_defined_on_every_degenerate_sample) {
  std::map<std::string, MulticlassSample> samples;
  samples.emplace("no rows", sample_of({}, {}, 3));
  samples.emplace("one row", from_scores({1}, {.2, .5, .3}, 3));
  samples.emplace("one class", from_scores({1, 1}, {.2, .5, .3, .4, .3, .3}, 3));
  samples.emplace("perfect", from_scores({0, 1, 2}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, 3));
  samples.emplace("equal scores", from_scores({0, 1, 2, 0, 1}, std::vector<double>(15, 1.0 / 3), 3));
  samples.emplace("always wrong", sample_of({0, 1, 0, 1}, {1, 0, 1, 0}, 2));
  samples.emplace("predictions alone", sample_of({0, 1, 2, 2}, {0, 2, 2, 1}, 3));
  for (const auto& [name, sample] : samples)
    for (const MulticlassMetric* m : multiclass_metrics())
      for (const Level& level : levels(*m, sample, {}, &sample)) {
        if (!level.computed()) continue;
        const Estimate& e = level.estimate;
        EXPECT_TRUE(std::isfinite(e.value)) << m->info.id << " on " << name;
        if (sample.rows() < 2) continue;
        EXPECT_LE(e.lower, e.value + 1e-12) << m->info.id << " on " << name;
        EXPECT_GE(e.upper, e.value - 1e-12) << m->info.id << " on " << name;
      }
  EXPECT_EQ(level_of("hand_till_auc", samples.at("one class")).not_computable, "the labels are all of one class");
  EXPECT_EQ(level_of("hand_till_auc", samples.at("predictions alone")).not_computable, "there are no scores per class");
  EXPECT_EQ(level_of("hand_till_auc", samples.at("equal scores")).estimate.value, .5);
}

TEST(MulticlassMetrics, changes_come_class_by_class) {
  const MulticlassSample reference = sample_of({0, 0, 1, 1, 2, 2}, {0, 0, 1, 1, 2, 2}, 3);
  const MulticlassSample current = sample_of({0, 0, 1, 1, 2, 2}, {0, 1, 1, 1, 2, 0}, 3);
  const auto changes = measure(multiclass::recall_by_class, {"label", ""}, &reference, current, {});
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[2].subject.slice, "class = c");
  EXPECT_EQ(changes[2].value.value, -.5);
  EXPECT_LT(changes[2].value.lower, -.5);
}

TEST(MulticlassMetrics, scores_that_do_not_add_up_are_no_probabilities) {
  const MulticlassSample sample = from_scores({0, 1, 1}, {.9, .9, .2, .8, .5, .5}, 2);
  EXPECT_FALSE(sample.probabilities());
  EXPECT_FALSE(level_of("log_loss_multiclass", sample).computed());
  EXPECT_TRUE(level_of("one_vs_rest_auc", sample).computed());
}

// 500 windows of 300 rows of three classes; the truth from 3e5 rows. Monte-Carlo error of a coverage: 1 point.
TEST(MulticlassMetrics, intervals_cover_as_stated) {
  const auto draw = [](Random& random, size_t n) {
    std::vector<uint32_t> labels(n);
    std::vector<double> scores;
    for (auto& label : labels) {
      const double u = random.uniform();
      label = u < .5 ? 0 : u < .8 ? 1 : 2;
      double e[3], sum = 0;
      for (uint32_t c = 0; c < 3; ++c) sum += e[c] = std::exp(random.normal(c == label ? 1.2 : 0, 1));
      for (const double v : e) scores.push_back(v / sum);
    }
    return from_scores(std::move(labels), std::move(scores), 3);
  };
  Random random(30);
  const MulticlassSample population = draw(random, 300000);
  const int runs = 500;
  std::map<std::string, double> truth, covered;
  for (const MulticlassMetric* m : multiclass_metrics())
    for (const Level& l : levels(*m, population, {}, &population))
      truth[std::string(m->info.id) + l.slice] = l.estimate.value;
  for (int run = 0; run < runs; ++run) {
    const MulticlassSample window = draw(random, 300);
    for (const MulticlassMetric* m : multiclass_metrics())
      for (const Level& l : levels(*m, window, {}, &window)) {
        const double value = truth[std::string(m->info.id) + l.slice];
        covered[std::string(m->info.id) + l.slice] += l.estimate.lower <= value && value <= l.estimate.upper;
      }
  }
  for (const auto& [id, count] : covered) {
    EXPECT_GE(count / runs, .93) << id;
    EXPECT_LE(count / runs, .975) << id;
  }
}

}  // namespace
}  // namespace leeway::performance
