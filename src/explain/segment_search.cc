#include "explain/segment_search.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/threads.h"
#include "stats/level_counts.h"

namespace leeway::explain {
namespace {

using stats::Bitset;
using stats::LevelSums;

constexpr size_t listed_per_task = 16;  // candidates that go from the screen to the rows
constexpr size_t rechecked = 32;        // of one predicate, and of two
constexpr Side both_sides[] = {reference_side, current_side};

void add(LevelSums& sum, const LevelSums& part) {
  sum.rows += part.rows;
  sum.weights += part.weights;
  sum.squares += part.squares;
}

LevelSums less(const LevelSums& whole, const LevelSums& part) {
  return {whole.rows - part.rows, whole.weights - part.weights, whole.squares - part.squares};
}

/// Every predicate on one feature: half-lines first, so that of two runs with the same rows the simpler one is found.
std::vector<Run> runs_of(const BinnedFeature& feature) {
  std::vector<Run> runs;
  const auto intervals = static_cast<uint8_t>(feature.intervals());
  const auto bins = static_cast<uint8_t>(feature.bins.size());
  for (uint8_t i = 0; i + 1 < intervals; ++i) {
    runs.push_back({0, i});
    runs.push_back({static_cast<uint8_t>(i + 1), static_cast<uint8_t>(intervals - 1)});
  }
  for (uint8_t first = 1; first + 1 < intervals; ++first)
    for (uint8_t last = first; last + 1 < intervals; ++last) runs.push_back({first, last});
  if (bins > 1)
    for (uint8_t i = intervals; i < bins; ++i) runs.push_back({i, i});
  return runs;
}

}  // namespace

LossSummary summarise(const std::vector<double> (&excess)[2]) {
  LossSummary summary;
  double sum = 0, squares = 0;
  const auto each = [&](auto visit) {
    for (const Side side : both_sides)
      for (const double x : excess[side])
        if (std::isfinite(x)) visit(side, x);
  };
  each([&](Side side, double x) {
    ++summary.rows[side];
    sum += x;
    summary.least = std::min(summary.least, x);
    summary.most = std::max(summary.most, x);
    summary.zero_one &= x == 0 || x == 1;
  });
  const auto rows = static_cast<double>(std::max<int64_t>(1, summary.rows[0] + summary.rows[1]));
  summary.centre = sum / rows;
  each([&](Side, double x) { squares += (x - summary.centre) * (x - summary.centre); });
  summary.variance = squares / rows;
  return summary;
}

SegmentSearcher::SegmentSearcher(std::span<const BinnedFeature> features, const SegmentLosses& reference,
                                 const SegmentLosses& current, const std::vector<double> (&excess)[2],
                                 const LossSummary& summary, const SegmentOptions& options)
    : features_(features),
      loss_{reference.loss, current.loss},
      excess_{excess[0], excess[1]},
      summary_(summary),
      options_(options) {
  for (const Side side : both_sides) {
    levels_[side] = arrange_by_loss(excess[side], summary.centre);
    left_[side] = Bitset(levels_[side].slots);
    for (const uint32_t slot : levels_[side].slot)
      if (slot != LossLevels::left_out) left_[side].set(slot);
    context_.min_rows[side] = std::max(static_cast<double>(options.min_rows),
                                       options.min_share * static_cast<double>(summary.rows[side]));
    margins_[side].resize(features.size());
  }
  const double c = summary.centre;
  context_.pseudo_sum = summary.zero_one ? 1 - 2 * c : 0;
  context_.pseudo_squares = summary.zero_one ? c * c + (1 - c) * (1 - c) : 2 * summary.variance;
  for (const auto& feature : features) runs_.push_back(runs_of(feature));

  paired_.resize(std::min(features.size(), options.max_paired_features));
  for (size_t f = 0; f < paired_.size(); ++f) {
    paired_[f] = {sets_[0].size(), features[f].bins.size() - 1, {}};
    for (const Side side : both_sides) {
      auto sets = sets_of(features[f], side);
      sets.pop_back();
      std::ranges::move(sets, std::back_inserter(sets_[side]));
    }
  }
}

std::vector<Bitset> SegmentSearcher::sets_of(const BinnedFeature& feature, Side side) const {
  const auto& codes = side == reference_side ? feature.reference : feature.current;
  std::vector<Bitset> sets(feature.bins.size(), Bitset(levels_[side].slots));
  for (size_t row = 0; row < codes.size(); ++row)
    if (const uint32_t slot = levels_[side].slot[row]; slot != LossLevels::left_out) sets[codes[row]].set(slot);
  return sets;
}

void SegmentSearcher::measure_feature(size_t f) {
  for (const Side side : both_sides) {
    std::vector<Bitset> own;
    std::span<const Bitset> sets;
    if (f < paired_.size()) {
      sets = std::span(sets_[side]).subspan(paired_[f].first_set, paired_[f].sets);
    } else {
      own = sets_of(features_[f], side);
      own.pop_back();
      for (auto& set : own) set &= left_[side];
      sets = own;
    }
    auto& margins = margins_[side][f];
    margins.clear();
    LevelSums last = context_.total[side];
    for (const auto& set : sets) {
      margins.push_back(stats::level_sums(set, levels_[side].levels));
      last = less(last, margins.back());
    }
    margins.push_back(last);
  }
  if (f >= paired_.size()) return;
  paired_[f].runs.clear();
  for (const Run& run : runs_[f]) {
    LevelSums sums[2];
    for (const Side side : both_sides)
      for (size_t bin = run.first; bin <= run.last; ++bin) add(sums[side], margins_[side][f][bin]);
    if (supported(sums[0], sums[1], context_)) paired_[f].runs.push_back(run);
  }
}

int64_t SegmentSearcher::scan_singles(size_t f, BestList& best) const {
  int64_t tested = 0;
  for (const Run& run : runs_[f]) {
    LevelSums sums[2];
    for (const Side side : both_sides)
      for (size_t bin = run.first; bin <= run.last; ++bin) add(sums[side], margins_[side][f][bin]);
    if (!supported(sums[0], sums[1], context_)) continue;
    ++tested;
    const Rise found = rise(sums[0], sums[1], context_);
    if (found.rose()) best.add(found.z2(), {static_cast<uint32_t>(f), Found::none, run, {}});
  }
  return tested;
}

void SegmentSearcher::fill_grid(size_t left, size_t right, const std::vector<LevelSums> (&sums)[2], size_t rights,
                       Grid& grid) const {
  const auto& a = paired_[left];
  const auto& b = paired_[right];
  const size_t offset = b.first_set - (a.first_set + a.sets);
  grid.rows = a.sets + 1;
  grid.columns = b.sets + 1;
  for (const Side side : both_sides) {
    auto& cells = grid.cells[side];
    cells.assign(grid.rows * grid.columns, {});
    std::copy(margins_[side][right].begin(), margins_[side][right].end(), &cells[a.sets * grid.columns]);
    for (size_t i = 0; i < a.sets; ++i) {
      LevelSums last = margins_[side][left][i];
      for (size_t j = 0; j < grid.columns; ++j) {
        auto& cell = cells[i * grid.columns + j];
        cell = j < b.sets ? sums[side][i * rights + offset + j] : last;
        last = less(last, cell);
        auto& below = cells[a.sets * grid.columns + j];
        below = less(below, cell);
      }
    }
  }
}

int64_t SegmentSearcher::scan_pairs(size_t left, BestList& best) const {
  const auto& a = paired_[left];
  const size_t after = a.first_set + a.sets, rights = sets_[0].size() - after;
  if (a.runs.empty()) return 0;
  std::vector<LevelSums> sums[2];
  for (const Side side : both_sides) {
    sums[side].resize(a.sets * rights);
    const auto sets = std::span(sets_[side]);
    stats::level_sums(sets.subspan(a.first_set, a.sets), sets.subspan(after), levels_[side].levels, sums[side]);
  }
  Grid grid;
  GridScan scan;
  int64_t tested = 0;
  for (size_t right = left + 1; right < paired_.size(); ++right) {
    if (paired_[right].runs.empty()) continue;
    fill_grid(left, right, sums, rights, grid);
    tested += scan(grid, {static_cast<uint32_t>(left), a.runs},
                   {static_cast<uint32_t>(right), paired_[right].runs}, context_, best);
  }
  return tested;
}

Pass SegmentSearcher::pass() {
  for (const Side side : both_sides) context_.total[side] = stats::level_sums(left_[side], levels_[side].levels);
  struct Task {
    int64_t tested[2] = {0, 0};
    BestList best[2] = {BestList(listed_per_task), BestList(listed_per_task)};
  };
  std::vector<Task> tasks(features_.size());
  parallel_for(features_.size(), options_.threads, [&](size_t f) {
    measure_feature(f);
    tasks[f].tested[0] = scan_singles(f, tasks[f].best[0]);
  });
  parallel_for(paired_.size(), options_.threads,
               [&](size_t f) { tasks[f].tested[1] = scan_pairs(f, tasks[f].best[1]); });

  Pass result;
  for (const int predicates : {0, 1}) {
    BestList best(rechecked);
    for (const auto& task : tasks) {
      result.tested[predicates] += task.tested[predicates];
      for (const auto& entry : task.best[predicates].entries()) best.add(entry.z2, entry.found);
    }
    result.best.insert(result.best.end(), best.entries().begin(), best.entries().end());
  }
  return result;
}

bool SegmentSearcher::contains(const Found& found, Side side, size_t row) const {
  const auto in = [&](uint32_t feature, Run run) {
    const auto& binned = features_[feature];
    const uint8_t code = side == reference_side ? binned.reference[row] : binned.current[row];
    return code >= run.first && code <= run.last;
  };
  return in(found.left_feature, found.left) &&
         (found.right_feature == Found::none || in(found.right_feature, found.right));
}

ScanContext SegmentSearcher::exact_context() const {
  ScanContext exact = context_;
  for (const Side side : both_sides) {
    exact.total[side] = {};
    for (size_t row = 0; row < excess_[side].size(); ++row) {
      const uint32_t slot = levels_[side].slot[row];
      if (slot == LossLevels::left_out || !left_[side][slot]) continue;
      const double x = excess_[side][row] - summary_.centre;
      add(exact.total[side], {1, x, x * x});
    }
  }
  return exact;
}

Candidate SegmentSearcher::recheck(const Found& found, const ScanContext& exact) const {
  Candidate candidate{.found = found};
  for (const Side side : both_sides) {
    double sum = 0;
    for (size_t row = 0; row < excess_[side].size(); ++row) {
      const uint32_t slot = levels_[side].slot[row];
      if (slot == LossLevels::left_out || !contains(found, side, row) || !left_[side][slot]) continue;
      const double x = excess_[side][row] - summary_.centre;
      add(candidate.sums[side], {1, x, x * x});
      sum += loss_[side][row];
    }
    candidate.loss[side] = sum / candidate.sums[side].rows;
  }
  const Rise result = rise(candidate.sums[0], candidate.sums[1], exact);
  const bool loss_rose = candidate.loss[current_side] > candidate.loss[reference_side];
  if (loss_rose && result.rose() && result.change_variance > 0) candidate.z = std::sqrt(result.z2());
  return candidate;
}

std::optional<Candidate> SegmentSearcher::winner(const Pass& pass) const {
  const ScanContext exact = exact_context();
  std::vector<Candidate> candidates(pass.best.size());
  parallel_for(candidates.size(), options_.threads, [&](size_t i) {
    const Found& found = pass.best[i].found;
    candidates[i] = recheck(found, exact);
    const auto tested = static_cast<double>(pass.tested[found.right_feature != Found::none]);
    if (candidates[i].z > 0) candidates[i].evidence = candidates[i].z * candidates[i].z / 2 - std::log(tested);
  });
  const auto best = std::ranges::max_element(candidates, {}, &Candidate::evidence);
  if (best == candidates.end() || !(best->z > 0)) return std::nullopt;
  return *best;
}

void SegmentSearcher::remove(const Found& found) {
  for (const Side side : both_sides) {
    for (size_t row = 0; row < excess_[side].size(); ++row)
      if (const uint32_t slot = levels_[side].slot[row]; slot != LossLevels::left_out && contains(found, side, row))
        left_[side].reset(slot);
    for (auto& set : sets_[side]) set &= left_[side];
  }
}

std::string SegmentSearcher::text(const Found& found) const {
  const std::string left = predicate_text(features_[found.left_feature], found.left.first, found.left.last);
  if (found.right_feature == Found::none) return left;
  return left + " and " + predicate_text(features_[found.right_feature], found.right.first, found.right.last);
}

}  // namespace leeway::explain
