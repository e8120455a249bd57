#pragma once
// The area under the ROC curve, exactly, with DeLong's variance; and of two models on the same rows.
// AUC = P(score of a positive > score of a negative) + P(equal)/2. Pure functions, safe from any thread.

#include <cstdint>
#include <limits>
#include <span>

#include "stats/interval.h"
#include "stats/ranked_scores.h"

namespace leeway::stats {

struct Auc {
  int64_t positives = 0;
  int64_t negatives = 0;
  uint64_t twice_u = 0;   ///< 2 #{(positive, negative): score higher} + #{equal}; an exact integer below 4e9 rows.
  uint64_t twice_ties = 0;  ///< 2 #{(positive, negative) in one entry of the ranking}
  double variance = std::numeric_limits<double>::quiet_NaN();  ///< DeLong's; NaN with fewer than 2 rows of a class.

  bool defined() const { return positives > 0 && negatives > 0; }
  /// NaN unless both classes are present.
  double value() const { return static_cast<double>(twice_u) / (2 * pairs()); }
  double se() const;
  /// From bins, the AUC of the rows themselves is certainly within value() ± this.
  double half_width_of_bins() const { return static_cast<double>(twice_ties) / (4 * pairs()); }

 private:
  double pairs() const { return static_cast<double>(positives) * static_cast<double>(negatives); }
};

/// One pass over the ranking, in integers throughout (DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595; in
/// the order of Sun & Xu 2014, doi:10.1109/LSP.2014.2337313). About 3 ms per 1e6 rows besides the ranking.
Auc auc(const RankedScores& ranked);
/// `scores` finite, `labels` 0 or 1, of the same length.
Auc auc(std::span<const double> scores, std::span<const uint8_t> labels);

/// DeLong's interval on the logit scale. Where his variance cannot be trusted (AUC 0 or 1, fewer than 5 rows of a
/// class, no variance) Newcombe's interval by inverting Hanley & McNeil's variance (2006, method 5,
/// doi:10.1002/sim.2324), which never has zero width. {NaN, NaN} unless both classes are present.
Interval auc_interval(const Auc& auc, double confidence = bound_confidence);
/// The same from an estimate in [0, 1] with its variance and so many (effective) rows of each class.
Interval auc_interval(double value, double variance, double positives, double negatives,
                      double confidence = bound_confidence);

/// Two scores of the same rows. O(n log n).
struct PairedAuc {
  Auc first;
  Auc second;
  double covariance;   ///< DeLong's; NaN with fewer than 2 rows of a class.
  double difference() const { return first.value() - second.value(); }
  double se() const;   ///< Of the difference.
};
PairedAuc paired_auc(std::span<const double> first, std::span<const double> second, std::span<const uint8_t> labels);

}  // namespace leeway::stats
