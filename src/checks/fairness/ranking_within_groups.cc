// Whether the score ranks as well within each group, and fairly across groups.

#include <algorithm>
#include <cmath>

#include "checks/fairness/levels.h"
#include "checks/fairness/registry.h"
#include "checks/fairness/texts.h"
#include "checks/performance/metrics.h"
#include "stats/distributions.h"
#include "stats/simultaneous.h"

namespace leeway::fairness {
namespace {

constexpr MethodInfo group_roc_auc{
    .id = "group_roc_auc",
    .title = "ROC-AUC of a group",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "Chance that a positive of a group scores higher than a negative of the same group.",
    .hypothesis = "",
    .guarantee = texts::level_guarantee,
    .misleads = "A group of a narrower range of scores has a lower AUC by that alone.",
    .cost = "O(n)",
    .source = "DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595",
};

constexpr MethodInfo roc_auc_difference{
    .id = "roc_auc_difference",
    .title = "ROC-AUC difference",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "Largest difference of within-group ROC-AUCs between two groups.",
    .hypothesis = "the AUC is the same in all groups (normal errors)",
    .guarantee = texts::pair_guarantee,
    .misleads =
        "Equal AUCs within groups say nothing of how the groups rank against each other; see the cross-group AUC.",
    .cost = texts::group_cost,
    .source = "DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595",
};

constexpr MethodInfo cross_auc_difference{
    .id = "cross_auc_difference",
    .title = "Cross-group AUC difference",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures =
        "Largest |xAUC(a,b) - xAUC(b,a)| over pairs of groups, xAUC(a,b) being the chance that a positive of a scores "
        "higher than a negative of b.",
    .hypothesis = "xAUC(a,b) = xAUC(b,a) for all pairs (normal errors, Bonferroni over pairs)",
    .guarantee = texts::pair_guarantee,
    .misleads = "Groups with different base rates differ here even under a calibrated score.",
    .cost = "O(n · groups)",
    .source = "Kallus & Zhou 2019, arXiv 1902.05826; variance as DeLong et al. 1988, doi:10.2307/2531595",
};

constexpr const MethodInfo* methods[] = {&roc_auc_difference, &cross_auc_difference, &group_roc_auc};
constexpr ScoreParity auc_parity{&performance::binary::roc_auc, true, &group_roc_auc, &roc_auc_difference};

/// Rows of one group with one score.
struct ScoreEntry {
  double score;
  size_t group;  ///< place among the groups compared
  int64_t negatives, positives;
};

/// All entries of the groups, ascending; from a table those of one bin count as equal.
std::vector<ScoreEntry> entries_by_score(const GroupSide& side, std::span<const size_t> groups) {
  std::vector<ScoreEntry> out;
  if (side.table) {
    for (size_t i = 0; i < groups.size(); ++i) {
      const auto negatives = side.table->counts(Outcome::negative, static_cast<uint32_t>(groups[i]));
      const auto positives = side.table->counts(Outcome::positive, static_cast<uint32_t>(groups[i]));
      for (size_t bin = 0; bin < negatives.size(); ++bin)
        if (negatives[bin] + positives[bin] > 0)
          out.push_back({static_cast<double>(bin), i, negatives[bin], positives[bin]});
    }
    std::ranges::stable_sort(out, {}, &ScoreEntry::score);
    return out;
  }
  std::vector<size_t> place(side.counts.size(), SIZE_MAX);
  for (size_t i = 0; i < groups.size(); ++i) place[groups[i]] = i;
  const GroupRows& rows = *side.source->rows;
  for (const uint32_t row : side.source->by_score)
    if (const size_t group = place[side.codes[row]]; group != SIZE_MAX)
      out.push_back({rows.scores[row], group, 1 - rows.labels[row], rows.labels[row]});
  return out;
}

/// Sums over the rows of one group, for each other group, of how many of its rows of the other class score below.
struct Placements {
  std::vector<double> sums, squares;  // [own · groups + other]
  std::vector<double> below;          // of each other group, at the score in hand (ties count half)
  std::vector<double> rows;           // of each own group

  explicit Placements(size_t groups) : sums(groups * groups), squares(groups * groups), below(groups), rows(groups) {}
  void add(size_t own, double times) {
    rows[own] += times;
    double *sum = &sums[own * below.size()], *square = &squares[own * below.size()];
    for (size_t other = 0; other < below.size(); ++other) {
      sum[other] += times * below[other];
      square[other] += times * below[other] * below[other];
    }
  }
  double mean(size_t own, size_t other) const { return sums[own * below.size() + other] / rows[own]; }
  /// Of the mean.
  double variance(size_t own, size_t other) const {
    const double m = mean(own, other), centred = squares[own * below.size() + other] / rows[own] - m * m;
    return std::max(0.0, centred) / (rows[own] - 1);
  }
};

struct CrossDifferences {
  std::vector<PairDifference> pairs;
  double half_width = 0;  ///< From a table: how far the order within the bins can move any of them.
};

/// xAUC(a,b) of all ordered pairs of groups, with DeLong's variance, from one pass over the rows by score. Adding costs
/// O(rows · groups).
class CrossAucs {
 public:
  CrossAucs(size_t groups, bool binned)
      : groups_(groups), binned_(binned), positives_(groups), negatives_(groups), ties_(groups * groups) {}

  /// Rows of one score (or bin), scores ascending from call to call.
  void add(std::span<const ScoreEntry> block) {
    shift(block);
    for (const ScoreEntry& e : block) {
      if (e.positives > 0) positives_.add(e.group, static_cast<double>(e.positives));
      if (e.negatives > 0) negatives_.add(e.group, static_cast<double>(e.negatives));
    }
    shift(block);
    if (!binned_) return;
    for (const ScoreEntry& a : block)
      for (const ScoreEntry& b : block)
        ties_[a.group * groups_ + b.group] += static_cast<double>(a.positives) * static_cast<double>(b.negatives);
  }

  /// P(positive of a above negative of b); its variance is at least that of half a misplaced pair of rows, so that
  /// perfect separation is not taken for certain.
  Estimated auc(size_t a, size_t b) const {
    const double p = positives_.rows[a], n = negatives_.rows[b];
    const double least = 0.25 / (p * p) + 0.25 / (n * n);
    const double variance = positives_.variance(a, b) / (n * n) + negatives_.variance(b, a) / (p * p);
    return {positives_.mean(a, b) / n, std::sqrt(std::max(variance, least))};
  }

  /// Share of the pairs of rows whose order is not known, because they lie in one bin.
  double tied(size_t a, size_t b) const { return ties_[a * groups_ + b] / (positives_.rows[a] * negatives_.rows[b]); }

 private:
  /// Half of the block passes below: called before and after it is added, for ties count half.
  void shift(std::span<const ScoreEntry> block) {
    for (const ScoreEntry& e : block) {
      positives_.below[e.group] += 0.5 * static_cast<double>(e.negatives);
      negatives_.below[e.group] += 0.5 * static_cast<double>(e.positives);
    }
  }

  size_t groups_;
  bool binned_;
  Placements positives_, negatives_;
  std::vector<double> ties_;  // positives of one with negatives of another in one bin
};

/// xAUC(a,b) - xAUC(b,a) of all pairs. The two share no row, so their errors are independent.
CrossDifferences cross_differences(const GroupSide& side, std::span<const size_t> groups) {
  const auto entries = entries_by_score(side, groups);
  CrossAucs aucs(groups.size(), side.table != nullptr);
  for (size_t first = 0, last = 0; first < entries.size(); first = last) {
    while (last < entries.size() && entries[last].score == entries[first].score) ++last;
    aucs.add(std::span(entries).subspan(first, last - first));
  }
  CrossDifferences out;
  for (size_t a = 0; a < groups.size(); ++a)
    for (size_t b = a + 1; b < groups.size(); ++b) {
      const Estimated up = aucs.auc(a, b), down = aucs.auc(b, a);
      out.pairs.push_back({groups[a], groups[b], {up.value - down.value, std::hypot(up.se, down.se)}});
      out.half_width = std::max(out.half_width, (aucs.tied(a, b) + aucs.tied(b, a)) / 2);
    }
  return out;
}

void measure_cross_auc(const GroupedData& data, const FairnessOptions& options, FairnessMeasurements& out) {
  const auto shown = [&](const GroupSide& side) {
    const auto levels = metric_levels(side, performance::binary::roc_auc, true, options);
    return estimated(levels, no_score_or_outcome(side), options);
  };
  Measurement m = blank(cross_auc_difference, data, Needs::score_and_outcome);
  const auto [groups, aucs, missing] = shown(data.current);
  if (!missing.empty()) m.not_computable = missing;
  else if (groups.size() < 2) m.not_computable = too_few_groups(options);
  if (m.computed()) {
    const auto [pairs, half_width] = cross_differences(data.current, groups);
    const double critical = stats::bonferroni_critical_value(pairs.size(), bound_confidence);
    const auto [value, worst] = worst_difference(pairs, critical);
    set_value(m, value);
    const bool a_first = worst->difference.value > 0;
    m.note = "positives of " + data.groups[a_first ? worst->a : worst->b] + " outrank negatives of " +
             data.groups[a_first ? worst->b : worst->a] + " more often than the other way round";
    double least_p = 1;
    for (const PairDifference& pair : pairs)
      least_p = std::min(least_p, stats::two_sided_normal(pair.difference.value / pair.difference.se).p);
    if (half_width > 0)
      m.bracket = Estimate{undefined, std::max(0.0, value.value - half_width), value.value + half_width};
    m.p_value = std::min(1.0, least_p * static_cast<double>(pairs.size()));
    add_support(m, data, groups);
    m.details.push_back({"critical", critical});
    if (data.reference)
      add_pair_reference(m, *worst, cross_differences(*data.reference, shown(*data.reference).groups).pairs, critical);
  } else {
    add_support(m, data, groups);
  }
  out.parity.push_back(std::move(m));
}

void measure(const GroupedData& data, const FairnessOptions& options, FairnessMeasurements& out) {
  measure_score_parity(data, auc_parity, options, out);
  measure_cross_auc(data, options, out);
}

}  // namespace

constinit const FairnessFamily ranking_within_groups{methods, measure};

}  // namespace leeway::fairness
