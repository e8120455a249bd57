#pragma once
// The rows of one side arranged by loss, so that sums of losses over a set of rows are counts of bits.

#include <cstdint>
#include <span>
#include <vector>

#include "stats/level_counts.h"

namespace leeway::explain {

struct LossLevels {
  static constexpr uint32_t left_out = UINT32_MAX;
  std::vector<uint32_t> slot;        ///< Of each row: its place in the sets of stats::level_sums; or left_out.
  size_t slots = 0;                  ///< Size of such sets; some slots hold no row.
  std::vector<stats::Level> levels;  ///< Weights: mean loss of the level, less `centre`.
};

/// Rows by loss. Up to 32 distinct losses keep a level each, exactly; more are grouped into 32 levels, always splitting
/// the level with the largest sum of squared deviations at its mean: what the levels lose of the variance is below 1 %
/// for normal, exponential and lognormal losses. Rows whose loss is not finite are left out. O(n log n).
LossLevels arrange_by_loss(std::span<const double> loss, double centre);

}  // namespace leeway::explain
