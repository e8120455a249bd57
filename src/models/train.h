#pragma once
// From raw columns with their outcome to a model: encoding, tuning, trees, calibration and threshold, each fitted to its
// own part of the rows. The door of training.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "models/calibration.h"
#include "models/class_weights.h"
#include "models/model.h"
#include "models/split.h"
#include "models/threshold.h"
#include "models/tuning.h"

namespace leeway::models {

/// All rows that a model may learn from or be judged by.
struct TrainingTable {
  std::vector<Column> features;        ///< Raw.
  std::vector<double> target;          ///< By row: 0 or 1, a class number, or a finite value.
  std::vector<std::string> classes;    ///< Binary: the negative and the positive class; multiclass: by number.
  std::vector<double> weights;         ///< By row, >= 0; empty for equal weights.
  std::vector<int64_t> times;          ///< By row, for folds over time; empty: folds are stratified.
};

/// A direction that the score must keep as a column grows.
struct Monotone {
  std::string column;
  int8_t sign = 1;
};

struct TrainOptions {
  bool forest = false;                 ///< A random forest instead of boosted trees; balanced_subsample needs one.
  std::vector<std::pair<std::string, double>> settings;   ///< tree_settings.h: {"max_depth", 8}
  ClassWeighting weighting;
  std::vector<Monotone> monotone;
  EncoderOptions encoding;
  int trials = 0;                      ///< Candidates of a random search; 0: no tuning.
  bool grid = false;                   ///< Every combination instead.
  SearchSpace space;                   ///< Empty: default_search_space().
  int folds = 5;
  std::vector<std::pair<std::string, double>> tuning_settings;   ///< In place of `settings` while tuning: fewer trees, say.
  std::optional<Criterion> criterion;  ///< Empty: default_criterion().
  std::optional<CalibrationKind> calibration;   ///< Empty: chosen by held-out loss. Binary only.
  ThresholdRule threshold;             ///< Binary only.
  uint64_t seed = 1;
  int threads = 1;                     ///< Of tuning; the result does not depend on it.
  std::function<bool(double done, const std::string& what)> progress;   ///< In [0, 1]; false cancels.
};

/// What was decided on the way, besides the model.
struct Training {
  Model model;
  BoosterParameters parameters;        ///< Those of the final fit.
  int rounds = 0;                      ///< Kept after early stopping; 1 for a forest.
  size_t trees = 0;
  Criterion criterion = Criterion::roc_auc;
  SearchSpace space;
  std::vector<Candidate> candidates;   ///< Empty without tuning.
  std::vector<double> class_weights;   ///< By class; empty when all are 1.
  ChosenCalibration calibration;       ///< Binary only.
  std::optional<ChosenThreshold> threshold;
};

/// Fits encoder and trees to split.train, stops the trees early and fits calibration and threshold on split.validation;
/// split.test is not touched. With tuning, candidates are cross-validated within split.train (over time if the table has
/// times, else stratified). The same table, split and options but `threads` give the same bytes. Errors: invalid_data
/// (a part with one class, a target that does not vary, too few rows for the folds); invalid_argument (options that do
/// not fit the columns); cancelled. Model facts other than task, label classes and software come from `facts`.
Result<Training> train_model(const TrainingTable& table, const Split& split, ModelFacts facts, const TrainOptions& options);

/// Share of the trees' total gain by raw column, largest first.
std::vector<std::pair<std::string, double>> column_importance(const Model& model);

}  // namespace leeway::models
