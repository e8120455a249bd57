#pragma once
// A monotone map of doubles to small integers, fast enough to disappear behind the memory: the front of every pass over
// rows in this folder.

#include <cstdint>
#include <span>
#include <vector>

namespace leeway {

/// Maps every finite double to a cell in [0, cells()); x <= y implies cell(x) <= cell(y). A view of a few parameters and
/// tables that somebody else owns; immutable and thread safe.
struct CellMap {
  enum class Kind : uint8_t {
    linear = 0,     ///< trunc((x - origin)·scale): most data
    key_shift = 1,  ///< (order_key(x) - first_key) >> shift: heavy tails, many decades
    two_level = 2,  ///< key cells, each split evenly over the keys that occur in it: clustered data
  };
  /// A first-level cell of two_level: bucket = base + min((max(key, first_key) - first_key) >> shift, last).
  struct Segment {
    uint64_t first_key;
    uint32_t base, last;
    uint64_t shift;
  };
  static constexpr size_t block_size = 2048;

  Kind kind = Kind::linear;
  uint32_t buckets = 1;
  double origin = 0, scale = 0;             // linear
  uint64_t first_key = 0, last_key = 0;     // key maps: keys are clamped to these
  uint64_t shift = 0;                       // key maps: of the first level
  std::span<const Segment> segments;        // two_level
  /// If not empty, one value per bucket, which splits it in three cells: below, equal, above.
  std::span<const double> pivots;

  size_t cells() const { return pivots.empty() ? buckets : size_t{3} * buckets; }
  uint32_t cell(double x) const;
  /// out[i] = cell(values[i]) for exactly block_size finite values.
  void cells_of_block(const double* values, uint32_t* out) const;
};

/// The tables behind a CellMap.
struct CellMapTables {
  std::vector<CellMap::Segment> segments;
  std::vector<double> pivots;
};

/// The cheapest map that spreads a sample evenly over about `buckets` buckets: the least Σ mass² over the buckets that
/// hold more than one value, with 8/buckets good enough. With `pivots`, and if a value holds more than 1/2048 of the
/// mass, a quarter of the buckets with pivots.
/// `distinct` is strictly ascending and not empty, cumulative(i) the number of rows <= distinct[i] (empty: i + 1).
/// The map views `tables`. O(distinct).
CellMap choose_cell_map(std::span<const double> distinct, std::span<const uint32_t> cumulative, uint32_t buckets,
                        bool pivots, CellMapTables& tables);

}  // namespace leeway
