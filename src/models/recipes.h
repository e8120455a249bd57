#pragma once
// Ready-made settings for well-known data sets.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "columns/schema.h"
#include "models/train.h"

namespace leeway::models {

/// A figure that was published for the data set.
struct PublishedFigure {
  std::string_view metric;   ///< Id of a performance metric.
  double value;
};

struct Recipe {
  std::string_view name;
  std::string_view summary;
  std::vector<std::string> columns;          ///< All must be there.
  std::string_view label, positive;
  std::span<const PublishedFigure> published;
  std::string_view published_note;           ///< How those figures compare with ours, honestly.
  void (*prepare)(TrainOptions& options);    ///< Sets what the recipe stands for; what the user sets goes over it.
};

std::span<const Recipe> recipes();
/// Errors: invalid_argument for a name that is none, with those there are.
Result<const Recipe*> recipe_named(std::string_view name);
/// Errors: invalid_data, naming the first column that is missing.
Status check_columns(const Recipe& recipe, const Schema& schema);

}  // namespace leeway::models
