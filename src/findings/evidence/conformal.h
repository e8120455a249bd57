#pragma once
// Evidence from whole windows, for rows that depend on one another or on the season: is this window's distance from
// the reference like those of the calibration windows? Valid when windows are exchangeable, whatever the rows do.
// The null is "like the calibration windows", not "movement <= leeway". (Vovk, Nouretdinov & Gammerman 2021,
// doi:10.1016/j.patcog.2021.107972 on conformal testing; docs/evidence.md.)

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/random.h"

namespace leeway::evidence {

/// Bets of the calibrators kappa p^(kappa - 1).
inline constexpr std::array<double, 6> kappas{.05, .1, .2, .35, .5, .7};

/// Scores of calibration windows and of the past windows that raised no alarm. With seasons, one for each class
/// (hour of the week, say). A value type; not thread safe.
class ConformalScores {
 public:
  /// Scores (larger is stranger) of windows known to be in order; may be empty. None may be NaN.
  explicit ConformalScores(std::vector<double> calibration);

  /// The p-value of a new window: the share of stranger windows, itself and ties counted with a uniform weight drawn
  /// from `random`. Independent and uniform over successive exchangeable windows. O(log scores). Does not add the score.
  double p_value(double score, Random& random) const;
  /// Adds the score of a window that raised no alarm. O(scores).
  void add(double score);

  std::span<const double> scores() const { return sorted_; }

 private:
  std::vector<double> sorted_;
};

/// The log e-values of a p-value in [0, 1] for Process::observe, one a kappa. p = 0 counts as the smallest positive p.
std::vector<double> log_e_of_p(double p_value);

}  // namespace leeway::evidence
