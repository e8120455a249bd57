#pragma once
// A monotone map of doubles to small integers, fast enough to disappear behind the memory: the front of every pass over
// rows in this folder.

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace leeway {

/// Order-preserving key of a double: a < b as doubles exactly if key(a) < key(b). -0 and +0 have one key.
uint64_t order_key(double x);
double from_order_key(uint64_t key);

/// Maps every finite double to a cell in [0, cells()); x <= y implies cell(x) <= cell(y). Immutable and thread safe.
class CellMap {
 public:
  enum class Kind : uint8_t {
    linear = 0,     ///< trunc((x - origin)·scale): most data
    key_shift = 1,  ///< (order_key(x) - first) >> shift: heavy tails, many decades
    two_level = 2,  ///< key cells, each split over the keys that occur in it: clustered data
  };

  CellMap() = default;
  /// The cheapest map that spreads the reference well; `sorted` are its values in ascending order (not empty).
  static CellMap choose(std::span<const double> distinct, std::span<const uint32_t> cumulative, size_t buckets);

  Kind kind() const { return kind_; }
  /// Buckets of the bare map; with pivots each is split in three cells (below, equal, above its heaviest value).
  size_t buckets() const { return buckets_; }
  bool pivoted() const { return !pivots_.empty(); }
  size_t cells() const { return pivoted() ? 3 * buckets_ : buckets_; }

  uint32_t cell(double x) const;
  /// Cells of a block, at most block_size values. Vectorised where the processor can.
  void cells(std::span<const double> values, uint32_t* out) const;
  static constexpr size_t block_size = 2048;

 private:
  friend class NumericReference;
  friend struct ReferencePreparer;
  Kind kind_ = Kind::linear;
  size_t buckets_ = 0;
  double origin_ = 0, scale_ = 0;         // linear
  uint64_t first_key_ = 0, last_key_ = 0; // key maps
  uint32_t shift_ = 0;
  struct Span { uint64_t first_key; uint32_t base; uint32_t shift; };
  std::span<const Span> spans_;           // two_level
  std::span<const double> pivots_;
};

}  // namespace leeway
