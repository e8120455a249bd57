#pragma once
// XGBoost's model document → trees.

#include <string>
#include <vector>

#include "base/result.h"
#include "models/document.h"
#include "models/tree.h"
#include "models/tree_ensemble.h"

namespace leeway::models {

struct ReadEnsemble {
  std::vector<Tree> trees;
  std::vector<uint32_t> output_of;   ///< One a tree.
  size_t features = 0;
  size_t outputs = 1;
  std::vector<float> base_margins;   ///< One an output.
  Link link = Link::identity;
  std::vector<std::string> feature_names;   ///< One a feature, or none.
};

/// Nothing that evaluation relies on is taken on trust: places, counts and the shape of each tree are checked. Errors:
/// invalid_data.
Result<ReadEnsemble> read_ensemble(const Document& model);

}  // namespace leeway::models
