// Calibration and ranking within and across groups.

#include "base/random.h"
#include "checks/fairness/fairness.h"
#include "checks/fairness/group_rows_builder.h"

namespace leeway::fairness {
namespace {

FairnessMeasurements measured(const RowsBuilder& builder, const GroupRows* reference = nullptr,
                              const FairnessOptions& options = {}) {
  return *measure_fairness(reference, builder.rows(), options);
}

const FairnessMeasurements& compas() {
  static const FairnessMeasurements all = measured(compas_rows(), nullptr, {.min_rows = 100, .search_depth = 0});
  return all;
}

// numpy 1.24 on the same data, score = decile / 10.
TEST(CompasScores, MeanResiduals) {
  const Measurement& m = find(compas().levels, "group_mean_residual", "race", "race = African-American");
  EXPECT_NEAR(m.current->value, -0.022537878787878787, 1e-12);
  EXPECT_NEAR(m.current->se, 0.007982510154243843, 1e-12);
  const Measurement& gap = find(compas().parity, "mean_residual_difference", "race");
  EXPECT_NEAR(gap.value.value, 0.08036281247488145, 1e-12);
  EXPECT_GT(gap.value.lower, 0);
}

// scikit-learn roc_auc_score within each race with at least 100 rows.
TEST(CompasScores, AucWithinRaces) {
  EXPECT_NEAR(find(compas().levels, "group_roc_auc", "race", "race = African-American").current->value,
              0.6918343812595336, 1e-12);
  EXPECT_NEAR(find(compas().levels, "group_roc_auc", "race", "race = Hispanic").current->value, 0.6379257130693913,
              1e-12);
  EXPECT_NEAR(find(compas().parity, "roc_auc_difference", "race").value.value, 0.05760923084777858, 1e-12);
}

// numpy: xAUC(African-American, Other) - xAUC(Other, African-American), placements' variances with ddof 1; Bonferroni
// over 6 pairs, norm.isf(.05/12). Our variance divides by n(n-1) in the same way.
TEST(CompasScores, CrossAuc) {
  const Measurement& m = find(compas().parity, "cross_auc_difference", "race");
  EXPECT_NEAR(m.value.value, 0.4182441525462357, 1e-12);
  EXPECT_NEAR(m.value.lower, 0.3444957624066079, 1e-9);
  EXPECT_EQ(m.note,
            "positives of African-American outrank negatives of Other more often than the other way round; 2 groups "
            "with too few rows left out (50 rows)");
}

/// Score p uniform on (.1,.9); group b's true chance has its logit shifted and scaled.
RowsBuilder shifted(uint64_t seed, double intercept, double slope, size_t rows) {
  Random random(seed);
  RowsBuilder builder({"group"});
  for (size_t i = 0; i < rows; ++i)
    for (const char* group : {"a", "b"}) {
      const double p = 0.1 + 0.8 * random.uniform(), logit = std::log(p / (1 - p));
      const double t = group[0] == 'a' ? logit : intercept + slope * logit;
      builder.add({group}, p > 0.5, random.chance(1 / (1 + std::exp(-t))), 1, p);
    }
  return builder;
}

TEST(Calibration, RecoversAnInjectedMiscalibration) {
  const auto all = measured(shifted(31, 0.5, 0.6, 20'000));
  const Measurement& intercept = find(all.parity, "calibration_intercept_difference");
  EXPECT_LT(intercept.value.lower, 0.5);
  EXPECT_GT(intercept.value.upper, 0.5);
  EXPECT_GT(intercept.value.lower, 0.4);
  const Measurement& slope = find(all.parity, "calibration_slope_difference");
  EXPECT_LT(slope.value.lower, 0.4);
  EXPECT_GT(slope.value.upper, 0.4);
  EXPECT_LT(*slope.p_value, 0.01);
  EXPECT_NEAR(find(all.levels, "group_calibration_slope", "group", "group = a").current->value, 1, 0.1);
  EXPECT_GT(find(all.parity, "calibration_error_difference").value.lower, 0);
  EXPECT_GT(find(all.parity, "mean_residual_difference").value.lower, 0);
}

TEST(Calibration, ACalibratedScoreShowsNothing) {
  const auto all = measured(shifted(32, 0, 1, 20'000));
  for (const auto* id :
       {"calibration_intercept_difference", "calibration_slope_difference", "mean_residual_difference"}) {
    EXPECT_EQ(find(all.parity, id).value.lower, 0) << id;
    EXPECT_GT(*find(all.parity, id).p_value, 0.05) << id;
  }
}

TEST(Calibration, ChangeAgainstTheReference) {
  const RowsBuilder then = shifted(33, 0, 1, 5000);
  const GroupRows reference = then.rows();
  const auto all = measured(shifted(34, 0.5, 1, 5000), &reference);
  const Measurement& m = find(all.parity, "mean_residual_difference");
  EXPECT_GT(*m.detail("change_lower"), 0);
  EXPECT_NEAR(*m.detail("change"), m.value.value, 0.05);
  EXPECT_GT(find(all.levels, "group_mean_residual", "group", "group = b").value.lower, 0);
}

TEST(Scores, WhatIsMissingIsSaid) {
  RowsBuilder builder = shifted(35, 0, 1, 200);
  GroupRows rows = builder.rows();
  rows.scores = {};
  auto all = *measure_fairness(nullptr, rows);
  EXPECT_EQ(find(all.parity, "roc_auc_difference").not_computable, "there is no score");
  rows = builder.rows();
  rows.labels = {};
  all = *measure_fairness(nullptr, rows);
  EXPECT_EQ(find(all.parity, "cross_auc_difference").not_computable, "there are no outcomes yet");
}

TEST(Scores, ScoresOutsideZeroToOneStillRank) {
  Random random(36);
  RowsBuilder builder({"group"});
  for (int i = 0; i < 400; ++i) {
    const bool positive = random.chance(0.5);
    builder.add({i % 2 ? "a" : "b"}, 0, positive, 1, random.normal(positive ? 650 : 600, 50));
  }
  const auto all = measured(builder);
  EXPECT_TRUE(find(all.parity, "roc_auc_difference").computed());
  const Measurement& level = find(all.levels, "group_mean_residual");
  EXPECT_EQ(level.not_computable, "the score is no probability: it leaves [0, 1]");
  EXPECT_EQ(find(all.parity, "mean_residual_difference").not_computable,
            "the score is no probability: it leaves [0, 1]");
}

TEST(Scores, NotFiniteScoresAreLeftOutAndCounted) {
  RowsBuilder builder = shifted(37, 0, 1, 100);
  builder.add({"a"}, 0, 1, 5, std::numeric_limits<double>::quiet_NaN());
  builder.add({"a"}, 0, 1, 2, std::numeric_limits<double>::infinity());
  const Measurement& m = find(measured(builder).parity, "roc_auc_difference");
  EXPECT_EQ(m.current_rows.rows, 207);
  EXPECT_EQ(m.current_rows.used, 200);
  EXPECT_EQ(m.current_rows.missing, 7);
}

TEST(CrossAuc, PerfectSeparationIsNotCertainty) {
  RowsBuilder builder({"group"});
  for (const char* group : {"a", "b"})
    for (int i = 0; i < 40; ++i) builder.add({group}, i >= 20, i >= 20, 1, i / 40.0);
  const Measurement& m = find(measured(builder).parity, "cross_auc_difference");
  EXPECT_EQ(m.value.value, 0);
  EXPECT_GT(m.value.upper, 0);
}

}  // namespace
}  // namespace leeway::fairness
