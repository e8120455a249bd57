#pragma once
// What to try in tuning: for each setting of the trees a set of values or a range, searched at random or as a grid.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"

namespace leeway::models {

/// One setting's values: a list, or an interval to draw from.
struct SearchRange {
  std::string parameter;
  std::vector<double> values;      ///< A list; empty for an interval.
  double low = 0, high = 0;
  bool logarithmic = false;        ///< Equal chances for equal ratios.
  bool integer = false;

  bool operator==(const SearchRange&) const = default;
};
using SearchSpace = std::vector<SearchRange>;

/// A value for each range of the space, in its order.
using SearchPoint = std::vector<double>;

/// "depth=3..8", "learning_rate=0.01..0.3:log", "subsample=0.6,0.8,1". An interval between whole numbers of a parameter
/// in `integers` is drawn in whole numbers. Errors: invalid_argument for anything else, and for a parameter that is not
/// in `known`.
Result<SearchRange> parse_search_range(std::string_view text, std::span<const std::string> known, std::span<const std::string> integers);

/// `count` points drawn independently, without repeats as far as the space has so many. The first points do not depend
/// on how many are asked for.
std::vector<SearchPoint> random_points(const SearchSpace& space, int count, Random random);

/// Every combination; an interval gives `steps` values from end to end (fewer if it has fewer whole numbers). Errors:
/// invalid_argument beyond 10,000 points.
Result<std::vector<SearchPoint>> grid_points(const SearchSpace& space, int steps = 3);

}  // namespace leeway::models
