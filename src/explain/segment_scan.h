#pragma once
// The test of one segment, and of all segments that two features describe: the arithmetic inside segments.h.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "stats/level_counts.h"

namespace leeway::explain {

/// Neighbouring bins [first, last] of one feature.
struct Run {
  uint8_t first = 0, last = 0;

  bool operator==(const Run&) const = default;
};

enum Side : uint8_t { reference_side = 0, current_side = 1 };

/// What all segments of one search share.
struct ScanContext {
  stats::LevelSums total[2];   ///< All rows of each side.
  double min_rows[2] = {0, 0}; ///< Least rows of a segment and of its complement.
  double pseudo_sum = 0;       ///< Of the two rows that smooth every mean.
  double pseudo_squares = 0;
};

/// How surely a segment's mean loss rose, and rose more than its complement's.
struct Rise {
  double change = 0;           ///< In the segment: current - reference, smoothed.
  double excess = 0;           ///< That, less the same in the complement.
  double change_variance = 0;
  double excess_variance = 0;

  bool rose() const { return change > 0 && excess > 0; }
  /// Square of the lesser of the two z; where it rose.
  double z2() const { return std::min(change * change / change_variance, excess * excess / excess_variance); }
};
Rise rise(const stats::LevelSums& reference, const stats::LevelSums& current, const ScanContext& context);

/// True if the segment and its complement have enough rows on both sides.
bool supported(const stats::LevelSums& reference, const stats::LevelSums& current, const ScanContext& context);

/// Sums of each side over the bins of two features: cell (i, j) at i · columns + j.
struct Grid {
  size_t rows = 0, columns = 0;
  std::vector<stats::LevelSums> cells[2];
};

/// A segment, by its predicates: one on each of two features, or one alone.
struct Found {
  static constexpr uint32_t none = UINT32_MAX;
  uint32_t left_feature = 0, right_feature = none;
  Run left, right;
};

/// Segments found, largest z first; of equal ones the first found comes first.
class BestList {
 public:
  struct Entry {
    double z2;
    Found found;
  };
  explicit BestList(size_t limit) : limit_(limit) {}
  /// What a segment's z² must exceed to be listed.
  double bar() const { return entries_.size() < limit_ ? 0 : entries_.back().z2; }
  void add(double z2, const Found& found);
  std::span<const Entry> entries() const { return entries_; }

 private:
  size_t limit_;
  std::vector<Entry> entries_;
};

/// One feature of a pair: its number and the runs of its bins that make predicates.
struct ScanFeature {
  uint32_t number = 0;
  std::span<const Run> runs;
};

/// The instruction sets that this processor can scan by ("avx512", "avx2", "portable"), fastest first.
std::span<const std::string_view> scan_kernels();

/// Tests every (left run, right run) of a grid: returns how many had support; those that rose, and rose more than
/// elsewhere, are offered to `best`. By the widest instructions that the processor has, with the same bits by all.
/// Reuses its buffers; one per thread.
class GridScan {
 public:
  explicit GridScan(std::string_view kernel = scan_kernels().front());
  int64_t operator()(const Grid& grid, const ScanFeature& left, const ScanFeature& right, const ScanContext& context,
                     BestList& best);

 private:
  void accumulate(const Grid& grid, std::span<const Run> lefts);

  bool (*scan_row_)(const double*, const double*, size_t, const ScanContext&, double, int64_t*, int64_t&);
  size_t lanes_ = 0;                // lefts, rounded up to whole vectors
  std::vector<double> prefix_;
  std::vector<double> cumulative_;  // [column][quantity][lane]: sums over the columns before
};

}  // namespace leeway::explain
