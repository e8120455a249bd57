#pragma once
// Level 0 of "why did the metric change": a mean loss moves because the mix of cases moved, or because the same cases
// now go differently.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "explain/explanation.h"
#include "explain/feature_bins.h"
#include "explain/row_losses.h"

namespace leeway::explain {

/// Losses of one side's rows in one cell.
struct CellSide {
  int64_t rows = 0;
  double mean = 0;            ///< 0 where there are no rows.
  double sum_of_squares = 0;  ///< Of deviations from the mean; NaN if unknown (then no standard errors).
};

/// One cell (a bin of the score, of a feature, …) on both sides.
struct LossCell {
  std::string label;
  CellSide reference, current;
};

/// Splits the change of a mean. With shares p → q and means a → b of the cells g:
///     total = Σ (q-p)(a+b)/2 [mix] + Σ (p+q)/2 (b-a) [behaviour],
/// exact, and the Shapley value of a game of two players. A cell empty on one side takes the other side's mean, so that
/// all of it is mix. Estimates carry standard errors by the delta method (cell shares multinomial, cell means
/// independent) and 95 % intervals; they are NaN where the sums of squares are unknown or a side has fewer than 2 rows.
/// Returns invalid_argument if a side has no rows. The sentence is that of sentence.h without segments. O(cells).
Result<Decomposition> decompose(const LossMetric& metric, std::span<const LossCell> cells);

/// One side's rows; all spans of one length. `group` splits each score bin further (the predicted class of a
/// multiclass model, a segment); empty for none.
struct ScoredLosses {
  std::span<const double> loss;   ///< NaN or infinite rows are left out; the note counts them.
  std::span<const double> score;  ///< Probability, prediction or confidence; NaN rows form a cell of their own. May be
                                  ///< empty where `group` is not.
  std::span<const uint32_t> group = {};  ///< Small numbers: every number up to the largest is a group.
};

/// Splits by the score: cells are at most `max_bins` quantile bins of the reference's score, fewer on small sides (one
/// per 100 rows of the smaller side, at least 10), times the groups. "Behaviour" is then the change at the same score;
/// if the score is not calibrated on the reference, or does not hold all that matters, a moved mix within a score level
/// counts as behaviour. `group_names` label the groups ("predicted = north"). O(rows · log bins).
/// Measured (docs/explain.md): bias within 0.25 standard errors of the total + 0.002 in the acceptance scenarios.
Result<Decomposition> decompose_by_score(const LossMetric& metric, const ScoredLosses& reference,
                                         const ScoredLosses& current, std::span<const std::string> group_names = {},
                                         int max_bins = 50);

/// For every row, the reference's mean loss in the row's score cell (the current side's where the reference has no
/// rows): the loss that a mix of scores alone accounts for. Cells as in decompose_by_score. O(rows · log bins).
struct ExpectedLosses {
  std::vector<double> reference, current;
};
ExpectedLosses expected_losses(const ScoredLosses& reference, const ScoredLosses& current, int max_bins = 50);

/// The mix term by each feature's own bins, largest |mix| first. Losses as in ScoredLosses; features were binned from
/// the same rows. O(features · rows).
std::vector<AloneExplains> alone_explains(std::span<const BinnedFeature> features,
                                          std::span<const double> reference_loss,
                                          std::span<const double> current_loss);

/// The change of the mean score, and what each feature's moved distribution explains of it by itself.
/// Errors: invalid_argument if a side has no finite score.
Result<PredictionShift> explain_prediction_shift(std::span<const BinnedFeature> features,
                                                 std::span<const double> reference_score,
                                                 std::span<const double> current_score);

}  // namespace leeway::explain
