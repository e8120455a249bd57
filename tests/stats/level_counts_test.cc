#include "stats/level_counts.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace leeway::stats {
namespace {

struct Fixture {
  std::vector<Bitset> lefts, rights;
  std::vector<Level> levels;
};

Fixture random_sets(size_t rows, size_t lefts, size_t rights, std::vector<Level> levels, uint64_t seed) {
  Random random(seed);
  const auto draw = [&](size_t count) {
    std::vector<Bitset> sets(count, Bitset(rows));
    for (auto& set : sets)
      for (size_t row = 0; row < rows; ++row)
        if (random.chance(0.3)) set.set(row);
    return sets;
  };
  Fixture fixture;
  fixture.lefts = draw(lefts);
  fixture.rights = draw(rights);
  fixture.levels = std::move(levels);
  return fixture;
}

LevelSums by_hand(const Bitset& a, const Bitset& b, std::span<const Level> levels) {
  LevelSums total;
  for (size_t row = 0; row < a.size(); ++row) {
    if (!a[row] || !b[row]) continue;
    const auto level = std::ranges::find_if(levels, [&](const Level& l) { return row / 64 < l.end_word; });
    ++total.rows;
    total.weights += level->weight;
    total.squares += level->weight * level->weight;
  }
  return total;
}

TEST(LevelSums, EveryKernelCountsAsByHand) {
  // Sizes that leave tiles over the edge, levels that cross the blocks of 512 words, an empty level.
  const Fixture cases[] = {
      random_sets(513, 1, 1, {{8, 1}, {16, 0}}, 1),
      random_sets(40'000, 5, 7, {{16, 65'535}, {24, 3}, {24, 9}, {528, 1000}, {632, 0}}, 2),
      random_sets(4096, 4, 101, {{64, 1}}, 3),
  };
  for (const auto& sets : cases)
    for (const auto& kernel : supported_bit_kernels()) {
      SCOPED_TRACE(kernel.name);
      std::vector<LevelSums> sums(sets.lefts.size() * sets.rights.size());
      level_sums(sets.lefts, sets.rights, sets.levels, sums, kernel.name);
      for (size_t i = 0; i < sets.lefts.size(); ++i)
        for (size_t j = 0; j < sets.rights.size(); ++j)
          ASSERT_EQ(sums[i * sets.rights.size() + j], by_hand(sets.lefts[i], sets.rights[j], sets.levels));
    }
}

TEST(LevelSums, OneSetIsItsIntersectionWithItself) {
  const auto sets = random_sets(2000, 1, 1, {{16, 7}, {32, 2}}, 4);
  EXPECT_EQ(level_sums(sets.lefts[0], sets.levels), by_hand(sets.lefts[0], sets.lefts[0], sets.levels));
}

TEST(LevelSums, NothingGivesNothing) {
  std::vector<LevelSums> sums;
  level_sums({}, {}, {}, sums);
  const std::vector<Bitset> empty(1);
  sums.resize(1, {5, 5, 5});
  level_sums(empty, empty, {}, sums);
  EXPECT_EQ(sums[0], LevelSums{});
}

}  // namespace
}  // namespace leeway::stats
