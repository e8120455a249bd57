#include "monitor/judge.h"

#include <gtest/gtest.h>

#include "checks/catalogue.h"

namespace leeway {
namespace {

MonitorConfig configured(std::vector<std::string> set) {
  return read_config({.file = {}, .environment = {}, .set = std::move(set)}).value();
}

Measurement measured(std::string_view id, Estimate value, const std::string& column = {}) {
  Measurement m;
  m.method = find_method(id);
  EXPECT_NE(m.method, nullptr) << id;
  m.subject.column = column;
  m.value = value;
  m.reference_rows = m.current_rows = {.rows = 10'000, .used = 10'000};
  return m;
}

TEST(Judge, DriftHasADefaultLeewayThatTheUserMoves) {
  const Measurement psi = measured("psi", {0.2, 0.15, 0.25}, "income");
  EXPECT_EQ(Judge::make({}, "leeway").value()(psi, true).verdict, Verdict::drifted);
  const Judge wide = Judge::make(configured({"leeway.drift=0.3"}), "leeway").value();
  EXPECT_EQ(wide(psi, true).verdict, Verdict::stable);
  EXPECT_EQ(wide(psi, true).leeway->origin, "--set leeway.drift");
  const Judge one = Judge::make(configured({"leeway.columns.income=0.3"}), "leeway").value();
  EXPECT_EQ(one(psi, true).verdict, Verdict::stable);
  EXPECT_EQ(one(measured("psi", {0.2, 0.15, 0.25}, "age"), true).verdict, Verdict::drifted);
}

TEST(Judge, ALimitByNameIsOnTheLevel) {
  Measurement auc = measured("roc_auc", {-0.01, -0.02, 0.0});
  auc.reference = Estimate{0.75, 0.74, 0.76};
  auc.current = Estimate{0.74, 0.73, 0.75};
  EXPECT_EQ(Judge::make({}, "leeway").value()(auc, false).verdict, Verdict::stable);
  EXPECT_EQ(Judge::make(configured({"leeway.roc_auc.min=0.8"}), "leeway").value()(auc, false).verdict, Verdict::degraded);
  EXPECT_EQ(Judge::make(configured({"leeway.roc_auc.min=0.7"}), "leeway").value()(auc, false).verdict, Verdict::stable);
}

TEST(Judge, UnknownNamesAreRefusedWithTheNearest) {
  const auto metric = Judge::make(configured({"leeway.roc_aux.min=0.7"}), "leeway");
  ASSERT_FALSE(metric);
  EXPECT_TRUE(metric.error().text().contains("roc_aux")) << metric.error().text();
  EXPECT_TRUE(metric.error().remedy.contains("roc_auc")) << metric.error().remedy;
  const auto policy = Judge::make({}, "evidentely");
  ASSERT_FALSE(policy);
  EXPECT_TRUE(policy.error().remedy.contains("evidently")) << policy.error().remedy;
}

TEST(Judge, APolicyJudgesTheHeadlineOfDriftAlone) {
  const Judge judge = Judge::make({}, "psi-0.25").value();
  EXPECT_EQ(judge.name(), "psi-0.25");
  EXPECT_EQ(judge.drift_method(ColumnKind::numeric, 1000), "psi");
  EXPECT_EQ(judge(measured("psi", {0.3, 0.1, 0.5}, "income"), true).verdict, Verdict::drifted);
  EXPECT_EQ(judge(measured("psi", {0.3, 0.1, 0.5}, "income"), false).verdict, Verdict::measured);
}

TEST(Judge, WorstFirstThenByTheSizeOfTheMovement) {
  const Judge judge = Judge::make({}, "leeway").value();
  std::vector<Finding> findings;
  findings.push_back(judge(measured("psi", {0.01, 0.0, 0.02}, "stable"), true));
  findings.push_back(judge(measured("psi", {0.15, 0.12, 0.2}, "yellow"), true));
  findings.push_back(judge(measured("psi", {0.5, 0.4, 0.6}, "red"), true));
  findings.push_back(judge(measured("psi", {0.1, 0.05, 0.2}, "open"), true));
  findings.push_back(judge(measured("psi", {0.9, 0.8, 1.0}, "redder"), true));
  Measurement none = measured("psi", {}, "none");
  none.not_computable = "no value";
  findings.push_back(judge(none, true));
  judge.settle(findings);
  std::vector<std::string> order;
  for (const Finding& f : findings) {
    order.push_back(f.measurement.subject.column);
    EXPECT_FALSE(f.sentence.empty()) << order.back();
  }
  EXPECT_EQ(order, (std::vector<std::string>{"redder", "red", "yellow", "open", "stable", "none"}));
}

}  // namespace
}  // namespace leeway
