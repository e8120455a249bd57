// The alarm rates that the policies' help states, measured again: no drift, 5,000 reference rows, standard normal data or
// five categories. Fixed seeds, 400 draws a case; tolerances are four binomial standard errors.

#include "findings/policies/policy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "checks/drift/registry.h"

namespace leeway {
namespace {

constexpr int draws = 400;
constexpr size_t reference_rows = 5000;

std::vector<double> normal_values(size_t n, Random& random) {
  std::vector<double> out(n);
  for (double& x : out) x = random.normal();
  return out;
}

/// The share of drift-free windows of `n` rows that the policy calls drifted.
double alarm_rate(const Policy& policy, size_t n, uint64_t seed) {
  Random random(seed);
  ScanScratch scratch;
  const auto* method = drift::find(policy.method(ColumnKind::numeric, reference_rows));
  int alarms = 0;
  for (int i = 0; i < draws; ++i) {
    const auto reference = NumericReference::prepare(normal_values(reference_rows, random));
    const Column current = Column::of_reals("x", normal_values(n, random));
    auto input = drift::DriftInput::rows(*reference, Type::real, current, scratch);
    drift::DriftOptions how;
    how.p_value = true;
    alarms += failed(policy.judge(drift::measure(*method, input, how)).verdict);
  }
  return alarms / static_cast<double>(draws);
}

double tolerance(double rate) { return 4 * std::sqrt(rate * (1 - rate) / draws) + 1.0 / draws; }

void expect_rate(std::string_view policy, size_t n, double stated) {
  EXPECT_NEAR(alarm_rate(*find_policy(policy), n, 17 + n), stated, tolerance(stated)) << policy << " at " << n;
}

TEST(Policies, PsiAlarmsAsStated) {
  expect_rate("psi-0.25", 100, 0.005);
  expect_rate("psi-0.25", 300, 0.0);
}

TEST(Policies, KsAlarmsOnceInTwentyWhateverTheSize) {
  expect_rate("ks-0.05", 100, 0.05);
  expect_rate("ks-0.05", 1000, 0.05);
}

TEST(Policies, EvidentlyAlarmsMostlyOnSmallWindows) {
  expect_rate("evidently", 100, 0.71);
  expect_rate("evidently", 300, 0.17);
  expect_rate("evidently", 1000, 0.007);
}

TEST(Policies, ShareOfFeaturesNeverAlarmsOnOneBrokenColumn) {
  std::vector<Finding> columns(20);
  Measurement m;
  m.method = &drift::find("ks")->info;
  m.value = {0.9, 0.8, 0.95};
  m.current_rows = {.rows = 1000, .used = 1000};
  m.reference_rows = {.rows = 1000, .used = 1000};
  const Policy& policy = *find_policy("share-of-features");
  for (auto& column : columns) column = policy.judge(m);
  for (size_t i = 1; i < columns.size(); ++i) columns[i].verdict = Verdict::stable;
  EXPECT_EQ(policy.overall(columns)->verdict, Verdict::stable);
  EXPECT_EQ(columns[0].verdict, Verdict::measured) << "counted in the share, not a gate by itself";
  for (auto& column : columns) column = policy.judge(m);
  EXPECT_EQ(policy.overall(columns)->verdict, Verdict::drifted);
}

TEST(Policies, AreFoundByNameAndSayTheirFalseAlarms) {
  EXPECT_EQ(find_policy("nonsense"), nullptr);
  for (const Policy* policy : policies()) {
    EXPECT_EQ(find_policy(policy->id), policy);
    EXPECT_FALSE(policy->false_alarms.empty());
  }
}

}  // namespace
}  // namespace leeway
