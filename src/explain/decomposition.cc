#include "explain/decomposition.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "explain/cuts.h"
#include "explain/sentence.h"

namespace leeway::explain {
namespace {

constexpr double z95 = 1.9599639845400542;  // two sided
constexpr int64_t rows_per_bin = 100;
constexpr int64_t fewest_bins = 10;

Estimate estimate(double value, double variance) {
  const double se = variance >= 0 ? std::sqrt(variance) : undefined;
  return {value, value - z95 * se, value + z95 * se, se};
}

/// One side over all its cells.
struct SideTotal {
  double rows = 0;
  double mean = 0;
  double variance = undefined;       ///< Of one row's loss.
  double within_variance = undefined;///< The same inside cells, pooled.
};

SideTotal total_of(std::span<const LossCell> cells, CellSide LossCell::*side) {
  SideTotal total;
  for (const auto& cell : cells) {
    total.rows += static_cast<double>((cell.*side).rows);
    total.mean += static_cast<double>((cell.*side).rows) * (cell.*side).mean;
  }
  total.mean /= total.rows;
  double within = 0, between = 0, freedom = 0;
  for (const auto& cell : cells) {
    const auto& part = cell.*side;
    if (part.rows == 0) continue;
    const auto rows = static_cast<double>(part.rows);
    within += part.sum_of_squares;
    between += rows * (part.mean - total.mean) * (part.mean - total.mean);
    freedom += rows - 1;
  }
  if (total.rows > 1) total.variance = (within + between) / (total.rows - 1);
  total.within_variance = freedom > 0 ? within / freedom : total.variance;
  return total;
}

/// Variance of one cell's mean.
double mean_variance(const CellSide& side, const SideTotal& total) {
  const auto rows = static_cast<double>(side.rows);
  return (side.rows > 1 ? side.sum_of_squares / (rows - 1) : total.within_variance) / rows;
}

/// Variance of Σ (share of the side in the cell) · value, the shares being multinomial.
class ShareVariance {
 public:
  void add(double share, double value) {
    mean_ += share * value;
    square_ += share * value * value;
  }
  double of_mean(double rows) const { return std::max(0.0, square_ - mean_ * mean_) / rows; }

 private:
  double mean_ = 0, square_ = 0;
};

struct Side {
  double share, mean;
};

/// The two terms with their variances.
struct Terms {
  double mix = 0, behaviour = 0;
  double mix_variance = 0, behaviour_variance = 0;
};

Terms split(std::span<const LossCell> cells, const SideTotal& before, const SideTotal& now,
            std::vector<Decomposition::Cell>& shown) {
  Terms terms;
  ShareVariance mix_shares[2], behaviour_shares[2];
  for (const auto& cell : cells) {
    const bool only_now = cell.reference.rows == 0, only_before = cell.current.rows == 0;
    if (only_now && only_before) continue;
    const double p = static_cast<double>(cell.reference.rows) / before.rows;
    const double q = static_cast<double>(cell.current.rows) / now.rows;
    const double a = only_now ? cell.current.mean : cell.reference.mean;
    const double b = only_before ? cell.reference.mean : cell.current.mean;
    const double level = (a + b) / 2, change = b - a;
    shown.push_back({cell.label, p, q, a, b, (q - p) * level, (p + q) / 2 * change});
    terms.mix += shown.back().mix;
    terms.behaviour += shown.back().behaviour;

    mix_shares[0].add(p, level);
    mix_shares[1].add(q, level);
    behaviour_shares[0].add(p, change / 2);
    behaviour_shares[1].add(q, change / 2);
    // A mean that stands for both sides counts twice in the mix and not at all in the behaviour.
    const bool both = !only_now && !only_before;
    const double mix_weight = both ? (q - p) / 2 : q - p, behaviour_weight = both ? (p + q) / 2 : 0;
    for (const auto* side : {&cell.reference, &cell.current}) {
      if (side->rows == 0) continue;
      const double variance = mean_variance(*side, side == &cell.reference ? before : now);
      terms.mix_variance += mix_weight * mix_weight * variance;
      terms.behaviour_variance += behaviour_weight * behaviour_weight * variance;
    }
  }
  terms.mix_variance += mix_shares[0].of_mean(before.rows) + mix_shares[1].of_mean(now.rows);
  terms.behaviour_variance += behaviour_shares[0].of_mean(before.rows) + behaviour_shares[1].of_mean(now.rows);
  return terms;
}

/// Losses gathered by cell in one pass, as sums about a centre.
class CellTally {
 public:
  CellTally(size_t cells, double centre) : centre_(centre), rows_(cells), sums_(cells), squares_(cells) {}
  void add(size_t cell, double loss) {
    const double x = loss - centre_;
    ++rows_[cell];
    sums_[cell] += x;
    squares_[cell] += x * x;
  }
  CellSide side(size_t cell) const {
    if (rows_[cell] == 0) return {};
    const double mean = sums_[cell] / static_cast<double>(rows_[cell]);
    return {rows_[cell], centre_ + mean, std::max(0.0, squares_[cell] - sums_[cell] * mean)};
  }

 private:
  double centre_;
  std::vector<int64_t> rows_;
  std::vector<double> sums_, squares_;
};

double finite_mean(std::span<const double> values) {
  double sum = 0, rows = 0;
  for (const double x : values) {
    if (!std::isfinite(x)) continue;
    sum += x;
    ++rows;
  }
  return rows > 0 ? sum / rows : 0;
}

std::vector<LossCell> cells_of(const BinnedFeature& feature, std::span<const double> reference_loss,
                               std::span<const double> current_loss, double centre) {
  CellTally before(feature.bins.size(), centre), now(feature.bins.size(), centre);
  for (size_t row = 0; row < reference_loss.size(); ++row)
    if (std::isfinite(reference_loss[row])) before.add(feature.reference[row], reference_loss[row]);
  for (size_t row = 0; row < current_loss.size(); ++row)
    if (std::isfinite(current_loss[row])) now.add(feature.current[row], current_loss[row]);
  std::vector<LossCell> cells(feature.bins.size());
  for (size_t bin = 0; bin < cells.size(); ++bin)
    cells[bin] = {predicate_text(feature, bin, bin), before.side(bin), now.side(bin)};
  return cells;
}

int64_t finite_count(std::span<const double> values) {
  return std::ranges::count_if(values, [](double x) { return std::isfinite(x); });
}

size_t group_count(const ScoredLosses& reference, const ScoredLosses& current) {
  size_t groups = 1;
  for (const auto* side : {&reference, &current})
    for (const uint32_t group : side->group) groups = std::max(groups, size_t{group} + 1);
  return groups;
}

std::vector<double> score_cuts(const ScoredLosses& reference, const ScoredLosses& current, size_t groups,
                               int max_bins) {
  const auto each = static_cast<int64_t>(groups);
  const int64_t rows = std::min(finite_count(reference.loss), finite_count(current.loss));
  const int64_t least = std::max<int64_t>(2, fewest_bins / each);
  const int64_t bins = std::clamp(rows / (rows_per_bin * each), least, std::max<int64_t>(least, max_bins));
  std::vector<double> scores;
  for (size_t row = 0; row < reference.score.size(); ++row)
    if (std::isfinite(reference.score[row]) && std::isfinite(reference.loss[row]))
      scores.push_back(reference.score[row]);
  return readable_cuts(scores, static_cast<int>(bins));
}

/// Bins of the score, then the missing score; the whole once for each group.
class ScoreCells {
 public:
  ScoreCells(std::span<const double> cuts, size_t groups) : search_(cuts), groups_(groups) {
    bins_.column = "score";
    bins_.bins = intervals_between(cuts);
    bins_.bins.push_back({.kind = Bin::Kind::missing});
  }

  size_t size() const { return groups_ * bins_.bins.size(); }
  size_t find(const ScoredLosses& side, size_t row) const {
    const size_t group = side.group.empty() ? 0 : side.group[row];
    const double score = side.score.empty() ? 0 : side.score[row];
    return group * bins_.bins.size() + (std::isnan(score) ? bins_.bins.size() - 1 : search_(score));
  }
  std::string label(size_t cell, std::span<const std::string> group_names, bool has_score) const {
    const size_t group = cell / bins_.bins.size(), bin = cell % bins_.bins.size();
    const std::string score = predicate_text(bins_, bin, bin);
    if (groups_ == 1 && group_names.empty()) return score;
    const std::string name = group < group_names.size() ? group_names[group] : fmt::format("group {}", group);
    return has_score ? fmt::format("{} and {}", name, score) : name;
  }

 private:
  CutSearch search_;
  BinnedFeature bins_;
  size_t groups_;
};

CellTally tally(const ScoredLosses& side, const ScoreCells& cells, double centre) {
  CellTally result(cells.size(), centre);
  for (size_t row = 0; row < side.loss.size(); ++row)
    if (std::isfinite(side.loss[row])) result.add(cells.find(side, row), side.loss[row]);
  return result;
}

/// Both sides' losses by score cell.
struct ScoreSplit {
  ScoreCells cells;
  CellTally before, now;

  ScoreSplit(const ScoredLosses& reference, const ScoredLosses& current, int max_bins)
      : ScoreSplit(reference, current, group_count(reference, current), max_bins, finite_mean(reference.loss)) {}

 private:
  ScoreSplit(const ScoredLosses& reference, const ScoredLosses& current, size_t groups, int max_bins, double centre)
      : cells(score_cuts(reference, current, groups, max_bins), groups),
        before(tally(reference, cells, centre)),
        now(tally(current, cells, centre)) {}
};

std::string left_out(const ScoredLosses& reference, const ScoredLosses& current) {
  const auto lost = [](const ScoredLosses& side) {
    return static_cast<int64_t>(side.loss.size()) - finite_count(side.loss);
  };
  return rows_left_out(lost(reference), lost(current));
}

}  // namespace

Result<Decomposition> decompose(const LossMetric& metric, std::span<const LossCell> cells) {
  const auto before = total_of(cells, &LossCell::reference), now = total_of(cells, &LossCell::current);
  if (before.rows == 0 || now.rows == 0)
    return fail(Code::invalid_argument, fmt::format("the {} has no rows with a known loss",
                                                    before.rows == 0 ? "reference" : "current side"));
  Decomposition result;
  result.metric = metric.name;
  result.in_shares = metric.in_shares;
  const Terms terms = split(cells, before, now, result.cells);
  result.reference = estimate(before.mean, before.variance / before.rows);
  result.current = estimate(now.mean, now.variance / now.rows);
  result.total = estimate(now.mean - before.mean, before.variance / before.rows + now.variance / now.rows);
  const bool sure = before.rows > 1 && now.rows > 1;
  result.mix = estimate(terms.mix, sure ? terms.mix_variance : undefined);
  result.behaviour = estimate(terms.behaviour, sure ? terms.behaviour_variance : undefined);
  result.sentence = performance_sentence(result, nullptr);
  return result;
}

Result<Decomposition> decompose_by_score(const LossMetric& metric, const ScoredLosses& reference,
                                         const ScoredLosses& current, std::span<const std::string> group_names,
                                         int max_bins) {
  const ScoreSplit split(reference, current, max_bins);
  std::vector<LossCell> cells(split.cells.size());
  for (size_t i = 0; i < cells.size(); ++i)
    cells[i] = {split.cells.label(i, group_names, !reference.score.empty()), split.before.side(i), split.now.side(i)};
  LEEWAY_TRY(auto result, decompose(metric, cells));
  result.note = left_out(reference, current);
  return result;
}

ExpectedLosses expected_losses(const ScoredLosses& reference, const ScoredLosses& current, int max_bins) {
  const ScoreSplit split(reference, current, max_bins);
  std::vector<double> means(split.cells.size());
  for (size_t i = 0; i < means.size(); ++i) {
    const auto before = split.before.side(i);
    means[i] = before.rows > 0 ? before.mean : split.now.side(i).mean;
  }
  const auto each = [&](const ScoredLosses& side) {
    std::vector<double> expected(side.loss.size());
    for (size_t row = 0; row < expected.size(); ++row) expected[row] = means[split.cells.find(side, row)];
    return expected;
  };
  return {each(reference), each(current)};
}

std::vector<AloneExplains> alone_explains(std::span<const BinnedFeature> features,
                                          std::span<const double> reference_loss,
                                          std::span<const double> current_loss) {
  std::vector<AloneExplains> explained;
  const double centre = finite_mean(reference_loss);
  for (const auto& feature : features) {
    const auto cells = cells_of(feature, reference_loss, current_loss, centre);
    if (const auto split = decompose(mean_score, cells)) explained.push_back({feature.column, split->mix});
  }
  std::ranges::stable_sort(explained, std::greater{}, [](const auto& one) { return std::fabs(one.mix.value); });
  return explained;
}

Result<PredictionShift> explain_prediction_shift(std::span<const BinnedFeature> features,
                                                 std::span<const double> reference_score,
                                                 std::span<const double> current_score) {
  const double centre = finite_mean(reference_score);
  CellTally sides[2] = {CellTally(1, centre), CellTally(1, centre)};
  for (const double x : reference_score)
    if (std::isfinite(x)) sides[0].add(0, x);
  for (const double x : current_score)
    if (std::isfinite(x)) sides[1].add(0, x);
  const LossCell whole{"", sides[0].side(0), sides[1].side(0)};
  LEEWAY_TRY(const auto levels, decompose(mean_score, std::span(&whole, 1)));
  PredictionShift shift{levels.reference, levels.current, levels.total,
                        alone_explains(features, reference_score, current_score), {}};
  shift.sentence = prediction_sentence(shift);
  return shift;
}

}  // namespace leeway::explain
