#pragma once
// The score from which on the event is predicted, chosen on rows that the model was not fitted to. Pure functions.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "stats/ranked_scores.h"

namespace leeway::models {

/// What a threshold should do best.
struct ThresholdRule {
  enum class Kind : uint8_t {
    cost,        ///< Least expected cost a row.
    f1,          ///< Greatest F1.
    precision,   ///< Greatest recall with at least `target` precision.
    recall,      ///< Greatest precision with at least `target` recall.
    given,       ///< `target` itself.
  };
  Kind kind = Kind::f1;
  double target = 0;
  double false_negative = 1, false_positive = 1, true_negative = 0, true_positive = 0;   ///< What each decision costs.

  bool operator==(const ThresholdRule&) const = default;
};

/// "cost", "f1", "precision=0.9", "recall=0.8" or a number. Costs are left as they are. Errors: invalid_argument.
Result<ThresholdRule> parse_threshold_rule(std::string_view text);
/// "least cost", "greatest F1", "recall at precision 0.9 or more", "given".
std::string text_of(const ThresholdRule& rule);

/// A row with score >= threshold is predicted to have the event.
struct ChosenThreshold {
  double threshold = 0.5;
  int64_t true_positives = 0, false_positives = 0, false_negatives = 0, true_negatives = 0;
  std::string note;   ///< When no threshold does what was asked: what was taken instead; else empty.

  double precision() const;   ///< NaN where nothing is predicted.
  double recall() const;
  double f1() const;
  double cost_per_row(const ThresholdRule& rule) const;
};

/// Looks at every cut between two scores that differ, and at predicting always and never. The threshold lies halfway
/// between the scores on its two sides, so that it does not hang on one row's last digit; of several that do equally well
/// the highest is taken. `ranked` has both classes, else failed_precondition. O(distinct scores).
Result<ChosenThreshold> choose_threshold(const stats::RankedScores& ranked, const ThresholdRule& rule);

}  // namespace leeway::models
