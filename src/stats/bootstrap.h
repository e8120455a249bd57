#pragma once
// The Poisson bootstrap of counted cells, and intervals from it. A replicate draws each cell's count anew from a
// Poisson law with the count as its mean; rows are cells of count 1 (Hanley & MacGibbon 2006,
// doi:10.1016/j.cmpb.2006.04.006).

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/random.h"
#include "stats/interval.h"

namespace leeway::stats {

/// A number computed from one count (a whole number) per cell; NaN where it is undefined.
using CellStatistic = std::function<double(std::span<const double> counts)>;

struct Bootstrap {
  double estimate;                  ///< Of the counts as given.
  std::vector<double> replicates;   ///< Those that are defined, in the order drawn.
  int undefined = 0;                ///< Replicates without a value.
  double acceleration = 0;          ///< From leaving out one row of each cell at a time.

  double se() const;
  /// Bias-corrected and accelerated (Efron 1987, doi:10.1080/01621459.1987.10478410). {NaN, NaN} when a tenth of the
  /// replicates or more are undefined; of zero width when all agree.
  Interval bca(double confidence = bound_confidence) const;
};

/// Cost: (replicates + cells) evaluations of the statistic. The generator is copied, so equal calls give equal numbers.
Bootstrap poisson_bootstrap(std::span<const int64_t> counts, const CellStatistic& statistic, Random random,
                            int replicates = 999);

}  // namespace leeway::stats
