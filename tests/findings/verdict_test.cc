#include "findings/verdict.h"

#include <gtest/gtest.h>

#include "findings/leeway_rules.h"
#include "findings/sentence.h"

namespace leeway {
namespace {

constexpr MethodInfo ks_like{.id = "ks", .title = "Kolmogorov-Smirnov distance", .family = Family::drift, .version = 1,
                             .orientation = Orientation::higher_is_worse, .scale = Scale::ks, .unit = "", .measures = "", .hypothesis = "",
                             .guarantee = "", .misleads = "", .cost = "", .source = ""};
constexpr MethodInfo auc_like{.id = "roc_auc", .title = "ROC-AUC", .family = Family::performance, .version = 1,
                              .orientation = Orientation::lower_is_worse, .scale = Scale::metric, .unit = "", .measures = "", .hypothesis = "",
                              .guarantee = "", .misleads = "", .cost = "", .source = ""};
constexpr MethodInfo bias_like{.id = "bias", .title = "Bias", .family = Family::performance, .version = 1,
                               .orientation = Orientation::either, .scale = Scale::metric, .unit = "", .measures = "", .hypothesis = "",
                               .guarantee = "", .misleads = "", .cost = "", .source = ""};

Measurement measured(const MethodInfo& method, Estimate value, int64_t n = 1000, int64_t m = 100'000) {
  Measurement out;
  out.method = &method;
  out.subject.column = "income";
  out.value = value;
  out.current_rows = {.rows = n, .used = n};
  out.reference_rows = {.rows = m, .used = m};
  return out;
}

// statistics.md §3, decision reference value: KS, n=1000, m=100,000, D=.15, bounds .106838950044 and .176137133013.
constexpr Estimate reference_case{.value = 0.15, .lower = 0.106838950044, .upper = 0.176137133013};

TEST(Verdict, SurelyBeyondIsDrifted) {
  const Finding f = judge(measured(ks_like, reference_case), Leeway{.limit = 0.10, .red = 0.2});
  EXPECT_EQ(f.verdict, Verdict::drifted);
  EXPECT_EQ(f.severity, Severity::yellow);
}

TEST(Verdict, SeverityGoesByTheLowerBoundToo) {
  EXPECT_EQ(judge(measured(ks_like, {0.5, 0.45, 0.55}), Leeway{.limit = 0.10, .red = 0.2}).severity, Severity::red);
  EXPECT_EQ(judge(measured(ks_like, {0.25, 0.15, 0.35}), Leeway{.limit = 0.10, .red = 0.2}).severity, Severity::yellow);
}

TEST(Verdict, SurelyWithinIsStable) {
  const Finding f = judge(measured(ks_like, reference_case), Leeway{.limit = 0.20});
  EXPECT_EQ(f.verdict, Verdict::stable);
}

TEST(Verdict, AnythingElseIsUndecidedWithTheRowsStillNeeded) {
  const Finding f = judge(measured(ks_like, reference_case), Leeway{.limit = 0.1285});
  EXPECT_EQ(f.verdict, Verdict::undecided);
  // n' (w/|v-L|)² = 990.099 (0.043161049956/0.0215)² = 3990.12; n = 1/(1/n' - 1/m) = 4155.94
  EXPECT_EQ(f.rows_needed, 4156);
}

TEST(Verdict, ABoundOnTheLeewayIsWithinIt) {
  EXPECT_EQ(judge(measured(ks_like, {0.05, 0.01, 0.10}), Leeway{.limit = 0.10}).verdict, Verdict::stable);
  EXPECT_EQ(judge(measured(ks_like, {0.15, 0.10, 0.20}), Leeway{.limit = 0.10}).verdict, Verdict::undecided);
}

TEST(Verdict, MovementThatEqualsTheLeewayIsNeverDecided) {
  const Finding f = judge(measured(ks_like, {0.10, 0.05, 0.15}), Leeway{.limit = 0.10});
  EXPECT_EQ(f.verdict, Verdict::undecided);
  EXPECT_FALSE(f.rows_needed);
  EXPECT_NE(f.undecidable.find("no number of rows"), std::string::npos);
}

TEST(Verdict, ReferenceTooSmallIsSaid) {
  const Finding f = judge(measured(ks_like, {0.10, 0.02, 0.18}, 1000, 1000), Leeway{.limit = 0.11});
  EXPECT_EQ(f.undecidable, "the reference is too small for a decision at this leeway");
}

TEST(Verdict, FewerThanFiveRowsAreNotJudged) {
  EXPECT_EQ(judge(measured(ks_like, {1.0, 0.9, 1.0}, 4), Leeway{.limit = 0.10}).verdict, Verdict::undecided);
}

TEST(Verdict, AColumnEmptyOnBothSidesIsNotJudged) {
  Measurement m = measured(ks_like, {0, 0, 0.001}, 1000, 1000);
  m.current_rows.used = m.reference_rows.used = 0;
  m.current_rows.missing = m.reference_rows.missing = 1000;
  EXPECT_EQ(judge(m, Leeway{.limit = 0.1}).verdict, Verdict::measured);
  m.current_rows.used = 3;
  EXPECT_EQ(judge(m, Leeway{.limit = 0.1}).verdict, Verdict::undecided);
}

TEST(Verdict, NotComputableAndUnjudgedStayApart) {
  Measurement m = measured(ks_like, {});
  m.not_computable = "no current rows";
  EXPECT_EQ(judge(m, Leeway{.limit = 0.1}).verdict, Verdict::not_computable);
  EXPECT_EQ(judge(measured(ks_like, reference_case), std::nullopt).verdict, Verdict::measured);
}

TEST(Verdict, AFallIsWorseForSkillAndARiseIsNot) {
  EXPECT_EQ(judge(measured(auc_like, {-0.07, -0.08, -0.06}), Leeway{.limit = -0.04}).verdict, Verdict::degraded);
  EXPECT_EQ(judge(measured(auc_like, {0.07, 0.06, 0.08}), Leeway{.limit = -0.04}).verdict, Verdict::stable);
  EXPECT_EQ(judge(measured(auc_like, {-0.04, -0.06, -0.02}), Leeway{.limit = -0.04}).verdict, Verdict::undecided);
}

TEST(Verdict, EitherDirectionCounts) {
  for (const double sign : {-1.0, 1.0}) {
    const Estimate far = sign > 0 ? Estimate{3, 2, 4} : Estimate{-3, -4, -2};
    EXPECT_EQ(judge(measured(bias_like, far), Leeway{.limit = 1.0}).verdict, Verdict::degraded);
  }
  EXPECT_EQ(judge(measured(bias_like, {0.1, -0.4, 0.6}), Leeway{.limit = 1.0}).verdict, Verdict::stable);
  EXPECT_EQ(judge(measured(bias_like, {0.9, -0.4, 2.2}), Leeway{.limit = 1.0}).verdict, Verdict::undecided);
}

TEST(Verdict, LimitsOnTheLevelLookAtTheCurrentSide) {
  Measurement m = measured(auc_like, {-0.01, -0.02, 0.0});
  m.current = Estimate{0.69, 0.67, 0.71};
  EXPECT_EQ(judge(m, Leeway{.limit = 0.66, .on = Leeway::On::current_minimum}).verdict, Verdict::stable);
  EXPECT_EQ(judge(m, Leeway{.limit = 0.70, .on = Leeway::On::current_minimum}).verdict, Verdict::undecided);
  EXPECT_EQ(judge(m, Leeway{.limit = 0.72, .on = Leeway::On::current_minimum}).verdict, Verdict::degraded);
  EXPECT_EQ(judge(m, Leeway{.limit = 0.60, .on = Leeway::On::current_maximum}).verdict, Verdict::degraded);
}

TEST(Verdict, TheBracketOfAProfileWidensBothBounds) {
  Measurement m = measured(ks_like, {0.15, 0.107, 0.17});
  m.bracket = Estimate{0.15, 0.14, 0.19};
  EXPECT_EQ(judge(m, Leeway{.limit = 0.10}).verdict, Verdict::undecided);   // .107 - .01 < .10
  EXPECT_EQ(judge(m, Leeway{.limit = 0.20}).verdict, Verdict::undecided);   // .17 + .04 > .20
}

TEST(LeewayRules, HeadlineSkillMayLoseATenth) {
  Measurement m = measured(auc_like, {-0.0677, -0.08, -0.055});
  m.reference = Estimate{0.9079};
  m.current = Estimate{0.8402};
  const auto leeway = LeewayRules{}.for_measurement(m);
  ASSERT_TRUE(leeway);
  EXPECT_NEAR(leeway->limit, -0.04079, 1e-12);
  EXPECT_NEAR(leeway->red, -0.08158, 1e-12);
  m.subject.slice = "sex = female";
  EXPECT_FALSE(LeewayRules{}.for_measurement(m)) << "slices are measured unless the user sets a limit";
}

TEST(LeewayRules, DriftLimitsComeFromOnePsi) {
  // statistics.md §1.1: PSI .10 is KS .12849, PSI .25 is KS .20237.
  const auto leeway = LeewayRules{}.for_measurement(measured(ks_like, reference_case));
  ASSERT_TRUE(leeway);
  EXPECT_NEAR(leeway->limit, 0.12849, 5e-6);
  EXPECT_NEAR(leeway->red, 0.20237, 5e-6);
  LeewayRules rules;
  rules.columns["income"] = {.change = 0.02, .origin = "monitor.yaml:9"};
  const auto own = rules.for_measurement(measured(ks_like, reference_case));
  EXPECT_NEAR(own->limit, 0.05758, 5e-6);
  EXPECT_TRUE(own->set_by_user);
}

TEST(LeewayRules, NamedLimitsWin) {
  LeewayRules rules;
  rules.metrics["roc_auc"] = {.min = 0.70, .origin = "monitor.yaml:3"};
  Measurement m = measured(auc_like, {-0.01});
  m.current = Estimate{0.8};
  const auto leeway = rules.for_measurement(m);
  EXPECT_EQ(leeway->on, Leeway::On::current_minimum);
  EXPECT_EQ(leeway->limit, 0.70);
  EXPECT_EQ(leeway->origin, "monitor.yaml:3");
}

TEST(Sentence, SaysTheNumbersOfTheFinding) {
  Measurement m = measured(ks_like, reference_case);
  m.by_chance = 0.0276;
  EXPECT_EQ(sentence(judge(m, Leeway{.limit = 0.10, .origin = "default"})),
            "income drifted: Kolmogorov-Smirnov distance is 0.150 (between 0.107 and 0.176), beyond the default leeway of 0.1.");
  m.by_chance = 0.05;
  EXPECT_EQ(sentence(judge(m, Leeway{.limit = 0.10, .set_by_user = true})),
            "income drifted: Kolmogorov-Smirnov distance is 0.150 (between 0.107 and 0.176), beyond your leeway of 0.1; chance "
            "alone gives 0.05 with so few rows.");
  EXPECT_EQ(sentence(judge(m, Leeway{.limit = 0.1285, .set_by_user = true})),
            "income is undecided: Kolmogorov-Smirnov distance is 0.150 (between 0.107 and 0.176), too close to your leeway of "
            "0.129 to tell; about 4,200 current rows would decide (there are 1,000).");
}

Finding judged_change(const MethodInfo& method, Estimate reference, Estimate current, Estimate change,
                      std::optional<Leeway> leeway = std::nullopt) {
  Finding f;
  f.measurement = measured(method, change);
  f.measurement.reference = reference;
  f.measurement.current = current;
  f.leeway = leeway;
  if (leeway) f.verdict = Verdict::degraded;
  return f;
}

TEST(Sentence, ChangesReadAsAnEditorWritesThem) {
  static constexpr MethodInfo missing{.id = "missing_share", .title = "Missing share", .family = Family::quality, .unit = "share"};
  Finding f = judged_change(missing, {0.033}, {0.191}, {0.158, 0.1533, 0.1629}, Leeway{.limit = 0.0774});
  EXPECT_EQ(sentence(f), "Missing share of income rose from 3.30 % to 19.10 % (+15.80 points, between 15.33 and 16.29), beyond the "
                         "default leeway of 7.74 points.");
  f = judged_change(missing, {1, 1, 1}, {0, 0, 0}, {-1, -1, -1}, Leeway{.limit = 0.0133});
  EXPECT_EQ(sentence(f), "Missing share of income fell from 100 % to 0 % (-100 points), beyond the default leeway of 1.33 points.");
  f = judged_change(missing, {0}, {0}, {0, -0.0003, 0.0003});
  EXPECT_EQ(sentence(f), "Missing share of income stayed at 0 % (0 points, between -0.030 and 0.030).");
  static constexpr MethodInfo loss{.id = "log_loss", .title = "Log loss", .family = Family::performance};
  f = judged_change(loss, {0.321}, {0.33}, {0.009, -0.002, 0.020});
  f.measurement.subject = {};
  f.measurement.confidence = 0.975;
  EXPECT_EQ(sentence(f), "Log loss went from 0.321 to 0.330 (+0.009, 95 % interval -0.002 to 0.020).");
  static constexpr MethodInfo rows{.id = "row_count", .title = "Rows", .family = Family::quality, .unit = "rows"};
  f = judged_change(rows, {40'000}, {20'000}, {-20'000, -20'000, -20'000});
  f.measurement.subject = {};
  EXPECT_EQ(sentence(f), "Rows fell from 40,000 to 20,000 (-20,000).");
}

TEST(Sentence, SaysWhatHappenedToAColumn) {
  static constexpr MethodInfo gone{.id = "missing_column", .title = "Missing column", .family = Family::quality, .unit = "share"};
  Finding f = judged_change(gone, {0}, {1}, {1, 1, 1}, Leeway{.limit = 0.01});
  f.measurement.note = "the current data have no such column";
  EXPECT_EQ(sentence(f), "income is missing: the current data have no such column.");
}

TEST(Sentence, HostileNamesCannotMoveTheCursor) {
  Measurement m = measured(ks_like, reference_case);
  m.subject.column = "x\x1b[2J";
  EXPECT_EQ(sentence(judge(m, std::nullopt)).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace leeway
