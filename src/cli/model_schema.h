#pragma once
// The schema file that tells how a model trained elsewhere takes its rows (docs/models.md).

#include <string>

#include "models/model.h"

namespace leeway::cli {

/// A model of XGBoost (JSON or UBJSON) with the schema at `schema_path` (empty: the feature names that the model
/// carries, all numbers, and the task of its objective). `name` wins over the schema's. Errors name the file at fault.
Result<models::Model> foreign_model(const std::string& model_path, const std::string& schema_path,
                                    const std::string& name);

}  // namespace leeway::cli
