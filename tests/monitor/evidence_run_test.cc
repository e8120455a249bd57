#include "monitor/evidence_run.h"

#include <gtest/gtest.h>

#include "../profiles/sample.h"

namespace leeway {
namespace {

constexpr int64_t hour = 3'600'000'000'000;

MonitorConfig config() {
  MonitorConfig config;
  config.columns.threshold = 0.3282;
  return config;
}

Profile reference() { return credit_sample(20'000, 1).profile().value(); }

Profile window(const Profile& reference, uint64_t seed, double shift) { return credit_sample(600, seed, shift).profile(&reference).value(); }

TEST(EvidenceRun, WatchesDriftMissingAndErrorsOfWhatTheModelUses) {
  const EvidencePlan plan = EvidencePlan::make(reference(), config());
  std::vector<std::string> keys;
  for (const auto& series : plan.series()) keys.push_back(series.key());
  EXPECT_EQ(keys, (std::vector<std::string>{"drift/income", "missing/income", "drift/balance", "missing/balance", "drift/age", "missing/age",
                                            "drift/purpose", "missing/purpose", "drift/sex", "missing/sex", "drift/score", "missing/score",
                                            "errors"}));
  // 13 series, hourly: c = K T / B.
  EXPECT_NEAR(plan.threshold(hour), 13 * 8766.0, 1e-6);
}

TEST(EvidenceRun, CountsAreRowsOfTheWindow) {
  const Profile ref = reference();
  const EvidencePlan plan = EvidencePlan::make(ref, config());
  const SampleData sample = credit_sample(600, 5);
  const auto counts = plan.count(sample.profile(&ref).value());
  ASSERT_EQ(counts.size(), plan.series().size());
  int64_t missing = 0;
  for (size_t r = 0; r < 600; ++r) missing += !sample.columns[0].is_valid(r);
  EXPECT_EQ(counts[0].rows, 600 - missing);
  EXPECT_GE(counts[0].hits.size(), 28u);  // 32 quantiles, fewer where values repeat
  EXPECT_TRUE(std::is_sorted(counts[0].hits.begin(), counts[0].hits.end()));
  EXPECT_EQ(counts[1].hits, std::vector<int64_t>{missing});
  EXPECT_EQ(counts[1].rows, 600);
  int64_t wrong = 0, known = 0;
  for (size_t r = 0; r < 600; ++r) {
    if (!sample.columns[8].is_valid(r)) continue;
    ++known;
    wrong += (sample.columns[7].reals()[r] >= 0.3282) != (sample.columns[8].integers()[r] == 1);
  }
  EXPECT_EQ(counts.back().rows, known);
  EXPECT_EQ(counts.back().hits, std::vector<int64_t>{wrong});
}

TEST(EvidenceRun, AQuietWeekIsQuietAndARealShiftAlarmsOnItsOwnColumn) {
  const Profile ref = reference();
  const EvidencePlan plan = EvidencePlan::make(ref, config());
  EvidenceStates states;
  uint64_t seed = 100;
  for (int h = 0; h < 168; ++h)
    for (const SeriesLook& look : observe(plan, plan.count(window(ref, ++seed, 0)), hour, states)) EXPECT_FALSE(look.look.alarm) << look.series->key();
  bool alarm = false;
  for (int h = 0; h < 4 && !alarm; ++h) {
    const auto looks = observe(plan, plan.count(window(ref, ++seed, 6)), hour, states);
    EXPECT_EQ(looks.front().series->key(), "drift/income");
    alarm = looks.front().look.alarm;
    for (size_t i = 1; i < looks.size(); ++i) EXPECT_FALSE(looks[i].look.alarm) << looks[i].series->key();
  }
  EXPECT_TRUE(alarm);
}

TEST(EvidenceRun, AConstantThatLeavesItsValueEitherWayAlarms) {
  const auto constant = [](double value, const Profile* reference) {
    SampleData data;
    data.columns = {Column::of_reals("fee", std::vector<double>(2000, value))};
    ProfileSpec::ColumnSpec column;
    column.field = {"fee", Type::real, "SAMPLE", false};
    column.treatment = Treatment::numeric;
    data.spec.columns = {column};
    data.spec.rows = 2000;
    return data.profile(reference).value();
  };
  const Profile ref = constant(5, nullptr);
  const EvidencePlan plan = EvidencePlan::make(ref, {});
  for (const double value : {4.0, 6.0}) {
    EvidenceStates states;
    EXPECT_TRUE(observe(plan, plan.count(constant(value, &ref)), hour, states).front().look.alarm) << value;
  }
  EvidenceStates states;
  EXPECT_FALSE(observe(plan, plan.count(constant(5, &ref)), hour, states).front().look.alarm);
}

TEST(EvidenceRun, AWindowWithoutRowsIsNotALook) {
  const Profile ref = reference();
  const EvidencePlan plan = EvidencePlan::make(ref, config());
  EvidenceStates states;
  EXPECT_TRUE(observe(plan, plan.count(credit_sample(0, 3).profile(&ref).value()), hour, states).empty());
  EXPECT_TRUE(states.empty());
}

TEST(EvidenceRun, TheUsersLeewayOfAccuracyIsTheErrorRateAllowed) {
  MonitorConfig own = config();
  own.leeway.metrics["accuracy"].min = 0.6;
  const EvidencePlan plan = EvidencePlan::make(reference(), own);
  EXPECT_DOUBLE_EQ(plan.series().back().watch.allowed()[0], 0.4);
}

}  // namespace
}  // namespace leeway
