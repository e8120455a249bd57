#pragma once
// The passes of the segment search: all counts of one pass, its best candidates, the removal of a winner's rows.

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "explain/feature_bins.h"
#include "explain/loss_levels.h"
#include "explain/segment_scan.h"
#include "explain/segments.h"
#include "stats/bitset.h"

namespace leeway::explain {

/// Of what is searched by: each row's loss above what was expected.
struct LossSummary {
  int64_t rows[2] = {0, 0};  ///< Searched.
  double centre = 0;
  double variance = 0;
  double least = std::numeric_limits<double>::infinity(), most = -std::numeric_limits<double>::infinity();
  bool zero_one = true;
};

/// `excess` per side; rows where it is not finite are left out.
LossSummary summarise(const std::vector<double> (&excess)[2]);

/// A segment, recomputed from the rows.
struct Candidate {
  Found found;
  stats::LevelSums sums[2] = {};  ///< Exact, of what is searched less the centre.
  double loss[2] = {0, 0};        ///< Mean loss itself.
  double z = 0;
  double evidence = -std::numeric_limits<double>::infinity();  ///< -ln of the adjusted p-value, bounded by exp(-z²/2).
};

/// What one pass over all segments found.
struct Pass {
  int64_t tested[2] = {0, 0};  ///< Of one predicate, of two.
  std::vector<BestList::Entry> best;
};

/// See segments.h for the method. All arguments must outlive it. Not thread safe; works on options.threads threads.
class SegmentSearcher {
 public:
  SegmentSearcher(std::span<const BinnedFeature> features, const SegmentLosses& reference,
                  const SegmentLosses& current, const std::vector<double> (&excess)[2], const LossSummary& summary,
                  const SegmentOptions& options);

  /// Tests all segments of the rows not yet removed.
  Pass pass();
  /// The best of a pass; empty if in none the loss rose.
  std::optional<Candidate> winner(const Pass& pass) const;
  void remove(const Found& found);
  std::string text(const Found& found) const;
  const std::string& column(uint32_t feature) const { return features_[feature].column; }

 private:
  struct Paired {
    size_t first_set = 0, sets = 0;  ///< All bins but the last, whose sums are what the others leave.
    std::vector<Run> runs;           ///< With support by themselves.
  };

  std::vector<stats::Bitset> sets_of(const BinnedFeature& feature, Side side) const;
  void measure_feature(size_t feature);
  int64_t scan_singles(size_t feature, BestList& best) const;
  int64_t scan_pairs(size_t left, BestList& best) const;
  void fill_grid(size_t left, size_t right, const std::vector<stats::LevelSums> (&sums)[2], size_t rights,
                 Grid& grid) const;
  bool contains(const Found& found, Side side, size_t row) const;
  Candidate recheck(const Found& found, const ScanContext& exact) const;
  ScanContext exact_context() const;

  std::span<const BinnedFeature> features_;
  std::span<const double> loss_[2];
  std::span<const double> excess_[2];
  const LossSummary& summary_;
  const SegmentOptions& options_;
  ScanContext context_;
  LossLevels levels_[2];
  stats::Bitset left_[2];               // rows not yet removed
  std::vector<Paired> paired_;          // the first features
  std::vector<stats::Bitset> sets_[2];  // of the paired features, one after the other
  std::vector<std::vector<Run>> runs_;  // per feature
  std::vector<std::vector<stats::LevelSums>> margins_[2];  // per feature and bin
};

}  // namespace leeway::explain
