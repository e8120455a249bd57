#pragma once
// How good a trained model is on some of the rows: every performance metric of its task, from its own scores.

#include <span>
#include <string_view>
#include <vector>

#include "checks/measurement.h"
#include "models/model.h"
#include "monitor/train_data.h"

namespace leeway {

/// The model's scores of all rows, as the columns that the performance checks read.
struct ScoredRows {
  std::vector<Column> outputs;     ///< Binary: one score; multiclass: a score a class; regression: one prediction.
  double threshold = 0.5;
};

/// Outputs are named `score` (binary), `score_CLASS` (multiclass) or `prediction`.
ScoredRows scored_rows(const models::Model& model, const models::Scores& scores);

/// Every metric of the task on `rows`, levels with 95 % intervals in `current`.
std::vector<Measurement> measure_rows(const TrainData& data, const ScoredRows& scored, std::span<const uint32_t> rows);

/// One of those by id. Requires an id of the task's.
Measurement measure_rows(const TrainData& data, const ScoredRows& scored, std::span<const uint32_t> rows, std::string_view id);

/// The metric that a task's stability is followed by: roc_auc, hand_till_auc, mae.
std::string_view headline_metric(Task task);

}  // namespace leeway
