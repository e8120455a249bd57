#pragma once
// What decisions cost.

#include "checks/performance/binary_sample.h"

namespace leeway::business {

/// The cost of a row by decision and outcome, in any one unit; a gain is negative.
struct CostMatrix {
  double true_positive = 0;
  double false_positive = 0;
  double false_negative = 0;
  double true_negative = 0;

  /// Nothing costs anything: there is no cost to speak of.
  bool empty() const { return true_positive == 0 && false_positive == 0 && false_negative == 0 && true_negative == 0; }
  bool operator==(const CostMatrix&) const = default;
};

/// The mean cost of the rows of a confusion matrix, with its variance.
inline stats::MeanVariance mean_cost(const performance::Confusion& confusion, const CostMatrix& cost) {
  stats::MeanVariance mean;
  mean.add(cost.true_positive, confusion.true_positives);
  mean.add(cost.false_positive, confusion.false_positives);
  mean.add(cost.false_negative, confusion.false_negatives);
  mean.add(cost.true_negative, confusion.true_negatives);
  return mean;
}

}  // namespace leeway::business
