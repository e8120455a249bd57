#pragma once
// What `leeway predict` writes for each row, as columns.

#include <string>
#include <vector>

#include "columns/column.h"
#include "columns/schema.h"
#include "models/model.h"

namespace leeway::cli {

struct ScoredTable {
  Schema schema;
  std::vector<Column> columns;
};

/// `kept` (input columns to stand first) and then
///   binary      score, prediction (0 or 1), risk_level
///   multiclass  score_CLASS for each class, prediction (the class)
///   regression  prediction
/// then model_version, with contributions margin, contribution_COLUMN for each column of the model and
/// contribution_base (multiclass: those of the predicted class), and reason_1 to reason_N. A kept column whose name
/// one of these takes is renamed input_NAME.
ScoredTable scored_table(const models::Model& model, const std::string& version, const models::EncodedBatch& batch,
                         const models::Scores& scores, ScoredTable kept, bool contributions, size_t reasons);

}  // namespace leeway::cli
