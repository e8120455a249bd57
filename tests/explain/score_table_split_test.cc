#include "explain/score_table_split.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.h"
#include "summaries/numeric_reference.h"

namespace leeway::explain {
namespace {

struct Rows {
  std::vector<double> scores, labels;
  std::vector<Outcome> outcomes;
};

Rows draw(size_t count, double tilt, double excess, uint64_t seed) {
  Random random(seed);
  Rows rows;
  for (size_t row = 0; row < count; ++row) {
    const double score = std::pow(random.uniform(), tilt);
    const bool known = random.chance(0.9), positive = random.chance(std::min(1.0, score + excess));
    rows.scores.push_back(score);
    rows.labels.push_back(known ? (positive ? 1 : 0) : std::numeric_limits<double>::quiet_NaN());
    rows.outcomes.push_back(!known ? Outcome::unknown : positive ? Outcome::positive : Outcome::negative);
  }
  return rows;
}

std::shared_ptr<const ScoreLayout> layout_of(const Rows& reference, double threshold) {
  BinMap::Options options{.bins = 1024};
  options.edges = {threshold};
  auto layout = std::make_shared<ScoreLayout>();
  layout->bins = std::make_shared<const BinMap>(
      BinMap::from_reference(*NumericReference::prepare(reference.scores), options));
  return layout;
}

ScoreTable table_of(const Rows& rows, const std::shared_ptr<const ScoreLayout>& layout) {
  ScoreTable table(layout);
  table.update(rows.scores, rows.outcomes, {});
  return table;
}

/// The split of rows with a cell for each bin of the table.
Decomposition split_rows(const BinMap& bins, const Rows& before, std::span<const double> before_loss, const Rows& now,
                         std::span<const double> now_loss) {
  std::vector<LossCell> cells(bins.bins());
  const auto fill = [&](CellSide LossCell::*side, const Rows& rows, std::span<const double> loss) {
    std::vector<std::vector<double>> losses(bins.bins());
    for (size_t row = 0; row < loss.size(); ++row)
      if (!std::isnan(loss[row])) losses[bins.find(rows.scores[row])].push_back(loss[row]);
    for (size_t bin = 0; bin < losses.size(); ++bin) {
      auto& cell = cells[bin].*side;
      cell.rows = std::ssize(losses[bin]);
      for (const double x : losses[bin]) cell.mean += x / static_cast<double>(cell.rows);
      for (const double x : losses[bin]) cell.sum_of_squares += (x - cell.mean) * (x - cell.mean);
    }
  };
  fill(&LossCell::reference, before, before_loss);
  fill(&LossCell::current, now, now_loss);
  return decompose({"", false}, cells).value();
}

TEST(ScoreTableSplit, AgreesWithTheRows) {
  const auto before = draw(20'000, 1, 0, 1), now = draw(15'000, 0.8, 0.03, 2);
  const auto layout = layout_of(before, 0.4);
  const auto a = table_of(before, layout), b = table_of(now, layout);
  const Costs costs{.false_negative = 10, .false_positive = 1};
  const struct {
    TableLoss loss;
    std::vector<double> before, now;
  } cases[] = {
      {TableLoss::zero_one, misclassified(before.scores, before.labels, 0.4),
       misclassified(now.scores, now.labels, 0.4)},
      {TableLoss::logarithmic, log_losses(before.scores, before.labels), log_losses(now.scores, now.labels)},
      {TableLoss::brier, brier_losses(before.scores, before.labels), brier_losses(now.scores, now.labels)},
      {TableLoss::cost, decision_costs(before.scores, before.labels, 0.4, costs),
       decision_costs(now.scores, now.labels, 0.4, costs)},
  };
  for (const auto& one : cases) {
    const auto fine = decompose_score_tables(one.loss, a, b, {.threshold = 0.4, .costs = costs, .max_cells = 1 << 20});
    SCOPED_TRACE(fine->metric);
    const auto rows = split_rows(*layout->bins, before, one.before, now, one.now);
    const std::pair<Estimate, Estimate> terms[] = {{fine->reference, rows.reference},
                                                   {fine->total, rows.total},
                                                   {fine->mix, rows.mix},
                                                   {fine->behaviour, rows.behaviour}};
    for (const auto& [table, exact] : terms) {
      EXPECT_NEAR(table.value, exact.value, 1e-10);
      EXPECT_NEAR(table.se / exact.se, 1, 1e-6);
    }
    const auto coarse = decompose_score_tables(one.loss, a, b, {.threshold = 0.4, .costs = costs}).value();
    EXPECT_EQ(coarse.cells.size(), 50u);
    EXPECT_NEAR(coarse.total.value, rows.total.value, 1e-10);
    EXPECT_NEAR(coarse.mix.value + coarse.behaviour.value, coarse.total.value, 1e-12);
    for (const auto& cell : coarse.cells) EXPECT_NEAR(cell.reference_share, 0.02, 0.003);
  }
}

TEST(ScoreTableSplit, WhatCannotBeSplitIsRefused) {
  const auto before = draw(2000, 1, 0, 3);
  const auto layout = layout_of(before, 0.4);
  const auto table = table_of(before, layout), other = table_of(before, layout_of(draw(2000, 1, 0, 4), 0.4));
  EXPECT_EQ(decompose_score_tables(TableLoss::zero_one, table, table, {.threshold = 0.41}).error().code,
            Code::failed_precondition);
  EXPECT_EQ(decompose_score_tables(TableLoss::logarithmic, table, other).error().code, Code::failed_precondition);
  EXPECT_EQ(decompose_score_tables(TableLoss::logarithmic, table, ScoreTable(layout)).error().code,
            Code::invalid_argument);
}

}  // namespace
}  // namespace leeway::explain
