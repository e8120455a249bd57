#pragma once
// Where to cut a number into bins that people can read.

#include <cstddef>
#include <span>
#include <vector>

namespace leeway::explain {

/// At most max_bins - 1 cuts, ascending: bin i holds cut[i-1] ≤ x < cut[i]. Each lies at a quantile i/max_bins of the
/// finite `values` (of 16,384 of them drawn by position, if there are more), give or take a twentieth of a bin, and is
/// the number of fewest digits there; beside a value that many rows share, the cut goes to its nearer end. At most
/// max_bins distinct values have a bin each. No values, no cuts. O(values + max_bins · 16,384).
std::vector<double> readable_cuts(const std::vector<double>& values, int max_bins);

/// The distinct values, ascending, if there are at most `limit`; else empty. O(values) when there are few.
std::vector<double> few_distinct(std::span<const double> values, size_t limit);

/// The number in (low, high] with the fewest digits; among equals one that ends in 5, then in an even digit.
double roundest(double low, double high);

/// The values of the given ranks (0-based, ascending, each below values.size()). Rearranges `values`, which must not
/// hold NaN. O(values · log ranks).
std::vector<double> order_statistics(std::span<double> values, std::span<const size_t> ranks);

/// Finds bins between ascending cuts by a search without branches. `const` use is thread safe.
class CutSearch {
 public:
  explicit CutSearch(std::span<const double> cuts);
  /// How many cuts are at or below x. NaN gives 0.
  size_t operator()(double x) const {
    size_t at = 0;
    for (size_t step = half_; step > 0; step /= 2) at += x >= padded_[at + step - 1] ? step : 0;
    return at;
  }

 private:
  size_t half_;
  std::vector<double> padded_;
};

}  // namespace leeway::explain
