// Fairness from stored score tables against fairness from the rows behind them.

#include "base/random.h"
#include "checks/fairness/group_rows_builder.h"
#include "summaries/score_table.h"

namespace leeway::fairness {
namespace {

/// The rows of the first column as a table with the given bin edges.
ScoreTable table_of(const GroupRows& rows, std::vector<double> edges) {
  const GroupColumn& column = rows.columns.front();
  auto layout = std::make_shared<ScoreLayout>();
  layout->bins = std::make_shared<BinMap>(*BinMap::from_edges(std::move(edges), {}, 0, 1));
  layout->groups.assign(column.groups.begin(), column.groups.end());
  std::vector<Outcome> outcomes;
  std::vector<uint32_t> groups;
  for (size_t i = 0; i < rows.rows; ++i) {
    outcomes.push_back(static_cast<Outcome>(rows.labels[i]));
    groups.push_back(column.codes[i] < column.groups.size() ? column.codes[i] : layout->missing_group());
  }
  ScoreTable table(std::move(layout));
  table.update(rows.scores, outcomes, groups);
  return table;
}

TEST(StoredFairness, RatesAreExactAtAnEdgeOfTheBins) {
  RowsBuilder builder = compas_rows();  // selected: decile >= 5, so score >= 0.5
  builder.add({"Caucasian", "Male"}, 1, unknown, 40, 0.9);
  builder.add({"", "Male"}, 0, 0, 35, 0.2);
  GroupRows rows = builder.rows();
  rows.columns.resize(1);
  rows.strata = {};
  const auto from_rows = *measure_fairness(nullptr, rows, {.cross_depth = 1, .search_depth = 0});
  const ScoreTable table = table_of(rows, {0.15, 0.25, 0.35, 0.45, 0.5, 0.55, 0.65, 0.75, 0.85, 0.95});
  const StoredAttribute attribute{"race", nullptr, &table, {}};
  const auto stored = *measure_fairness(std::span(&attribute, 1), 0.5);
  ASSERT_EQ(stored.parity.size(), from_rows.parity.size());
  for (size_t i = 0; i < stored.parity.size(); ++i) {
    const Measurement &a = stored.parity[i], &b = from_rows.parity[i];
    const std::string_view id = a.method->id;
    ASSERT_EQ(id, b.method->id);
    EXPECT_EQ(a.current_rows.rows, b.current_rows.rows) << id;
    EXPECT_EQ(a.current_rows.used, b.current_rows.used) << id;
    if (id.starts_with("calibration")) continue;  // of bin means
    EXPECT_NEAR(a.value.value, b.value.value, 1e-9) << id;
    EXPECT_NEAR(a.value.lower, b.value.lower, 1e-9) << id;
    EXPECT_NEAR(a.value.upper, b.value.upper, 1e-9) << id;
  }
  const Measurement& missing = find(stored.levels, "group_selection_rate", "race", "race = missing");
  EXPECT_EQ(missing.current->value, 0);
}

TEST(StoredFairness, AucsAreWithinTheirBrackets) {
  Random random(71);
  RowsBuilder builder({"group"});
  for (int i = 0; i < 4000; ++i) {
    const bool a = random.chance(0.4);
    const double p = a ? random.uniform() : 0.2 + 0.6 * random.uniform();
    builder.add({a ? "a" : "b"}, p >= 0.5, random.chance(p), 1, p);
  }
  const GroupRows rows = builder.rows();
  std::vector<double> edges;
  for (int i = 1; i < 20; ++i) edges.push_back(i / 20.0);
  const ScoreTable table = table_of(rows, edges);
  const StoredAttribute attribute{"group", nullptr, &table, {}};
  const auto stored = *measure_fairness(std::span(&attribute, 1), 0.5);
  const auto exact = *measure_fairness(nullptr, rows, {.search_depth = 0});
  for (const auto* id : {"roc_auc_difference", "cross_auc_difference"}) {
    const Measurement &m = find(stored.parity, id), &truth = find(exact.parity, id);
    ASSERT_TRUE(m.bracket) << id;
    EXPECT_LE(m.bracket->lower, truth.value.value) << id;
    EXPECT_GE(m.bracket->upper, truth.value.value) << id;
    EXPECT_NEAR(m.value.value, truth.value.value, 0.01) << id;
    EXPECT_FALSE(truth.bracket) << id;
  }
  EXPECT_NEAR(find(stored.parity, "mean_residual_difference").value.value,
              find(exact.parity, "mean_residual_difference").value.value, 1e-12);
}

TEST(StoredFairness, ThresholdsInsideABinAndOtherReferencesAreRefused) {
  const RowsBuilder builder = compas_rows();
  const ScoreTable table = table_of(builder.rows(), {0.25, 0.5, 0.75}), other = table_of(builder.rows(), {0.5});
  const StoredAttribute attribute{"race", nullptr, &table, {}};
  EXPECT_EQ(measure_fairness(std::span(&attribute, 1), 0.6).error().code, Code::failed_precondition);
  const StoredAttribute two{"race", &other, &table, {}};
  EXPECT_EQ(measure_fairness(std::span(&two, 1), 0.5).error().code, Code::failed_precondition);
}

TEST(StoredFairness, WithoutOutcomesOnlySelectionIsMeasured) {
  RowsBuilder builder({"group"});
  builder.add({"a"}, 0, unknown, 60, 0.3);
  builder.add({"a"}, 0, unknown, 40, 0.7);
  builder.add({"b"}, 0, unknown, 100, 0.7);
  const ScoreTable table = table_of(builder.rows(), {0.5});
  const StoredAttribute attribute{"group", nullptr, &table, {}};
  const auto stored = *measure_fairness(std::span(&attribute, 1), 0.5);
  EXPECT_NEAR(find(stored.parity, "adverse_impact_ratio").value.value, 0.4, 1e-12);
  EXPECT_EQ(find(stored.parity, "equalised_odds").not_computable, "there are no outcomes yet");
  EXPECT_EQ(find(stored.parity, "roc_auc_difference").not_computable, "there are no outcomes yet");
}

}  // namespace
}  // namespace leeway::fairness
