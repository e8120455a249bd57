#pragma once
// Ranking quality with more than two classes, from one score per class. Pure functions, safe from any thread.

#include <cstdint>
#include <span>
#include <vector>

namespace leeway::stats {

/// An average of AUCs over classes or pairs of classes, with a DeLong-type standard error: the variance of each row's
/// share in the average, class by class. `se` is NaN when a class that takes part has one row.
struct AverageAuc {
  double value;        ///< NaN when fewer than two classes have rows.
  double se;
  int classes;         ///< With rows; the others take no part.
};

/// `scores` holds classes values for each row, row by row, finite; `labels` are class indices.
/// Hand & Till's M: the mean over ordered pairs (i, j) of the chance that a row of i has a higher score for i than a
/// row of j, ties half (2001, doi:10.1023/A:1010920819831). O(classes · n log n).
AverageAuc hand_till_auc(std::span<const double> scores, std::span<const uint32_t> labels, size_t classes);

/// The unweighted mean over classes of the AUC of that class's score against all other rows. O(classes · n log n).
AverageAuc one_vs_rest_auc(std::span<const double> scores, std::span<const uint32_t> labels, size_t classes);

}  // namespace leeway::stats
