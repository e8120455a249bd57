#include "explain/score_table_split.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "explain/column_counts.h"

namespace leeway::explain {
namespace {

const LossMetric& metric_of(TableLoss loss) {
  switch (loss) {
    case TableLoss::zero_one: return error_rate;
    case TableLoss::logarithmic: return log_loss;
    case TableLoss::brier: return brier_score;
    case TableLoss::cost: break;
  }
  return cost_per_row;
}

/// Σ loss and Σ loss² of some rows.
struct Sums {
  double rows = 0, losses = 0, squares = 0;

  void add(const Sums& other) {
    rows += other.rows;
    losses += other.losses;
    squares += other.squares;
  }
};

/// What one bin's rows of one outcome lose.
class BinLoss {
 public:
  BinLoss(TableLoss loss, size_t threshold_bin, const Costs& costs)
      : loss_(loss), threshold_bin_(threshold_bin), costs_(costs) {}

  Sums operator()(const ScoreTable::Cell& cell, size_t bin, bool positive) const {
    const auto rows = static_cast<double>(cell.n);
    if (loss_ == TableLoss::logarithmic)
      return {rows, cell.log_loss.value(ScoreTable::log_quantum), cell.log_loss2.value(ScoreTable::log_quantum)};
    if (loss_ == TableLoss::brier) {
      FixedSum errors = cell.p2;  // Σp², or Σ(1-p)² = n - 2Σp + Σp², in quanta and so without rounding
      if (positive) errors.quanta += (Int128{cell.n} << 53) - 2 * cell.p.quanta;
      return {rows, errors.value(ScoreTable::quantum), cell.squared_error2.value(ScoreTable::quantum)};
    }
    const double each = of_decision(bin >= threshold_bin_, positive);
    return {rows, rows * each, rows * each * each};
  }

 private:
  double of_decision(bool selected, bool positive) const {
    if (loss_ == TableLoss::zero_one) return selected != positive ? 1 : 0;
    if (positive) return selected ? costs_.true_positive : costs_.false_negative;
    return selected ? costs_.false_positive : costs_.true_negative;
  }

  TableLoss loss_;
  size_t threshold_bin_;
  Costs costs_;
};

/// Per bin, over the groups asked for and both outcomes.
std::vector<Sums> bin_sums(const ScoreTable& table, const BinLoss& loss, uint32_t group) {
  const uint32_t first = group == ScoreTable::all_groups ? 0 : group;
  const uint32_t last =
      group == ScoreTable::all_groups ? static_cast<uint32_t>(table.layout().group_count()) : group + 1;
  std::vector<Sums> sums(table.layout().bins->bins());
  for (uint32_t g = first; g < last; ++g)
    for (size_t bin = 0; bin < sums.size(); ++bin)
      for (const Outcome outcome : {Outcome::negative, Outcome::positive})
        sums[bin].add(loss(table.cell(bin, outcome, g), bin, outcome == Outcome::positive));
  return sums;
}

CellSide side_of(const Sums& sums) {
  if (sums.rows == 0) return {};
  const double mean = sums.losses / sums.rows;
  return {static_cast<int64_t>(sums.rows), mean, std::max(0.0, sums.squares - sums.losses * mean)};
}

Status check(TableLoss loss, const ScoreTable& reference, const ScoreTable& current) {
  if (!(*reference.layout().bins == *current.layout().bins))
    return fail(Code::failed_precondition, "the two score tables have different bins",
                "Profile both data sets again with the same --reference.");
  const bool needs_probability = loss == TableLoss::logarithmic || loss == TableLoss::brier;
  if (needs_probability && !(reference.layout().probability && current.layout().probability))
    return fail(Code::failed_precondition, fmt::format("a {} needs probabilities", metric_of(loss).name));
  return {};
}

}  // namespace

Result<Decomposition> decompose_score_tables(TableLoss loss, const ScoreTable& reference, const ScoreTable& current,
                                             const TableSplitOptions& options) {
  LEEWAY_CHECK(check(loss, reference, current));
  const BinMap& map = *reference.layout().bins;
  size_t threshold_bin = 0;
  if (loss == TableLoss::zero_one || loss == TableLoss::cost) {
    const auto edge = map.edge_index(options.threshold);
    if (!edge)
      return fail(Code::failed_precondition,
                  fmt::format("the score tables do not split their scores at {}", options.threshold));
    threshold_bin = *edge + 1;
  }
  const BinLoss bin_loss(loss, threshold_bin, options.costs);
  const auto before = bin_sums(reference, bin_loss, options.group), now = bin_sums(current, bin_loss, options.group);
  double all = 0, passed = 0;
  for (const auto& bin : before) all += bin.rows;

  std::vector<LossCell> cells;
  Sums a, b;
  Bin range{.kind = Bin::Kind::interval};
  for (size_t bin = 0; bin < before.size(); ++bin) {
    a.add(before[bin]);
    b.add(now[bin]);
    passed += before[bin].rows;
    const bool full = passed >= all * static_cast<double>(cells.size() + 1) / options.max_cells;
    if (bin + 1 < before.size() && !full) continue;
    range.high = map.upper(bin);
    cells.push_back({bin_text("score", range), side_of(a), side_of(b)});
    range.low = range.high;
    a = b = {};
  }
  return decompose(metric_of(loss), cells);
}

}  // namespace leeway::explain
