#pragma once
// From a model's raw score to a calibrated probability, as data. calibration.h fits it.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace leeway::models {

enum class CalibrationKind : uint8_t { none, isotonic, platt, beta };
std::string_view name(CalibrationKind kind);
std::optional<CalibrationKind> calibration_kind_of(std::string_view name);

/// Nondecreasing in the margin whatever the kind. With p = 1 / (1 + exp(-margin)), the raw probability:
///   none      p
///   platt     1 / (1 + exp(-(a·margin + b)))                         Platt 1999; a >= 0
///   beta      1 / (1 + exp(-(a·ln p - b·ln(1 - p) + c)))             Kull et al. 2017, PMLR 54; a, b >= 0
///   isotonic  piecewise linear in p through (x, y), constant beyond   Zadrozny & Elkan 2002, doi:10.1145/775047.775151
struct CalibrationMap {
  CalibrationKind kind = CalibrationKind::none;
  double a = 1, b = 0, c = 0;
  std::vector<double> x,
      y;  ///< Isotonic only: x ascending and distinct, y nondecreasing in [0, 1], equal sizes, not empty.

  /// The calibrated probability in [0, 1]; NaN for NaN. O(log x.size()). Thread safe.
  double operator()(double margin) const;
  /// Whether the members are as stated above; a map read from a file must be asked.
  bool valid() const;

  bool operator==(const CalibrationMap&) const = default;
};

}  // namespace leeway::models
