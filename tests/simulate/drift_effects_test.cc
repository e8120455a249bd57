// A plan does what it says and nothing else, and the causes say what it did. Plain and drifted tables of one seed are
// compared cell by cell.

#include "simulate/made.h"

namespace leeway::simulate {
namespace {

constexpr size_t rows = 20'000;

struct Pair {
  SyntheticTable plain, drifted;
  TableRequest request;

  const Cause& cause() const { return drifted.causes.at(0); }
  std::vector<double> before(std::string_view name) const { return numbers(plain, name); }
  std::vector<double> after(std::string_view name) const { return numbers(drifted, name); }
};

Pair pair_of(std::string_view table, std::string_view drift) {
  auto request = request_for(table, rows, 6, fmt::format("drifts:\n  - {{{}}}\n", drift));
  return {make(request_for(table, rows, 6)), make(request), request};
}

/// Rows in which the column differs, missing against value included.
std::vector<size_t> changed(const Pair& pair, std::string_view name) {
  const auto a = pair.before(name), b = pair.after(name);
  std::vector<size_t> out;
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && !(std::isnan(a[i]) && std::isnan(b[i]))) out.push_back(i);
  return out;
}

void expect_only_changed(const Pair& pair, std::initializer_list<std::string_view> names) {
  for (const auto& field : pair.plain.schema) {
    const bool may_change = std::ranges::find(names, field.name) != names.end();
    EXPECT_TRUE(may_change || changed(pair, field.name).empty()) << field.name;
  }
}

double share(size_t part) { return static_cast<double>(part) / rows; }

TEST(DriftEffects, FactorMovesTheInputAndTheWorldAnswers) {
  const auto pair = pair_of("fraud", "kind: factor, column: amount, by: 1.3");
  expect_only_changed(pair, {"amount", "probability", "is_fraud"});
  const auto a = pair.before("amount"), b = pair.after("amount");
  for (size_t i = 0; i < rows; ++i) ASSERT_NEAR(b[i], std::min(1.3 * a[i], 50'000.0), 0.00501);
  EXPECT_EQ(pair.cause().rows_affected, static_cast<int64_t>(changed(pair, "amount").size()));
  EXPECT_GT(pair.cause().rows_affected, rows - 50);  // a few cents round to the same
  EXPECT_NEAR(pair.cause().after / pair.cause().before, 1.3, 0.001);
  // Larger amounts are riskier by the unchanged law: labels only turn to fraud, and the score follows.
  const auto was = pair.before("is_fraud"), is = pair.after("is_fraud");
  for (size_t i = 0; i < rows; ++i) ASSERT_GE(is[i], was[i]);
  EXPECT_GT(mean(is), 1.1 * mean(was));
  EXPECT_GT(mean(pair.after("probability")), mean(pair.before("probability")));
}

TEST(DriftEffects, ShiftInASegmentOfRowsAndTime) {
  const auto pair = pair_of(
      "demand", "kind: shift, column: temperature, by: 6, where: {region: south}, from: 100d, until: 200d, share: 50%");
  expect_only_changed(pair, {"temperature", "forecast", "units_sold"});
  const auto region = pair.before("region"), a = pair.before("temperature"), b = pair.after("temperature");
  const auto times = column(pair.plain, "time").integers();
  size_t in_range = 0;
  for (const size_t i : changed(pair, "temperature")) {
    ASSERT_EQ(region[i], 2);
    ASSERT_GE(times[i], pair.request.start + 100 * day);
    ASSERT_LT(times[i], pair.request.start + 200 * day);
    ASSERT_NEAR(b[i], a[i] + 6, 0.0501);
  }
  for (size_t i = 0; i < rows; ++i)
    in_range +=
        region[i] == 2 && times[i] >= pair.request.start + 100 * day && times[i] < pair.request.start + 200 * day;
  EXPECT_EQ(pair.cause().rows_in_range, static_cast<int64_t>(in_range));
  EXPECT_NEAR(static_cast<double>(pair.cause().rows_affected) / static_cast<double>(in_range), 0.5, 0.06);
}

TEST(DriftEffects, UnitChangesTheRecordOnly) {
  const auto pair = pair_of("churn", "kind: unit, column: outage_hours_90d, by: 60, from: 50%");
  expect_only_changed(pair, {"outage_hours_90d", "probability"});  // the outcome stays, the scorecard is misled
  const auto a = pair.before("outage_hours_90d"), b = pair.after("outage_hours_90d");
  for (const size_t i : changed(pair, "outage_hours_90d")) ASSERT_NEAR(b[i], 60 * a[i], 1e-6);
  EXPECT_EQ(pair.cause().rows_affected, static_cast<int64_t>(changed(pair, "outage_hours_90d").size()));
  EXPECT_NEAR(pair.cause().after / pair.cause().before, 60, 1e-9);
}

TEST(DriftEffects, MissingSurge) {
  const auto pair = pair_of("credit", "kind: missing, column: bureau_score, by: 25%");
  expect_only_changed(pair, {"bureau_score", "probability"});
  const double before = missing_share(pair.before("bureau_score")), after = missing_share(pair.after("bureau_score"));
  EXPECT_NEAR(after, before + 0.25 * (1 - before), 0.016);
  EXPECT_DOUBLE_EQ(pair.cause().before, before);
  EXPECT_DOUBLE_EQ(pair.cause().after, after);
  EXPECT_EQ(pair.cause().rows_affected, static_cast<int64_t>(changed(pair, "bureau_score").size()));
}

TEST(DriftEffects, NewCategoryIsInTheRecordOnly) {
  const auto pair = pair_of("credit", "kind: category, column: employment, to: gig worker, share: 0.1");
  expect_only_changed(pair, {"employment", "probability"});
  const Column& employment = column(pair.drifted, "employment");
  size_t gig = 0;
  for (size_t i = 0; i < rows; ++i) gig += employment.text(i) == "gig worker";
  EXPECT_NEAR(share(gig), 0.1, 0.011);
  EXPECT_EQ(pair.cause().rows_affected, static_cast<int64_t>(gig));
  EXPECT_DOUBLE_EQ(pair.cause().after, share(gig));
}

TEST(DriftEffects, KnownCategoryIsTrue) {
  const auto pair = pair_of("credit", "kind: category, column: employment, to: unemployed, share: 0.2");
  const auto& rows_turned = changed(pair, "employment");
  EXPECT_NEAR(share(rows_turned.size()), 0.2 * 0.97, 0.02);
  EXPECT_GT(mean(pair.after("default")), mean(pair.before("default")) + 0.01);  // the world answers
}

TEST(DriftEffects, ConceptInASegmentLeavesInputsAlone) {
  const auto pair = pair_of("credit", "kind: concept, by: 1.6, where: {employment: self-employed}");
  expect_only_changed(pair, {"default"});
  const auto employment = pair.before("employment"), was = pair.before("default"), is = pair.after("default");
  double inside_before = 0, inside_after = 0, inside = 0;
  for (size_t i = 0; i < rows; ++i) {
    if (employment[i] == 3) inside_before += was[i], inside_after += is[i], ++inside;
    ASSERT_TRUE(employment[i] == 3 || was[i] == is[i]);
  }
  EXPECT_EQ(pair.cause().rows_affected, static_cast<int64_t>(inside));
  // The expected rates stand in the cause; the labels follow within 5 standard errors.
  EXPECT_NEAR(inside_before / inside, pair.cause().before, 2.5 / std::sqrt(inside));
  EXPECT_NEAR(inside_after / inside, pair.cause().after, 2.5 / std::sqrt(inside));
  EXPECT_GT(pair.cause().after, pair.cause().before + 0.2);
}

TEST(DriftEffects, LabelNoiseFlipsInASegment) {
  const auto pair = pair_of("churn", "kind: label_noise, by: 0.3, where: {plan: premium}");
  expect_only_changed(pair, {"churned"});
  const auto plan = pair.before("plan");
  size_t premium = 0;
  for (const double p : plan) premium += p == 2;
  for (const size_t i : changed(pair, "churned")) ASSERT_EQ(plan[i], 2);
  EXPECT_NEAR(static_cast<double>(changed(pair, "churned").size()) / static_cast<double>(premium), 0.3, 0.04);
  EXPECT_EQ(pair.cause().rows_affected, static_cast<int64_t>(changed(pair, "churned").size()));
  EXPECT_EQ(pair.cause().rows_in_range, static_cast<int64_t>(premium));
}

/// Fraud from 2 to 5 %: the rate moves, the inputs of each class do not.
TEST(DriftEffects, PriorShiftKeepsTheClasses) {
  const auto pair = pair_of("fraud", "kind: prior, to: 5%");
  EXPECT_NEAR(mean(pair.after("is_fraud")), 0.05, 0.008);
  EXPECT_NEAR(pair.cause().before, 0.0199, 0.002);
  EXPECT_NEAR(pair.cause().after, mean(pair.after("is_fraud")), 1e-12);
  EXPECT_EQ(pair.cause().rows_affected, static_cast<int64_t>(rows));
  const auto by_class = [](const SyntheticTable& table, double wanted) {
    const auto label = numbers(table, "is_fraud"), risk = numbers(table, "merchant_risk");
    std::vector<double> out;
    for (size_t i = 0; i < rows; ++i)
      if (label[i] == wanted) out.push_back(risk[i]);
    return out;
  };
  for (const double wanted : {0.0, 1.0}) {
    const auto a = by_class(pair.plain, wanted), b = by_class(pair.drifted, wanted);
    const double se = 0.25 * std::sqrt(1.0 / static_cast<double>(a.size()) + 1.0 / static_cast<double>(b.size()));
    EXPECT_NEAR(mean(a), mean(b), 4 * se);
  }
  EXPECT_GT(mean(pair.after("merchant_risk")), mean(pair.before("merchant_risk")));
}

TEST(DriftEffects, PriorShiftDownwards) {
  const auto pair = pair_of("credit", "kind: prior, to: 0.05");
  EXPECT_NEAR(mean(pair.after("default")), 0.05, 0.008);
}

TEST(DriftEffects, GradualGrows) {
  const auto pair =
      pair_of("credit", "kind: category, column: purpose, to: travel, share: 0.4, shape: gradual, over: 100%");
  const Column& purpose = column(pair.drifted, "purpose");
  double quarter[4] = {};
  for (size_t i = 0; i < rows; ++i) quarter[i * 4 / rows] += purpose.text(i) == "travel";
  for (size_t q = 0; q < 4; ++q)
    EXPECT_NEAR(quarter[q] / (rows / 4), 0.4 * (0.125 + 0.25 * static_cast<double>(q)), 0.035);
}

TEST(DriftEffects, RecurringComesAndGoes) {
  const auto pair = pair_of("fraud", "kind: unit, column: amount, by: 100, shape: recurring, period: 10d, duty: 0.2");
  const auto times = column(pair.plain, "time").integers();
  for (const size_t i : changed(pair, "amount")) ASSERT_LT((times[i] - pair.request.start) % (10 * day), 2 * day);
  EXPECT_NEAR(share(changed(pair, "amount").size()), 0.2, 0.05);
}

/// Several drifts on one table each keep their own account.
TEST(DriftEffects, DefaultPlansAddUp) {
  for (const auto* table : tables()) {
    SCOPED_TRACE(table->name);
    const auto drifted = make(request_for(table->name, rows, 6, table->default_drift));
    for (const auto& cause : drifted.causes) {
      SCOPED_TRACE(cause.drift.name);
      EXPECT_GT(cause.rows_affected, 50);
      EXPECT_LE(cause.rows_affected, cause.rows_in_range);
      EXPECT_NE(cause.before, cause.after);
      EXPECT_FALSE(cause.quantity.empty());
    }
  }
  const auto fraud = make(request_for("fraud", rows, 6, find_table("fraud")->default_drift));
  EXPECT_NEAR(fraud.causes[0].after / fraud.causes[0].before, 1.3, 0.001);  // amount +30 %
  EXPECT_NEAR(fraud.causes[1].after / fraud.causes[1].before, 1.42, 0.05);  // distance +50 % after a month, less before
  EXPECT_GT(fraud.causes[2].after, 0.05);                                   // 5 % and what the inputs add
}

TEST(DriftEffects, CausesAsJson) {
  const auto pair = pair_of(
      "credit", "kind: concept, by: 1.6, where: {employment: self-employed, months_employed: {below: 24}}, from: 50%");
  const std::string json = causes_json(pair.request, pair.drifted);
  for (const auto* part :
       {"\"schema\": \"leeway.causes/1\"", "\"table\": \"credit\"", "\"seed\": 6", "\"kind\": \"concept\"",
        "\"column\": null", "\"segment\": \"employment = self-employed and months_employed < 24\"", "\"size\": 1.6",
        "\"shape\": \"abrupt\"", "\"from\": \"2025-07-07T12:00:00Z\"", "\"moves_inputs\": false",
        "\"moves_response\": true"})
    EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
  EXPECT_NE(json.find(fmt::format("\"rows_affected\": {}", pair.cause().rows_affected)), std::string::npos);
  EXPECT_NE(causes_json(pair.request, pair.plain).find("\"causes\": []"), std::string::npos);
}

}  // namespace
}  // namespace leeway::simulate
