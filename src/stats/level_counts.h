#pragma once
// Sums over the intersections of many row sets, of a number per row that takes few values: the inner loop of searches
// for segments with a high mean. As bitset.h by the widest instructions there are, and with the same results by all.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "stats/bitset.h"

namespace leeway::stats {

/// Rows in blocks of one weight: words [end of the level before, end_word) of every set hold rows of this weight.
struct Level {
  size_t end_word = 0;  ///< A multiple of 8; the last level ends at the sets' word_count().
  double weight = 0;
};

/// Of the rows of a set: how many, the sum of their weights and of the squares.
struct LevelSums {
  double rows = 0;
  double weights = 0;
  double squares = 0;

  bool operator==(const LevelSums&) const = default;
};

/// sums[i · rights.size() + j] of left_i ∩ right_j. All sets have one size; sums.size() = lefts.size() · rights.size().
/// Rows are counted exactly and each level enters the sums as count · weight, in the order of the levels: exact for
/// weights that are small integers. Each word is visited once whatever the number of levels.
/// Cost: lefts · rights · words / 8 steps of about 1 cycle with AVX-512. Thread safe on distinct outputs.
void level_sums(std::span<const Bitset> lefts, std::span<const Bitset> rights, std::span<const Level> levels,
                std::span<LevelSums> sums);
/// The same by the named way of counting ("avx512", "avx2", "portable"), which this processor must have.
void level_sums(std::span<const Bitset> lefts, std::span<const Bitset> rights, std::span<const Level> levels,
                std::span<LevelSums> sums, std::string_view kernel);

/// Of one set.
LevelSums level_sums(const Bitset& set, std::span<const Level> levels);

}  // namespace leeway::stats
