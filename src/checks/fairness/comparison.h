#pragma once
// Groups against each other: the worst pair, with bounds from which a verdict can be read without looking at the data
// again (docs/verdicts.md).
//
// A gap is the largest |a - b| over all pairs of groups, a ratio the smallest a/b over all ordered pairs. Comparing
// with the group that happens to have the highest rate exaggerates both, so the two bounds are of different kinds:
//
//   the bound towards "fair"  (lower of a gap, upper of a ratio)  is the most extreme *simultaneous* bound of any pair:
//       beyond a limit it shows at least one pair to be beyond it, whatever pair was picked (max-T over all pairs);
//   the bound towards "unfair" (upper of a gap, lower of a ratio) is the most extreme *plain* bound of any pair: within
//       a limit it shows every pair to be within it (intersection-union, so no correction is due; Berger 1982,
//       doi:10.1080/00401706.1982.10487790).
//
// Each is wrong with probability at most 1 - confidence, so the generic rule on (lower, value, upper) is the rule of
// four-fifths with proof on both sides. Pure functions, thread safe.

#include <cstddef>
#include <span>
#include <vector>

#include "base/random.h"
#include "checks/fairness/rates.h"
#include "checks/measurement.h"

namespace leeway::fairness {

/// Of each bound by itself.
inline constexpr double bound_confidence = 0.95;
/// Its critical value for one comparison.
inline constexpr double plain_critical = 1.6448536269514722;

enum class Contrast { difference, ratio };

/// A number of one group with its standard error (of its logarithm for ratios).
struct Estimated {
  double value = undefined;
  double se = undefined;
};

/// The mean of two rates of one group over disjoint rows.
struct MeanRate {
  Fraction first, second;

  double value() const { return (first.rate() + second.rate()) / 2; }
  bool operator==(const MeanRate&) const = default;
};

/// The extreme pair: groups by position in the span compared.
struct WorstPair {
  Estimate value;
  size_t high = 0;  ///< The group with the largest number.
  size_t low = 0;   ///< The group with the smallest.
};

/// At least two groups, each with cases > 0; `critical` from stats::pairwise_critical_value(). Score bounds (Miettinen
/// & Nurminen). A ratio over groups without any event at all has the value NaN. O(pairs) score evaluations of about 0.1
/// µs.
WorstPair worst_pair(std::span<const Fraction> groups, Contrast contrast, double critical,
                     double plain = plain_critical);
/// Normal bounds of independent estimates; ratios on the logarithm, all values positive.
WorstPair worst_pair(std::span<const Estimated> groups, Contrast contrast, double critical);
/// Differences only: Newcombe's hybrid of Wilson bounds, extended to the mean of two rates (Zou & Donner 2008,
/// doi:10.1002/sim.3095).
WorstPair worst_pair(std::span<const MeanRate> groups, Contrast contrast, double critical);

/// One pair in the same terms: |a - b|, or the smaller of a/b and b/a, with a simultaneous and a plain bound.
Estimate compare(const Fraction& a, const Fraction& b, Contrast contrast, double critical,
                 double plain = plain_critical);
Estimate compare(const Estimated& a, const Estimated& b, Contrast contrast, double critical);
Estimate compare(const MeanRate& a, const MeanRate& b, Contrast contrast, double critical);

/// A difference between groups a and b that is no difference of two numbers of their own; a < b.
struct PairDifference {
  size_t a, b;
  Estimated difference;
};
struct WorstDifference {
  Estimate value;
  const PairDifference* pair;
};
/// The largest of them with normal bounds as by worst_pair(). At least one pair.
WorstDifference worst_difference(std::span<const PairDifference> pairs, double critical);

/// Standard errors for max-T and for changes: of the rate or of its logarithm, with half an event added to each side
/// so that no group counts as exact.
Estimated smoothed(const Fraction& group, Contrast contrast);
Estimated smoothed(const MeanRate& group, Contrast contrast);
std::vector<double> standard_errors(std::span<const Fraction> groups, Contrast contrast);

/// What a gap (or ratio) is by chance when all groups are alike.
struct NullGap {
  double mean = undefined;
  double quantile = undefined;  ///< 95 % of a gap, 5 % of a ratio.
  double p_value = undefined;   ///< (1 + draws at least as bad) / (draws + 1)
};

/// The statistic of random tables with the same margins: group labels permuted among the cases of each rate (within the
/// label class for true- and false-positive rates). One table of groups per rate; `statistic` maps such tables to the
/// gap or ratio.
class PermutedTables {
 public:
  explicit PermutedTables(std::span<const std::vector<Fraction>> tables);
  /// O(permutations · groups).
  template <class Statistic>
  NullGap null(Statistic statistic, bool higher_is_worse, const Random& random, int permutations) {
    const double seen = statistic(seen_);
    Random stream = random;
    std::vector<double> draws(static_cast<size_t>(permutations));
    for (double& draw : draws) draw = statistic(permuted(stream));
    return summary(seen, draws, higher_is_worse);
  }
  /// Mean, quantile and p-value of `draws` against what was seen. Reorders `draws`.
  static NullGap summary(double seen, std::span<double> draws, bool higher_is_worse);

 private:
  const std::vector<std::vector<Fraction>>& permuted(Random& random);

  std::vector<std::vector<Fraction>> seen_, tables_;
  std::vector<int64_t> sizes_, counts_;
};

/// Largest less smallest rate; smallest over largest (NaN when no group has an event).
double gap(std::span<const Fraction> groups);
double ratio(std::span<const Fraction> groups);

}  // namespace leeway::fairness
