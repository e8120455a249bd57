#pragma once
// Level 2 of "why did the metric change": the segments, out of all that one or two predicates describe, whose loss rose
// most surely more than that of all other rows.

#include <cstdint>
#include <span>

#include "base/result.h"
#include "explain/explanation.h"
#include "explain/feature_bins.h"
#include "explain/row_losses.h"

namespace leeway::explain {

/// One side's rows, in the order of the features' rows.
struct SegmentLosses {
  std::span<const double> loss;           ///< NaN or infinite rows are left out and noted.
  /// What the reference loses at the same score (decomposition.h): then a segment is searched by what is above that, so
  /// that a moved mix of scores inside a segment does not pass for its fault. Empty: by the loss itself.
  std::span<const double> expected = {};
};

struct SegmentOptions {
  int max_segments = 3;
  int64_t min_rows = 100;    ///< Least support on each side: the larger of this …
  double min_share = 0.005;  ///< … and this share of the side's rows.
  size_t max_paired_features = 200;  ///< Pairs are formed of the first so many features: give the important ones first.
  double error = 0.05;       ///< Chance, over the whole search, of a significant segment where no segment differs.
  int threads = 1;           ///< The result does not depend on it.
};

/// Searches every predicate (a category, missing, or any run of neighbouring intervals) and every pair of predicates on
/// two features, for a loss that rose, and rose more than elsewhere. With d the change of the mean loss (less what was
/// expected) in the segment and d' that in its complement,
///     z = min(d / se(d), (d - d') / se(d - d')),
/// both of which must be large. Each mean is smoothed by two rows (one of each outcome for 0/1 losses: (k+1)/(n+2); for
/// others one standard deviation above and one below the overall mean); the variance of a difference of two means is
/// the separate or the pooled one, whichever is larger, without which a small side that happens to lack its losses
/// raises false alarms. The error is split evenly between segments of one and of two predicates, each half by
/// Bonferroni over those with enough rows on both sides, so that z_limit is honest about every run of bins that was
/// tried; the winner is the one of least Bonferroni-adjusted p-value, hence a second predicate must earn its place. The
/// winner's rows are removed and the search repeated, up to `max_segments` times or until one is not significant; that
/// one is listed too, and says so. Only segments whose loss itself rose are listed.
///
/// 0/1 losses without `expected` are counted exactly. Others are screened on at most 32 levels a side, and the best of
/// the screen recomputed from the rows: what is printed is exact, a segment that leads by less than the rounding of
/// levels may be missed. Too few rows or no features is a note, not an error.
/// Errors: invalid_argument if the lengths of losses and features differ.
///
/// Deterministic whatever the thread count. Memory about 1.5 bytes a row and feature. Cost: features² / 2 · bins² ·
/// rows / 400 steps of 2 cycles with AVX-512, plus features² / 2 · 3,000 segments tested (10 intervals each); measured
/// in bench/segments.cc. Simulated false alarms where nothing is local: at most 5 % for 0/1, exponential, lognormal and
/// rare losses and for sides of 3,000 and 20,000 rows either way. SliceLine (Sagadeeva & Boehm 2021,
/// doi:10.1145/3448016.3457323) searches the same space by error alone.
Result<SegmentSearch> search_segments(const LossMetric& metric, std::span<const BinnedFeature> features,
                                      const SegmentLosses& reference, const SegmentLosses& current,
                                      const SegmentOptions& options = {});

}  // namespace leeway::explain
