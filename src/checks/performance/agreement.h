#pragma once
// Measures of a whole confusion matrix, of two or more classes.

#include <cstdint>
#include <span>
#include <vector>

#include "checks/level.h"

namespace leeway::performance {

/// Counts of rows, actual class by predicted class: cell(actual, predicted).
class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(size_t classes) : classes_(classes), cells_(classes * classes, 0) {}

  size_t classes() const { return classes_; }
  int64_t& cell(size_t actual, size_t predicted) { return cells_[actual * classes_ + predicted]; }
  int64_t cell(size_t actual, size_t predicted) const { return cells_[actual * classes_ + predicted]; }
  /// Row by row, a row for each actual class.
  std::span<const int64_t> cells() const { return cells_; }

  int64_t rows() const;
  int64_t correct() const;
  int64_t actual(size_t label) const;
  int64_t predicted(size_t label) const;

 private:
  size_t classes_;
  std::vector<int64_t> cells_;
};

/// The standard error of a quantity that does not change when all counts are scaled: sqrt(Σ n_ij (dq/dn_ij)²), the
/// delta method for multinomial counts. `gradient` has one entry per cell, as cells().
double delta_error(const ConfusionMatrix& matrix, std::span<const double> gradient);

/// Cohen's kappa with the standard error of Fleiss, Cohen & Everitt (1969, doi:10.1037/h0028106). Not computable when
/// chance agreement is certain.
Level cohen_kappa_level(const ConfusionMatrix& matrix);

/// Matthews' correlation, for more than two classes Gorodkin's R_K (2004, doi:10.1016/j.compbiolchem.2004.09.006);
/// interval by the delta method on Fisher's z scale. Not computable when labels or predictions are all of one class.
Level mcc_level(const ConfusionMatrix& matrix);

}  // namespace leeway::performance
