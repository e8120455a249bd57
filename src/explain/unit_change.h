#pragma once
// Recognises values that are recorded in another unit than before: cents for euros, grams for kilograms, milliseconds.

#include <optional>
#include <span>

namespace leeway::explain {

struct UnitChange {
  double factor = 1;            ///< current = factor · reference
  double reference_median = 0;
  double current_median = 0;
  double gap = 0;               ///< Largest difference of the distribution functions after dividing by the factor.
};

/// Compares the same quantiles of both sides (ascending, probabilities (i + 1) / (count + 1)). A change of unit is a
/// factor of 10, 100, 1,000, 1,000,000, 12, 24, 60 or 3,600, either way, such that the medians' ratio is within 10 % of
/// it and the distribution functions, far apart before, are within 5 % of rows after dividing by it (plus what chance
/// gives with so many rows: 1.36 sqrt(1/n + 1/m)). Empty if there is none. A description, not a test: a real change by
/// such a factor looks the same.
std::optional<UnitChange> find_unit_change(std::span<const double> reference, std::span<const double> current,
                                           double reference_rows, double current_rows);

}  // namespace leeway::explain
