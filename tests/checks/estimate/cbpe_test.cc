#include "checks/estimate/cbpe.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/random.h"
#include "checks/performance/metrics.h"

namespace leeway::estimate {
namespace {

using performance::BinaryRows;
using performance::MulticlassRows;
using performance::unknown_label;

template <class Rows>
void set_counts(Rows& rows, int64_t known) {
  const auto n = static_cast<int64_t>(rows.size());
  rows.usable = {n, n, 0, 0, 0, 0, 0, 0};
  rows.labelled = {n, known, n - known, 0, 0, 0, 0, 0};
}

BinaryRows unlabelled(std::vector<double> scores) {
  BinaryRows rows;
  rows.labels.assign(scores.size(), unknown_label);
  rows.scores = std::move(scores);
  set_counts(rows, 0);
  return rows;
}

const Measurement& of(const std::vector<Measurement>& all, std::string_view id) {
  return *std::ranges::find_if(all, [&](const Measurement& m) { return m.method->id == id; });
}

// By hand, scores taken as chances: E[TP] = 1.7, E[FP] = .3 of 2 selected; E[FN] = .5, E[TN] = 1.5.
TEST(Cbpe, expected_confusion_of_calibrated_scores) {
  const BinaryRows rows = unlabelled({.9, .8, .4, .1});
  const auto all = estimate_binary({"p", ""}, nullptr, rows,
                                   {.cost = {.false_positive = 2, .false_negative = 10}});
  const auto value = [&](std::string_view id) { return of(all, id).current->value; };
  EXPECT_NEAR(value("estimated_accuracy"), 3.2 / 4, 1e-15);
  EXPECT_NEAR(value("estimated_precision"), 1.7 / 2, 1e-15);
  EXPECT_NEAR(value("estimated_recall"), 1.7 / 2.2, 1e-15);
  EXPECT_NEAR(value("estimated_f1"), 3.4 / 4.2, 1e-15);
  EXPECT_NEAR(value("estimated_event_rate"), 2.2 / 4, 1e-15);
  EXPECT_NEAR(value("estimated_cost_per_row"), (.3 * 2 + .5 * 10) / 4, 1e-15);
  const double wins = .9 * (.2 + .6 + .9) + .8 * (.6 + .9) + .4 * .9;
  const double pairs = 2.2 * 1.8 - (.09 + .16 + .24 + .09);
  EXPECT_NEAR(value("estimated_roc_auc"), wins / pairs, 1e-15);
  const Measurement& accuracy = of(all, "estimated_accuracy");
  EXPECT_NEAR(*accuracy.detail("se_label_noise"), std::sqrt(.09 + .16 + .24 + .09) / 4, 1e-15);
  EXPECT_EQ(*accuracy.detail("se_calibration"), 0);
  EXPECT_NE(accuracy.note.find("taken as calibrated"), std::string::npos);
  EXPECT_FALSE(accuracy.reference);
}

/// Scores that are wrong by a shift of the logit, so that only calibration on the reference gets them right.
BinaryRows draw(Random& random, size_t n, double location) {
  BinaryRows rows;
  for (size_t i = 0; i < n; ++i) {
    const double x = random.normal(location, 1.5);
    rows.scores.push_back(1 / (1 + std::exp(-(1.4 * x + .8))));
    rows.labels.push_back(random.chance(1 / (1 + std::exp(-x))));
  }
  set_counts(rows, static_cast<int64_t>(n));
  return rows;
}

std::map<std::string_view, double> realised(const BinaryRows& rows) {
  namespace binary = performance::binary;
  const auto sample = performance::BinarySample::of_rows(rows);
  const auto value = [&](const performance::BinaryMetric& metric) {
    return performance::levels(metric, sample, {}, &sample).front().estimate.value;
  };
  return {{"estimated_roc_auc", value(binary::roc_auc)},     {"estimated_accuracy", value(binary::accuracy)},
          {"estimated_precision", value(binary::precision)}, {"estimated_recall", value(binary::recall)},
          {"estimated_f1", value(binary::f1)},               {"estimated_event_rate", sample.prevalence()}};
}

// 200 pairs of a reference and a moved window. The calibration error is what a window moves by; where isotonic steps
// are few it is a little generous.
void intervals_cover(size_t reference_rows, double least, double most) {
  Random random(reference_rows);
  std::map<std::string_view, double> covered;
  const int runs = 200;
  for (int run = 0; run < runs; ++run) {
    const BinaryRows reference = draw(random, reference_rows, -.3), window = draw(random, 600, .2);
    const auto truth = realised(window);
    const Options options{.refits = 25, .seed = static_cast<uint64_t>(run)};
    for (const Measurement& m : estimate_binary({}, &reference, window, options))
      covered[m.method->id] += m.current->lower <= truth.at(m.method->id) &&
                               truth.at(m.method->id) <= m.current->upper;
  }
  for (const auto& [id, count] : covered) {
    EXPECT_GE(count / runs, least) << id;
    EXPECT_LE(count / runs, most) << id;
  }
}

TEST(Cbpe, intervals_cover_the_realised_value_with_a_logistic_map) { intervals_cover(800, .93, .985); }
TEST(Cbpe, intervals_cover_the_realised_value_with_an_isotonic_map) { intervals_cover(2500, .93, .985); }

TEST(Cbpe, does_not_look_at_current_labels_and_is_reproducible) {
  Random random(8);
  const BinaryRows reference = draw(random, 3000, 0);
  BinaryRows window = draw(random, 500, .5);
  const auto before = estimate_binary({}, &reference, window, {});
  std::ranges::fill(window.labels, unknown_label);
  const auto after = estimate_binary({}, &reference, window, {});
  for (size_t i = 0; i < before.size(); ++i) EXPECT_EQ(*before[i].current, *after[i].current);
}

TEST(Cbpe, what_cannot_be_estimated_says_why) {
  Random random(8);
  const BinaryRows reference = draw(random, 30, 0), window = draw(random, 100, 0);
  EXPECT_EQ(estimate_binary({}, &reference, window, {})[0].not_computable.substr(0, 50),
            "calibrating the score needs 50 labelled reference ");
  EXPECT_EQ(estimate_binary({}, &reference, unlabelled({}), {})[0].not_computable, "no row has a usable prediction");
  EXPECT_EQ(estimate_binary({}, nullptr, unlabelled({300, 700}), {})[0].not_computable,
            "the score is no probability and there are no labelled reference rows to calibrate it on");
  BinaryRows decided = unlabelled({.4, .6});
  decided.scores.clear();
  decided.decisions = {0, 1};
  EXPECT_EQ(estimate_binary({}, nullptr, decided, {})[0].not_computable, "there is no score column");
  const auto low = estimate_binary({}, nullptr, unlabelled({.1, .2}), {});
  EXPECT_EQ(of(low, "estimated_precision").not_computable, "undefined (no predicted positives)");
  EXPECT_EQ(of(low, "estimated_recall").current->value, 0);
  EXPECT_FALSE(of(estimate_binary({}, nullptr, unlabelled({0, 0}), {}), "estimated_roc_auc").computed());
}

TEST(Cbpe, a_score_that_is_no_probability_is_calibrated_all_the_same) {
  Random random(12);
  BinaryRows reference = draw(random, 3000, 0), window = draw(random, 3000, .3);
  for (BinaryRows* rows : {&reference, &window})
    for (double& score : rows->scores) score = 600 + 50 * std::log(score / (1 - score));
  const auto truth = performance::confusion_of(window, 640);
  const Measurement m = of(estimate_binary({}, &reference, window, {.threshold = 640}), "estimated_accuracy");
  const double accuracy = static_cast<double>(truth.true_positives + truth.true_negatives) / 3000;
  EXPECT_LE(m.current->lower, accuracy);
  EXPECT_GE(m.current->upper, accuracy);
}

// Two classes of a multiclass task, the scores being chances: accuracy as for the binary task; the rest by hand from
// the expected matrix {{1.5, .3}, {.5, 1.7}} (actual by predicted).
TEST(Cbpe, multiclass_by_hand) {
  MulticlassRows rows;
  rows.classes = {"no", "yes"};
  for (const double p : {.9, .8, .4, .1}) {
    rows.scores.insert(rows.scores.end(), {1 - p, p});
    rows.predictions.push_back(p >= .5);
    rows.labels.push_back(performance::unknown_class);
  }
  set_counts(rows, 0);
  const auto all = estimate_multiclass({}, nullptr, rows, {});
  EXPECT_NEAR(of(all, "estimated_accuracy_multiclass").current->value, .8, 1e-15);
  EXPECT_NEAR(*of(all, "estimated_accuracy_multiclass").detail("se_label_noise"), std::sqrt(.58) / 4, 1e-15);
  EXPECT_NEAR(of(all, "estimated_precision_macro").current->value, (1.5 / 2 + 1.7 / 2) / 2, 1e-15);
  EXPECT_NEAR(of(all, "estimated_recall_macro").current->value, (1.5 / 1.8 + 1.7 / 2.2) / 2, 1e-15);
  EXPECT_NEAR(of(all, "estimated_f1_macro").current->value, (3 / 3.8 + 3.4 / 4.2) / 2, 1e-15);
  const auto binary = estimate_binary({}, nullptr, unlabelled({.9, .8, .4, .1}), {});
  const Measurement &mean_auc = of(all, "estimated_one_vs_rest_auc"), &auc = of(binary, "estimated_roc_auc");
  EXPECT_NEAR(mean_auc.current->value, auc.current->value, 1e-14);
  EXPECT_NEAR(*mean_auc.detail("se_label_noise"), *auc.detail("se_label_noise"), 1e-14);
}

MulticlassRows draw_classes(Random& random, size_t n, double tilt) {
  MulticlassRows rows;
  rows.classes = {"a", "b", "c"};
  for (size_t i = 0; i < n; ++i) {
    double chance[3], score[3], sum = 0, score_sum = 0;
    for (int c = 0; c < 3; ++c) {
      const double x = random.normal(c == 0 ? tilt : 0, 1.3);
      sum += chance[c] = std::exp(x);
      score_sum += score[c] = std::exp(1.6 * x + .2 * c);   // too extreme, and leaning
    }
    const double u = random.uniform() * sum;
    rows.labels.push_back(u < chance[0] ? 0 : u < chance[0] + chance[1] ? 1 : 2);
    rows.predictions.push_back(static_cast<uint32_t>(std::max_element(score, score + 3) - score));
    for (const double s : score) rows.scores.push_back(s / score_sum);
  }
  set_counts(rows, static_cast<int64_t>(n));
  return rows;
}

// 100 pairs of a reference of 3000 rows and a window of 600 whose class shares moved. In 1500 pairs coverage is 93.3 to
// 94.1 %; the Monte-Carlo error of 100 is 2.4 points.
TEST(Cbpe, multiclass_intervals_cover_the_realised_value) {
  Random random(77);
  std::map<std::string_view, double> covered;
  const int runs = 100;
  for (int run = 0; run < runs; ++run) {
    const MulticlassRows reference = draw_classes(random, 3000, 0), window = draw_classes(random, 600, .3);
    const auto sample = performance::MulticlassSample::of_rows(window);
    for (const Measurement& m : estimate_multiclass({}, &reference, window, {.refits = 20})) {
      const std::string id(m.method->id.substr(std::string_view("estimated_").size()));
      for (const performance::MulticlassMetric* metric :
           {&performance::multiclass::accuracy, &performance::multiclass::precision_macro,
            &performance::multiclass::recall_macro, &performance::multiclass::f1_macro,
            &performance::multiclass::one_vs_rest_auc}) {
        if (metric->info.id != id) continue;
        const double truth = performance::levels(*metric, sample, {}, &sample).front().estimate.value;
        covered[m.method->id] += m.current->lower <= truth && truth <= m.current->upper;
      }
    }
  }
  EXPECT_EQ(covered.size(), 5u);
  for (const auto& [id, count] : covered) {
    EXPECT_GE(count / runs, .88) << id;
    EXPECT_LE(count / runs, .99) << id;
  }
}

TEST(Cbpe, multiclass_reasons) {
  Random random(5);
  MulticlassRows reference = draw_classes(random, 300, 0), window = draw_classes(random, 50, 0);
  MulticlassRows renamed = reference;
  renamed.classes = {"a", "b", "x"};
  EXPECT_EQ(estimate_multiclass({}, &renamed, window, {})[0].not_computable, "the reference lists other classes");
  for (auto& label : reference.labels) label = label == 2 ? 1 : label;
  EXPECT_EQ(estimate_multiclass({}, &reference, window, {})[0].not_computable,
            "calibrating the scores needs 5 labelled reference rows of each class; of 'c' there are 0");
  MulticlassRows bare = window;
  bare.scores.clear();
  EXPECT_EQ(estimate_multiclass({}, nullptr, bare, {})[0].not_computable, "there are no scores per class");
}

TEST(Cbpe, records_are_whole) {
  std::set<std::string_view> ids;
  for (const MethodInfo* info : methods()) {
    EXPECT_TRUE(ids.insert(info->id).second);
    EXPECT_EQ(info->family, Family::estimate);
    EXPECT_TRUE(info->id.starts_with("estimated_"));
  }
  EXPECT_EQ(ids.size(), 12u);
}

}  // namespace
}  // namespace leeway::estimate
