#pragma once
// From a score to the chance of the event, learnt on labelled rows.

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "stats/isotonic.h"
#include "stats/logistic.h"
#include "stats/ranked_scores.h"

namespace leeway::estimate {

/// Labelled rows of one score (or of neighbouring scores, at their mean), x being the score; ascending.
using ScoreCells = std::vector<stats::LogisticCell>;
/// Cells for calibration: of at least 20 rows, at most 1024 of them. Steps fitted to single rows would take the noise
/// of a few rows at the ends for certainty, and the estimates made from them would be too good.
ScoreCells calibration_cells(const stats::RankedScores& ranked);

/// Immutable, thread safe.
class CalibrationMap {
 public:
  enum class Kind {
    identity,   ///< The score as it is.
    logistic,   ///< A line on logit(score), or on the score itself if it is no probability. For few rows.
    isotonic,
  };
  /// Logistic below 2000 rows, else isotonic.
  static Kind kind_for(int64_t rows);

  CalibrationMap() = default;
  /// Isotonic also where a logistic curve has no finite fit.
  static CalibrationMap fit(std::span<const stats::LogisticCell> cells, Kind kind, bool probabilities);

  double operator()(double score) const;

 private:
  Kind kind_ = Kind::identity;
  bool probabilities_ = false;
  stats::IsotonicMap steps_;
  double intercept_ = 0, slope_ = 1;
};

}  // namespace leeway::estimate
