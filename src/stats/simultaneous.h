#pragma once
// Many comparisons at once: critical values and adjusted p-values from the distribution of the largest statistic
// (max-T, Westfall & Young 1993, ISBN 978-0-471-55761-6), so that the chance of any error in the family is controlled
// without assuming anything of how the comparisons depend on each other. The distribution is drawn, by permutation or
// by normal multipliers; the caller passes the generator, and a seed gives the same numbers whatever the thread count.

#include <span>
#include <vector>

#include "base/random.h"

namespace leeway::stats {

/// The value that a further draw exceeds with probability at most 1 - confidence: the ⌈confidence·(R+1)⌉-th smallest of
/// R maxima (infinite if there are too few draws to say). Reorders `maxima`.
double critical_value(std::span<double> maxima, double confidence);

/// The two-sided normal critical value that holds for so many comparisons, however they depend on each other.
double bonferroni_critical_value(size_t comparisons, double confidence);

/// (1 + number of maxima >= statistic) / (R + 1) for each statistic: valid p-values for the whole family, never 0.
/// Statistics and maxima that should be equal must be computed by the same operations.
std::vector<double> adjusted_p_values(std::span<const double> statistics, std::span<const double> maxima);

/// One draw from several families of independent estimates with standard errors se[g]: the largest studentised
/// difference |e_a - e_b| / sqrt(se_a² + se_b²) over all pairs within each family, errors standard normal. Pairs of two
/// exact estimates (both se = 0) do not count.
class PairwiseMaximum {
 public:
  /// Each family has one standard error per group.
  explicit PairwiseMaximum(std::span<const std::vector<double>> families);

  double draw(Random& random);
  size_t pairs() const { return pairs_; }

 private:
  struct Family {
    std::vector<double> se;
    std::vector<double> inverse;  ///< 1/sqrt(se_a² + se_b²), row by row above the diagonal
    std::vector<double> errors;
  };
  std::vector<Family> families_;
  size_t pairs_ = 0;
};

/// c with P(|e_a - e_b| <= c·sqrt(se_a² + se_b²) for all pairs of all families) = confidence. One-sided bounds at c for
/// every ordered pair therefore hold together. Exact for families of two groups, else from 2,000 to 10,000 draws (c
/// varies by about 0.01); Bonferroni's, a little larger, beyond 5,000 pairs. NaN without any pair.
double pairwise_critical_value(std::span<const std::vector<double>> families, double confidence, const Random& random);

}  // namespace leeway::stats
