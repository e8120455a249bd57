#include "reports/words.h"

#include <gtest/gtest.h>

#include "reports/summary.h"
#include "sample_report.h"

namespace leeway::reports {
namespace {

using sample::around;

EstimateText text(double value, double lower, double upper, std::string_view unit = "", Form form = Form::level) {
  return estimate_text({value, lower, upper, undefined}, unit, form);
}

TEST(Words, DecimalsFollowTheIntervalNotTheValue) {
  EXPECT_EQ(with_bounds(text(0.21, 0.19, 0.2341)), "0.210 (0.190 to 0.234)");
  EXPECT_EQ(with_bounds(text(0.78213, 0.7780, 0.7863)), "0.7821 (0.7780 to 0.7863)");
  EXPECT_EQ(with_bounds(text(41'220.4, 40'100, 42'300)), "41,220 (40,100 to 42,300)");
  EXPECT_EQ(with_bounds(text(100, 99.9961, 100)), "100.00 (100.00 to 100.00)");   // at most five digits
  EXPECT_EQ(with_bounds(text(1'234.56, 1'233.9, 1'235.2)), "1,234.6 (1,233.9 to 1,235.2)");
}

TEST(Words, WithoutAnIntervalThreeDigitsAreShown) {
  EXPECT_EQ(with_bounds(text(0.031289, undefined, undefined)), "0.0313");
  EXPECT_EQ(number_text(0.12345, "share"), "12.3 %");
  EXPECT_EQ(number_text(1240, ""), "1,240");
}

TEST(Words, OneBoundIsSaidAsOne) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(text(0.3, 0.2, inf).bounds, "at least 0.2");
  EXPECT_EQ(text(0.3, undefined, 0.4).bounds, "at most 0.4");
  EXPECT_EQ(text(0.3, undefined, undefined).bounds, "");
  EXPECT_EQ(text(undefined, undefined, undefined).value, "");
}

TEST(Words, ChangesCarryASignAndSharesBecomePoints) {
  EXPECT_EQ(with_bounds(text(0.043, 0.036, 0.050, "share", Form::change)), "+4.3 pp (3.6 to 5.0 pp)");
  EXPECT_EQ(with_bounds(text(-0.041, -0.049, -0.033, "", Form::change)), "-0.041 (-0.049 to -0.033)");
  EXPECT_EQ(with_bounds(text(0.124, 0.118, 0.130, "share")), "12.4 % (11.8 to 13.0 %)");
}

TEST(Words, NothingIsNotWrittenAsMinusNothing) {
  EXPECT_EQ(text(-0.0000001, -0.01, 0.01, "", Form::change).value, "0.000");
  EXPECT_EQ(text(0.0, -0.01, 0.01, "", Form::change).value, "0");
}

TEST(Words, LevelsAndChangeOfOneMetricShareTheirDecimals) {
  const Finding finding = sample::change_finding(sample::roc_auc, {"score", ""}, {0.78213, 0.74092, 0.0081, -0.02});
  const LevelTexts texts = level_texts(finding.measurement);
  EXPECT_EQ(texts.reference.value, "0.782");
  EXPECT_EQ(texts.current.value, "0.741");
  EXPECT_EQ(texts.value.value, "-0.041");
}

TEST(Words, ChangeIsToldFromLevelInEachFamily) {
  const Finding metric = sample::change_finding(sample::accuracy, {"score", ""}, {0.8, 0.7, 0.01});
  EXPECT_TRUE(is_change(metric.measurement));
  Finding ratio = metric;
  ratio.measurement.method = &sample::impact_ratio;
  ratio.measurement.value = *ratio.measurement.current;   // a ratio repeats its value as its level
  EXPECT_FALSE(is_change(ratio.measurement));
  ratio.measurement.method = &sample::group_selection;
  ratio.measurement.value = around(-0.1, 0.01);
  EXPECT_TRUE(is_change(ratio.measurement));
  const Finding distance = sample::drift_finding(sample::numeric_column("x", {0, 1, 0.5}));
  EXPECT_FALSE(is_change(distance.measurement));
}

TEST(Words, LimitsAreWrittenAsTheyStandOnTheAxis) {
  EXPECT_EQ(limit_text(sample::change_finding(sample::roc_auc, {}, {0.78, 0.74, 0.01, -0.02})), "-0.02");
  EXPECT_EQ(limit_text(sample::change_finding(sample::log_loss, {}, {0.4, 0.5, 0.01, 0.03})), "+0.03");
  EXPECT_EQ(limit_text(sample::change_finding(sample::positive_rate, {}, {0.4, 0.5, 0.01, 0.05})), "±5 pp");
  EXPECT_EQ(limit_text(sample::drift_finding(sample::numeric_column("x", {0, 1, 0.5}))), "0.1");
  Finding minimum = sample::change_finding(sample::roc_auc, {}, {0.78, 0.74, 0.01, 0.7});
  minimum.leeway->on = Leeway::On::current_minimum;
  EXPECT_EQ(limit_text(minimum), "0.7");
  EXPECT_EQ(limit_text(sample::change_finding(sample::roc_auc, {}, {0.78, 0.74, 0.01})), "");
}

TEST(Words, OpenFindingsSayWhatIsMissing) {
  Finding finding = sample::drift_finding(sample::numeric_column("x", {0, 1, 0.31}));
  finding.verdict = Verdict::undecided;
  finding.rows_needed = finding.measurement.current_rows.used + 1'240;
  EXPECT_EQ(open_reason(finding), "1,240 more rows needed");
  finding.rows_needed = finding.measurement.current_rows.used + 1;
  EXPECT_EQ(open_reason(finding), "1 more row needed");
  finding.undecidable = "the reference is too small";
  EXPECT_EQ(open_reason(finding), "the reference is too small");
  EXPECT_EQ(open_reason(sample::uncomputable(sample::psi, {"x", ""}, "the column is empty")), "the column is empty");
  finding.verdict = Verdict::stable;
  EXPECT_EQ(open_reason(finding), "");
}

TEST(Words, SubjectsAndSpans) {
  EXPECT_EQ(subject_text({"income", ""}), "income");
  EXPECT_EQ(subject_text({"sex", "sex = female"}), "sex = female");
  EXPECT_EQ(subject_text({"sex", "female against male"}), "sex, female against male");
  EXPECT_EQ(subject_text({"", ""}), "the table");
  EXPECT_EQ(span_text("2026-10-01T00:00:00Z", "2026-10-08T00:00:00Z"), "2026-10-01 to 2026-10-08");
  EXPECT_EQ(span_text("2026-10-01T10:00:00Z", "2026-10-01T11:00:00Z"), "2026-10-01T10:00:00Z to 2026-10-01T11:00:00Z");
  EXPECT_EQ(span_text("", ""), "");
}

TEST(Words, TitlesInsideASentence) {
  EXPECT_EQ(mid_sentence("Log loss"), "log loss");
  EXPECT_EQ(mid_sentence("ROC AUC"), "ROC AUC");
  EXPECT_EQ(mid_sentence("F1"), "F1");
  EXPECT_EQ(mid_sentence("F-beta score"), "F-beta score");
  EXPECT_EQ(mid_sentence("Cohen's kappa"), "Cohen's kappa");
  EXPECT_EQ(mid_sentence("Gini coefficient"), "Gini coefficient");
  EXPECT_EQ(mid_sentence("Hosmer-Lemeshow statistic"), "Hosmer-Lemeshow statistic");
  EXPECT_EQ(mid_sentence("Adverse-impact ratio"), "adverse-impact ratio");
  EXPECT_EQ(mid_sentence("NaN share"), "NaN share");
  EXPECT_EQ(mid_sentence(""), "");
}

TEST(Summary, VerdictSentenceNamesWhatHappenedToWhat) {
  const std::string sentence = verdict_sentence(sample::rich_report());
  EXPECT_EQ(sentence,
            "5 columns drifted (income, employment, utilisation and 2 more); missing share of savings, share of employment in "
            "unseen categories and schema change of branch_code changed; log loss of probability_of_default, ROC AUC of "
            "probability_of_default and cost per row degraded; and adverse-impact ratio is unfair for sex, female against male.");
  EXPECT_EQ(verdict_sentence(sample::quiet_report()), "All 3 checks are within their leeway.");
  EXPECT_EQ(verdict_sentence(sample::uncomputable_report()),
            "Nothing is known to be outside its leeway, but 4 checks could not be decided.");
  EXPECT_EQ(verdict_sentence(Report()), "Nothing was judged: no check of this report carries a leeway.");
}

TEST(Summary, NextStepsAreDerivedFromTheFindings) {
  const Report report = sample::rich_report();
  const auto steps = next_steps(report, outline(report));
  ASSERT_GE(steps.size(), 4u);
  EXPECT_EQ(steps[0], "Check the data feed: missing share of savings, share of employment in unseen categories and schema change of "
                      "branch_code.");
  EXPECT_EQ(steps[1], "Find out what changed upstream in income, utilisation and months_on_book.");
  EXPECT_EQ(steps[3], "Treat performance as provisional: 38,112 of 41,220 outcomes are known, and they are final only after 90d.");
  const Report quiet = sample::quiet_report();
  EXPECT_EQ(next_steps(quiet, outline(quiet)), std::vector<std::string>{"Nothing needs to be done."});
}

TEST(Summary, AdviceFollowsTheWorstThatIsKnown) {
  const auto advised = [](const Report& report) { return advice(report).action; };
  EXPECT_EQ(advised(sample::rich_report()), Action::investigate);
  EXPECT_EQ(advised(sample::quiet_report()), Action::keep);
  EXPECT_EQ(advised(sample::uncomputable_report()), Action::keep);
  EXPECT_EQ(advised(Report()), Action::none);
  // Performance fell on sound data, and the same scores turn out differently.
  Report report = sample::quiet_report();
  report.findings.push_back(report.findings.front());
  Finding& worse = report.findings.back();
  worse.measurement.method = &sample::roc_auc;
  worse.verdict = Verdict::degraded;
  EXPECT_EQ(advised(report), Action::investigate);
  Decomposition split;
  split.behaviour = {0.02, 0.01, 0.03, 0.005};
  split.mix = {0.005, -0.01, 0.02, 0.007};
  report.explanation.performance = split;
  EXPECT_EQ(advised(report), Action::retrain);
}

TEST(Outline, EveryFindingHasExactlyOnePlace) {
  const Report report = sample::rich_report();
  const Outline sections = outline(report);
  size_t placed = sections.table_drift.size() + sections.performance.size() + sections.estimate.size() + sections.fairness.size() +
                  sections.business.size() + sections.quality.size();
  for (const auto* views : {&sections.features, &sections.targets})
    for (const auto& view : *views) placed += view.drift.size();
  EXPECT_EQ(placed, report.findings.size());
}

TEST(Outline, WorstColumnsComeFirstAndJudgedFindingsLead) {
  const Report report = sample::rich_report();
  const Outline sections = outline(report);
  EXPECT_TRUE(std::is_sorted(sections.features.begin(), sections.features.end(),
                             [](const ColumnView& a, const ColumnView& b) { return a.status > b.status; }));
  EXPECT_EQ(sections.features.front().name, "income");
  for (const auto& view : sections.features)
    EXPECT_TRUE(view.headline() == nullptr || view.headline()->verdict != Verdict::measured) << view.name;
  ASSERT_EQ(sections.targets.size(), 2u);
  EXPECT_EQ(sections.targets[0].name, "probability_of_default");
}

TEST(Outline, SeriesHaveOneCellAWindowAndGapsWhereAWindowLacksThem) {
  Report report = sample::rich_report();
  report.windows[3].findings.clear();
  const Outline sections = outline(report);
  ASSERT_EQ(sections.series.size(), 25u);
  for (const auto& series : sections.series) {
    ASSERT_EQ(series.cells.size(), 13u);
    EXPECT_EQ(series.cells[3], nullptr);
    EXPECT_NE(series.cells[12], nullptr);
  }
}

}  // namespace
}  // namespace leeway::reports
