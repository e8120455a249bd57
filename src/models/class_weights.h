#pragma once
// How much a row of each class counts in training.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace leeway::models {

struct ClassWeighting {
  enum class Kind : uint8_t {
    none,
    balanced,             ///< n / (classes · rows of the class), as scikit-learn's "balanced": classes weigh the same.
    balanced_subsample,   ///< The same, over the rows that each tree of a forest draws.
    given,
  };
  Kind kind = Kind::none;
  std::vector<std::pair<std::string, double>> given;   ///< Class and weight; a class not named weighs 1.
};

/// "none", "balanced", "balanced-subsample" or "CLASS=WEIGHT,…". Errors: invalid_argument.
Result<ClassWeighting> parse_class_weighting(std::string_view text);
std::string text_of(const ClassWeighting& weighting);

/// The weight of each class, from the classes of the rows to learn from (balanced_subsample counts as none: each tree weighs its own).
/// A class without rows weighs 0 when balanced. Errors: invalid_argument for a given class that does not exist.
Result<std::vector<double>> class_weights(const ClassWeighting& weighting, std::span<const uint32_t> classes_of_rows,
                                          std::span<const std::string> class_names);

}  // namespace leeway::models
