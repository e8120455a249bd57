#pragma once
// Isotonic regression: the nondecreasing map from a score to the chance of the event that fits best.

#include <span>
#include <vector>

namespace leeway::stats {

/// Rows of one score: their weight (count) and how much of it had the event.
struct IsotonicCell {
  double x;
  double weight;
  double events;
};

/// Piecewise linear between the ends of the fitted steps, constant beyond them (as scikit-learn's, with
/// out_of_bounds="clip"). Immutable, thread safe.
class IsotonicMap {
 public:
  /// Pool-adjacent-violators (Ayer et al. 1955, doi:10.1214/aoms/1177728423); `cells` in ascending order of x,
  /// distinct; those without weight are ignored. O(n). An empty map (no weight at all) gives NaN.
  static IsotonicMap fit(std::span<const IsotonicCell> cells);

  double operator()(double x) const;   ///< O(log steps)
  bool empty() const { return x_.empty(); }

 private:
  std::vector<double> x_, y_;   // knots
};

}  // namespace leeway::stats
