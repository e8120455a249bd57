#pragma once
// Fitting the map from a model's margin to a calibrated probability, and choosing its kind by held-out loss.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "models/calibration_map.h"

namespace leeway::models {

/// Margins of rows that the model was not fitted to, with what happened.
struct CalibrationRows {
  std::span<const double> margin;    ///< Finite.
  std::span<const uint8_t> label;    ///< 0 or 1.
  std::span<const double> weight;    ///< Empty: 1 each.
};

/// The best map of that kind. platt and beta by maximum likelihood (Newton) on Platt's targets, (n₊ + 1)/(n₊ + 2) for
/// events and 1/(n₋ + 2) for the rest, so that classes which the margin parts perfectly keep a finite map; isotonic by
/// pooling adjacent violators, kept off 0 and 1 by 1/(2n + 2), as n rows cannot tell a chance below that from none.
/// Errors: failed_precondition unless both classes are there; invalid_argument when sizes differ. O(n log n).
Result<CalibrationMap> fit_calibration(CalibrationKind kind, const CalibrationRows& rows);

/// A kind and what it would have lost on rows that it was not fitted to.
struct CalibrationTrial {
  CalibrationKind kind = CalibrationKind::none;
  double log_loss = 0;     ///< Mean over all rows, each scored by a map fitted to the other folds.
  double brier = 0;
  bool chosen = false;
};

struct ChosenCalibration {
  CalibrationMap map;                       ///< Fitted to all rows.
  std::vector<CalibrationTrial> trials;     ///< none, platt, beta, isotonic.
  std::string note;                         ///< Why nothing was tried; else empty.
};

/// Five stratified folds; the simplest kind (in the order none, platt, beta, isotonic) whose held-out log loss is within
/// one standard error (of the paired difference) of the least. With fewer than 20 rows of a class nothing is tried and
/// the map is none. `only`: no choice, but the loss of none beside it. Deterministic in `random`.
Result<ChosenCalibration> choose_calibration(const CalibrationRows& rows, std::optional<CalibrationKind> only, Random random);

}  // namespace leeway::models
