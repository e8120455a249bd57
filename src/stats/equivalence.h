#pragma once
// One scale for all drift distances. A leeway is stated once, as a PSI; every other method's leeway is the size that
// its distance has under the same reference movement: a normal distribution shifted by d standard deviations, PSI taken
// over 10 bins of equal reference mass.
//
// The relation is exact for that movement and a convention for others. Distances saturate (KS at 1); beyond a shift of
// 8 standard deviations (`largest_shift`) all of them are treated as that shift.
// Pure functions, safe from any thread, about 50 µs.

#include "stats/scale.h"

namespace leeway::stats {

inline constexpr double largest_shift = 8;

/// True if a distance on this scale has a PSI equivalent by the normal shift (all but none, share and metric).
bool has_equivalent(Scale scale);

/// The distance that a shift of `d` >= 0 standard deviations has. separation_auc gives a value >= 1/2. NaN for scales
/// without an equivalent.
double distance_of_shift(Scale scale, double d);

/// The shift with that distance; a separation AUC counts by its distance from 1/2, whichever side. 0 for a distance
/// below that of no shift (a bias-corrected PSI may be negative).
double shift_of_distance(Scale scale, double distance);

/// From the user's PSI to a method's leeway, and from a method's distance to its PSI equivalent.
double distance_from_psi(Scale scale, double psi);
double psi_from_distance(Scale scale, double distance);

/// The same for a share (of missing rows, say) that moves from `reference` to `current`: its two-cell PSI, 0 ln 0 = 0;
/// infinite when exactly one of them is 0 or 1.
double psi_of_shares(double reference, double current);
/// The largest share above `reference` whose two-cell PSI is at most `psi` (in (reference, 1); 1 for reference = 1);
/// `reference` = 0 allows 0, so callers add the uncertainty of a share estimated as 0 first.
double share_limit(double reference, double psi);

}  // namespace leeway::stats
