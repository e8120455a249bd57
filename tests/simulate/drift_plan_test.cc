#include "simulate/drift_plan.h"

#include "base/text.h"
#include "simulate/made.h"

namespace leeway::simulate {
namespace {

constexpr int64_t start = 20'000 * day;

Result<DriftPlan> read(std::string_view yaml, std::string_view table = "credit") {
  return read_drift_plan(yaml, "plan.yaml", *find_table(table), {start, start + 100 * day, {}});
}

std::string problem(std::string_view yaml, std::string_view table = "credit") {
  const auto plan = read(yaml, table);
  return plan ? "" : plan.error().text();
}

/// One entry with these further lines.
std::string entry(std::string_view lines) {
  std::string yaml = "drifts:\n  - ";
  for (const auto line : split(lines, ';'))
    yaml += fmt::format("{}{}\n", yaml.ends_with("- ") ? "" : "    ", trim(line));
  return yaml;
}

TEST(DriftPlan, ReadsEveryKey) {
  const auto plan = read(R"(
drifts:
  - kind: factor
    name: fewer hours
    column: income
    by: 0.85
    share: 40%
    where: {employment: self-employed, months_employed: {at_least: 6, below: 24}}
    from: 2024-10-14
    until: 2024-12-01T12:30
    shape: gradual
    over: 2w
  - kind: category
    column: employment
    to: gig worker
    share: 0.1
    from: 25%
  - kind: concept
    by: -1
    shape: recurring
    period: 10d
    duty: 30%
    from: 36h
)");
  ASSERT_TRUE(plan) << plan.error().text();
  ASSERT_EQ(plan->size(), 3u);
  const Drift& first = plan->front();
  const TableSpec& credit = *find_table("credit");
  EXPECT_EQ(first.name, "fewer hours");
  EXPECT_EQ(first.kind, DriftKind::factor);
  EXPECT_EQ(credit.features[first.feature].name, "income");
  EXPECT_EQ(first.size, 0.85);
  EXPECT_EQ(first.share, 0.4);
  EXPECT_EQ(segment_text(credit, first.where),
            "employment = self-employed and months_employed >= 6 and months_employed < 24");
  EXPECT_EQ(first.from, *parse_time("2024-10-14"));
  EXPECT_EQ(first.until, *parse_time("2024-12-01T12:30:00Z"));
  EXPECT_EQ(first.over, 14 * day);
  const Drift& second = (*plan)[1];
  EXPECT_EQ(second.name, "category of employment");
  EXPECT_EQ(second.category, "gig worker");
  EXPECT_EQ(second.size, 0.1);
  EXPECT_EQ(second.from, start + 25 * day);
  EXPECT_EQ(second.until, start + 100 * day);
  const Drift& third = (*plan)[2];
  EXPECT_EQ(third.duty, 0.3);
  EXPECT_EQ(third.period, 10 * day);
  EXPECT_EQ(third.from, start + 36 * hour);
}

TEST(DriftPlan, DefaultFromGivesTheStart) {
  const PlanFrame frame{start, start + 100 * day, start + 7 * day};
  const auto plan = read_drift_plan("drifts:\n  - {kind: concept, by: 1}\n  - {kind: concept, by: 1, from: 9d}\n", "p",
                                    *find_table("credit"), frame);
  ASSERT_TRUE(plan);
  EXPECT_EQ((*plan)[0].from, start + 7 * day);
  EXPECT_EQ((*plan)[1].from, start + 9 * day);
}

TEST(DriftPlan, DefaultPlansAreValidAndNamed) {
  for (const auto* table : tables()) {
    const auto plan = read(table->default_drift, table->name);
    ASSERT_TRUE(plan) << plan.error().text();
    EXPECT_GE(plan->size(), 3u);
    for (const auto& drift : *plan) EXPECT_NE(drift.name, "");
  }
}

/// A mistake is one sentence with the place and what to do.
TEST(DriftPlan, MistakesNameThePlace) {
  const struct {
    std::string_view lines, message;
  } cases[] = {
      {"kind: factr; column: income; by: 2", "plan.yaml:2:11: unknown kind 'factr'. Did you mean 'factor'?"},
      {"column: income", "plan.yaml:2:5: 'kind' is missing: what should happen."},
      {"kind: factor; by: 2", "plan.yaml:2:5: 'column' is missing: a factor needs to know which."},
      {"kind: factor; column: incme; by: 2",
       "plan.yaml:3:13: 'incme' is not an input of 'credit'. Did you mean 'income'?"},
      {"kind: factor; column: age_band; by: 2",
       "plan.yaml:3:13: 'age_band' follows from other columns and cannot move by itself."},
      {"kind: factor; column: employment; by: 2",
       "plan.yaml:3:13: 'employment' is not a quantity. Use category or missing."},
      {"kind: category; column: income; to: x; share: 1",
       "plan.yaml:3:13: 'income' has no categories. Use factor, shift, unit or missing."},
      {"kind: category; column: employment; to: x", "plan.yaml:2:5: 'share' is missing: how much."},
      {"kind: factor; column: income", "plan.yaml:2:5: 'by' is missing: how much."},
      {"kind: factor; column: income; by: lots", "plan.yaml:4:9: 'by' must be a number, not 'lots'."},
      {"kind: factor; column: income; by: -1",
       "plan.yaml:4:9: 'by' of a factor must be between 1e-06 and 1000000, not -1."},
      {"kind: factor; column: income; by: 1", "plan.yaml:4:9: 'by: 1' changes nothing."},
      {"kind: shift; column: income; by: .inf",
       "plan.yaml:4:9: 'by' of a shift must be between -1000000000 and 1000000000, not .inf."},
      {"kind: factor; column: income; to: 2; by: 2",
       "plan.yaml:4:5: 'to' has no place here: the size of a factor is 'by'."},
      {"kind: missing; column: income; by: 1.5",
       "plan.yaml:4:9: 'by' must be above 0 and at most 1, not 1.5. Write a share such as 0.25 or 25%."},
      {"kind: missing; column: income; by: 20%; share: 10%",
       "plan.yaml:5:5: 'share' has no place here: the size of a missing is 'by' alone."},
      {"kind: concept; column: income; by: 1",
       "plan.yaml:3:5: 'column' has no place here: a concept touches the outcome."},
      {"kind: prior; to: 1.2",
       "plan.yaml:3:9: 'to' is no rate that 15.3 % could reach: 1.2. Write a rate such as 0.05 or 5%."},
      {"kind: prior; to: 0.3; where: {sex: male}",
       "plan.yaml:4:5: 'where' has no place here: a prior shift concerns all rows."},
      {"kind: concept; by: 1; where: {sex: mail}",
       "plan.yaml:4:18: 'mail' is no category of 'sex'. Did you mean 'male'?"},
      {"kind: concept; by: 1; where: {sex: {below: 2}}",
       "plan.yaml:4:18: 'sex' has categories, which have no order. Name one of them."},
      {"kind: concept; by: 1; where: {income: {under: 2}}",
       "plan.yaml:4:22: unknown key 'under'. Known here: at_least and below."},
      {"kind: concept; by: 1; where: sex",
       "plan.yaml:4:12: 'where' names columns and values. For example {employment: retired, income: {below: 30000}}."},
      {"kind: concept; by: 1; shape: sudden",
       "plan.yaml:4:12: unknown shape 'sudden'. Known are abrupt, gradual, recurring and seasonal."},
      {"kind: concept; by: 1; shape: gradual", "plan.yaml:2:5: 'over' is missing: a gradual drift needs it."},
      {"kind: concept; by: 1; over: 3d",
       "plan.yaml:4:5: 'over' has no place here: only a gradual drift grows over a time."},
      {"kind: concept; by: 1; shape: seasonal; period: soon",
       "plan.yaml:5:13: 'period' is no length of time: 'soon'. Write 30d, 12h, 2w or 50% (of the table's span)."},
      {"kind: concept; by: 1; shape: recurring; period: 7d; duty: 1",
       "plan.yaml:6:11: 'duty' must be between 0 and 1."},
      {"kind: concept; by: 1; from: someday",
       "plan.yaml:4:11: 'from' is no time: 'someday'. Write 2026-02-01, 2026-02-01T13:30, or 14d or 50% after the "
       "table's start."},
      {"kind: concept; by: 1; from: 9d; until: 8d", "plan.yaml:5:12: 'until' is not after 'from'."},
      {"kind: concept; by: 1; form: 9d", "plan.yaml:4:5: unknown key 'form'. Did you mean 'from'?"},
      {"kind: concept; by: 1; by: 2", "plan.yaml:4:5: 'by' stands here twice, first in line 3. Keep one of the two."},
  };
  for (const auto& c : cases) EXPECT_EQ(problem(entry(c.lines)), c.message) << c.lines;
}

TEST(DriftPlan, MistakesOutsideAnEntry) {
  EXPECT_EQ(problem("- kind: factor\n"),
            "plan.yaml:1:1: not a drift plan. Begin with 'drifts:' and a list of entries.");
  EXPECT_EQ(problem(""), "plan.yaml: not a drift plan. Begin with 'drifts:' and a list of entries.");
  EXPECT_EQ(problem("drift: []\n"), "plan.yaml:1:1: unknown key 'drift'. Did you mean 'drifts'?");
  EXPECT_EQ(problem("drifts: 3\n"),
            "plan.yaml:1:9: 'drifts' must be a list. Begin with 'drifts:' and a list of entries.");
  EXPECT_EQ(problem("drifts:\n  - factor\n"), "plan.yaml:2:5: each drift is a group of keys such as 'kind: factor'.");
  EXPECT_TRUE(problem("drifts:\n  - {kind: factor\n").starts_with("plan.yaml:3:"));
  EXPECT_EQ(problem(entry("kind: prior; to: 0.5"), "demand"),
            "plan.yaml:2:11: 'prior' needs a yes-or-no outcome, and 'units_sold' is a number. Use 'concept'.");
  EXPECT_EQ(problem("drifts: []\n"), "");
}

TEST(DriftPlan, StrengthFollowsTheShape) {
  Drift drift;
  drift.from = start;
  drift.until = start + 50 * day;
  const auto at = [&](double days) {
    return drift.strength(start + static_cast<int64_t>(days * static_cast<double>(day)));
  };
  EXPECT_EQ(at(-0.1), 0);
  EXPECT_EQ(at(0), 1);
  EXPECT_EQ(at(49.9), 1);
  EXPECT_EQ(at(50), 0);
  drift.shape = Shape::gradual;
  drift.over = 20 * day;
  EXPECT_DOUBLE_EQ(at(5), 0.25);
  EXPECT_EQ(at(20), 1);
  EXPECT_EQ(at(40), 1);
  drift.shape = Shape::recurring;
  drift.period = 10 * day;
  drift.duty = 0.3;
  EXPECT_EQ(at(2.9), 1);
  EXPECT_EQ(at(3.1), 0);
  EXPECT_EQ(at(12), 1);
  EXPECT_EQ(at(19), 0);
  drift.shape = Shape::seasonal;
  EXPECT_NEAR(at(0), 0, 1e-12);
  EXPECT_NEAR(at(2.5), 0.5, 1e-12);
  EXPECT_NEAR(at(5), 1, 1e-12);
  EXPECT_NEAR(at(17.5), 0.5, 1e-12);
}

TEST(Calendar, TimesAndDurations) {
  EXPECT_EQ(*parse_time("1970-01-02"), day);
  EXPECT_EQ(*parse_time(" 2026-02-01T13:30:15Z "), 1769952615 * second);  // date -ud 2026-02-01T13:30:15Z +%s
  EXPECT_EQ(*parse_time("2024-02-29"), *parse_time("2024-02-29 00:00"));
  for (const auto* bad : {"", "2026-02-30", "2025-02-29", "26-02-01", "2026-2-1", "2026-02-01T24:00", "2026-02-01T10",
                          "2026-02-01x", "1969-12-31", "2026-02-01Z"})
    EXPECT_FALSE(parse_time(bad)) << bad;
  EXPECT_EQ(*parse_duration("90d"), 90 * day);
  EXPECT_EQ(*parse_duration("1.5h"), 90 * 60 * second);
  EXPECT_EQ(*parse_duration("2w"), 14 * day);
  EXPECT_EQ(*parse_duration("45m"), 45 * 60 * second);
  for (const auto* bad : {"", "d", "0d", "-1d", "10", "1y", "1e9d", "nand", "infd"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
  const Moment moment = moment_of(*parse_time("2026-07-02T12:59:59"));  // a Thursday, the middle of the year
  EXPECT_EQ(moment.hour, 12);
  EXPECT_EQ(moment.weekday, 3);
  EXPECT_NEAR(moment.year_turn, 0.5, 1e-3);
  EXPECT_EQ(month_of(*parse_time("2024-02-29T23:59")), *parse_time("2024-02-01"));
}

}  // namespace
}  // namespace leeway::simulate
