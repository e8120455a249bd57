#pragma once
// Random tables with fixed margins: what a permutation of labels does to counts, drawn without touching the rows.

#include <cstdint>
#include <span>

#include "base/random.h"

namespace leeway::stats {

/// How many of `drawn` rows, taken without replacement from `marked` + `unmarked` rows, are marked. Inversion outwards
/// from the mode, or rejection where that would take many steps: at most about 0.3 µs. Requires 0 <= drawn <= marked +
/// unmarked.
int64_t draw_hypergeometric(Random& random, int64_t marked, int64_t unmarked, int64_t drawn);

/// Spreads `marked` marks over cells of the given sizes as a random permutation of the rows would: counts[i] of the
/// sizes[i] rows of cell i are marked. Requires 0 <= marked <= Σ sizes and counts.size() == sizes.size().
void draw_marks(Random& random, std::span<const int64_t> sizes, int64_t marked, std::span<int64_t> counts);

}  // namespace leeway::stats
