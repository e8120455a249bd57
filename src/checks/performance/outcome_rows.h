#pragma once
// Predictions beside their outcomes: the rows that performance, estimates and business quantities are computed from.
// Here a row is found unusable, by the policy of checks/input_policy.h: its score or prediction is missing, NaN,
// infinite or of the wrong type (text that is a number counts as one). A row without a known label stays (estimates
// need it) and is marked. Every row is counted once, under the first reason that applies.

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "checks/measurement.h"
#include "columns/column.h"

namespace leeway::performance {

inline constexpr uint8_t unknown_label = 2;                                           ///< binary; as Outcome::unknown
inline constexpr uint32_t unknown_class = std::numeric_limits<uint32_t>::max();       ///< multiclass

/// The columns that carry a model's output and its outcome; nullptr where there is none. All have the same length.
struct OutcomeColumns {
  const Column* score = nullptr;               ///< Binary: any number that grows with the chance of the positive class.
  const Column* prediction = nullptr;          ///< The predicted class, or the predicted value of a regression.
  const Column* label = nullptr;
  std::vector<const Column*> class_scores;     ///< Multiclass: one per class, in the order of the classes; or empty.
};

/// Which label value is which.
struct BinaryClasses {
  std::string negative;
  std::string positive;

  bool operator==(const BinaryClasses&) const = default;
};

/// Distinct values of a column as class names: numbers ascending, then other text in byte order. At most `limit` of
/// them; a column with more (a real label of a regression, say) gives invalid_argument.
Result<std::vector<std::string>> class_names(const Column& column, size_t limit = 1000);

/// The two classes among `names` (as from class_names, of the reference's labels), the positive one named by the user
/// or else the one of 1, true, yes, y, t, positive, pos, bad, default, fraud, churn (any case) or the greater number.
/// Errors, with what to write instead: invalid_argument when there are more than two, when the positive is not among
/// them, or when none can be told.
Result<BinaryClasses> binary_classes(std::span<const std::string> names, std::string_view positive = {});

/// Aligned, one entry per row with a usable score and prediction.
struct BinaryRows {
  std::vector<double> scores;       ///< Finite; empty without a score column.
  std::vector<uint8_t> decisions;   ///< 0 or 1; empty without a prediction column.
  std::vector<uint8_t> labels;      ///< 0, 1 or unknown_label
  InputCounts usable;               ///< used = the entries above
  InputCounts labelled;             ///< used = those with a known label; an unlabelled row counts as missing, a label
                                    ///< that is neither class as a type error
  std::vector<uint32_t> positions;  ///< Of the entries in the columns; empty if every row is an entry.

  size_t size() const { return labels.size(); }
};
/// Errors: invalid_argument without score and prediction, or with columns of different lengths.
Result<BinaryRows> binary_rows(const OutcomeColumns& columns, const BinaryClasses& classes);

struct MulticlassRows {
  std::vector<std::string> classes;
  std::vector<uint32_t> predictions;   ///< Index into classes; from the class scores (first greatest) if not given.
  std::vector<uint32_t> labels;        ///< Index into classes or unknown_class
  std::vector<double> scores;          ///< size() x classes.size(), row by row; empty without class scores
  InputCounts usable, labelled;        ///< as for BinaryRows; a predicted class not in `classes` is a type error

  size_t size() const { return labels.size(); }
};
/// Errors: invalid_argument with fewer than two classes, without prediction and class scores, with another number of
/// class scores than classes, or with columns of different lengths.
Result<MulticlassRows> multiclass_rows(const OutcomeColumns& columns, std::vector<std::string> classes);

struct RegressionRows {
  std::vector<double> predictions;   ///< Finite.
  std::vector<double> labels;        ///< Finite, or NaN where unknown.
  InputCounts usable, labelled;

  size_t size() const { return labels.size(); }
};
/// Errors: invalid_argument without a prediction (or score) column, or with columns of different lengths.
Result<RegressionRows> regression_rows(const OutcomeColumns& columns);

/// A caveat when fewer than nine in ten of the usable rows have a known label; else empty.
std::string caveat_of_unknown_labels(const InputCounts& usable, const InputCounts& labelled);

}  // namespace leeway::performance
