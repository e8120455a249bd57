#pragma once
// What the records of all estimates have in common.

#include <cmath>
#include <string_view>
#include <vector>

#include "checks/level.h"
#include "checks/method_info.h"
#include "stats/means.h"

namespace leeway::estimate {

inline constexpr std::string_view assumption = "valid only if the label given the score is as in the reference";
inline constexpr std::string_view uncalibrated =
    "the scores are taken as calibrated, as there are no labelled reference rows to learn from";

constexpr MethodInfo estimate_info(std::string_view id, std::string_view title, Orientation orientation,
                                   std::string_view unit, std::string_view measures) {
  return {.id = id,
          .title = title,
          .family = Family::estimate,
          .version = 1,
          .orientation = orientation,
          .scale = Scale::metric,
          .unit = unit,
          .measures = measures,
          .hypothesis = "",
          .guarantee = "95 % intervals for the value that will be realised, from label noise given the scores and from "
                       "the error of the calibration map (50 bootstrap refits), as long as the label given the score "
                       "is as in the reference",
          .misleads = "Silently wrong when the label given the score changes (concept drift), when the definition of "
                      "the label changes, or when only accepted rows ever get a label",
          .cost = "O(n log n)",
          .source = "Białek et al. 2024, arXiv:2401.08348"};
}

std::vector<const MethodInfo*> binary_methods();
std::vector<const MethodInfo*> multiclass_methods();

/// The expected value of a metric and how far the realised one scatters around it.
struct Expected {
  double value = undefined;      ///< NaN: undefined, e.g. no predicted positives.
  double noise_variance = undefined;
};

/// The standard deviation of a metric over refits of the calibration map; undefined values are left out.
inline double scatter(const std::vector<double>& values) {
  stats::MeanVariance moments;
  for (const double value : values)
    if (std::isfinite(value)) moments.add(value);
  return moments.n() > 1 ? std::sqrt(moments.variance()) : 0;
}

}  // namespace leeway::estimate
