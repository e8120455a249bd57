#include "stats/expected_auc.h"

#include <limits>

namespace leeway::stats {
namespace {

struct Totals {
  double positives = 0, negatives = 0, own = 0;   // own: Σ p (1 - p), a row paired with itself

  void add(const ScoredChance& entry) {
    positives += entry.count * entry.p;
    negatives += entry.count * (1 - entry.p);
    own += entry.count * entry.p * (1 - entry.p);
  }
};

/// Calls visit(begin, end, totals) for each run of equal scores.
template <class Visit>
void visit_runs(std::span<const ScoredChance> entries, Visit visit) {
  for (size_t begin = 0, end; begin < entries.size(); begin = end) {
    Totals run;
    for (end = begin; end < entries.size() && entries[end].score == entries[begin].score; ++end) run.add(entries[end]);
    visit(begin, end, run);
  }
}

}  // namespace

ExpectedAuc expected_auc(std::span<const ScoredChance> entries) {
  Totals all;
  for (const ScoredChance& entry : entries) all.add(entry);
  double wins = 0, negatives_below = 0;
  visit_runs(entries, [&](size_t, size_t, const Totals& run) {
    wins += run.positives * negatives_below + (run.positives * run.negatives - run.own) / 2;
    negatives_below += run.negatives;
  });
  const double pairs = all.positives * all.negatives - all.own;
  if (!(pairs > 0)) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, {}, nan};
  }
  ExpectedAuc result{wins / pairs, std::vector<double>(entries.size()), 0};
  Totals below;
  visit_runs(entries, [&](size_t begin, size_t end, const Totals& run) {
    const double positives_above = all.positives - below.positives - run.positives;
    for (size_t i = begin; i < end; ++i) {
      const double p = entries[i].p;
      const double lower = below.negatives + (run.negatives - (1 - p)) / 2;
      const double higher = positives_above + (run.positives - p) / 2;
      const double slope = (lower - higher - result.value * (all.negatives - all.positives)) /
                           (all.positives * all.negatives);
      result.slopes[i] = slope;
      result.variance += entries[i].count * slope * slope * p * (1 - p);
    }
    below.positives += run.positives;
    below.negatives += run.negatives;
  });
  return result;
}

}  // namespace leeway::stats
