#pragma once
// Cross-validation of candidate settings: every candidate on every fold, in parallel.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/booster.h"
#include "models/search_space.h"

namespace leeway::models {

/// What candidates are compared by.
enum class Criterion : uint8_t { roc_auc, average_precision, log_loss, hand_till_auc, rmse, mae };
std::string_view name(Criterion criterion);
bool higher_is_better(Criterion criterion);
Criterion default_criterion(Objective objective);
/// Errors: invalid_argument for a name that the objective does not know.
Result<Criterion> criterion_of(std::string_view name, Objective objective);

/// Rows encoded for the trees, with what is learnt of them. Owns its arrays.
struct EncodedRows {
  std::vector<float> values;   ///< row-major
  size_t rows = 0, features = 0;
  std::vector<double> target, weights;   ///< weights may be empty
  TrainingRows view() const { return {{values, rows, features}, target, weights}; }
};

/// The criterion for these rows; NaN where it is undefined (an AUC with one class). Weights do not enter.
double evaluate(Criterion criterion, const Booster& booster, const EncodedRows& rows);

struct EncodedFold {
  EncodedRows train, validation;
  std::vector<int8_t> monotone;   ///< BoosterParameters::monotone for this encoding, which may differ from fold to fold.
};

/// One candidate's result.
struct Candidate {
  SearchPoint point;
  std::vector<double> by_fold;   ///< The criterion on each fold's validation rows.
  double mean = 0, se = 0;       ///< Over the folds; se = sd / sqrt(folds).
  double rounds = 0;             ///< Mean number of rounds after early stopping.
  bool chosen = false;           ///< Exactly one is: the best mean; of equals the first.
};

using Fit = std::function<Result<Booster>(const BoosterParameters& parameters, const EncodedFold& fold)>;

struct TuningPlan {
  BoosterParameters base;        ///< What the candidates start from.
  SearchSpace space;
  std::vector<SearchPoint> points;
  Criterion criterion = Criterion::roc_auc;
  Fit fit;                       ///< Called from several threads; must use one.
  int threads = 1;               ///< Fits at once.
  std::function<bool(size_t done, size_t all)> progress;   ///< After each fit, from one thread at a time; false cancels.
};

/// Fits every candidate to every fold. The result does not depend on `threads`. Errors: those of apply() and of `fit`;
/// cancelled.
Result<std::vector<Candidate>> tune(const TuningPlan& plan, std::span<const EncodedFold> folds);

}  // namespace leeway::models
