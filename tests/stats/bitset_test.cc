#include "stats/bitset.h"

#include "base/random.h"

namespace leeway::stats {
namespace {

std::vector<bool> random_rows(Random& random, size_t size, double share) {
  std::vector<bool> rows(size);
  for (size_t i = 0; i < size; ++i) rows[i] = random.chance(share);
  return rows;
}

Bitset packed(const std::vector<bool>& rows) {
  Bitset set(rows.size());
  for (size_t i = 0; i < rows.size(); ++i)
    if (rows[i]) set.set(i);
  return set;
}

int64_t count_if_all(std::initializer_list<const std::vector<bool>*> sets) {
  int64_t n = 0;
  for (size_t i = 0; i < (*sets.begin())->size(); ++i)
    n += std::all_of(sets.begin(), sets.end(), [&](const auto* s) { return (*s)[i]; });
  return n;
}

constexpr size_t awkward_sizes[] = {0, 1, 63, 64, 65, 511, 512, 513, 1000, 32768, 32769, 70001};

TEST(Bitset, EveryKernelCountsAsRowByRow) {
  Random random(1);
  for (const size_t size : awkward_sizes) {
    const auto a = random_rows(random, size, .5), b = random_rows(random, size, .1), c = random_rows(random, size, .9);
    const Bitset x = packed(a), y = packed(b), z = packed(c);
    for (const auto& kernel : supported_bit_kernels()) {
      SCOPED_TRACE(std::string(kernel.name) + " on " + std::to_string(size));
      const size_t words = x.word_count();
      EXPECT_EQ(kernel.count(x.data(), words), count_if_all({&a}));
      EXPECT_EQ(kernel.count_and(x.data(), y.data(), words), count_if_all({&a, &b}));
      EXPECT_EQ(kernel.count_and3(x.data(), y.data(), z.data(), words), count_if_all({&a, &b, &c}));
      MarkedCount tile[4] = {{1000, 1000}};  // the tile adds to what is there
      const Bitset xz = intersection(x, z), yz = intersection(y, z);
      kernel.add_tile(x.data(), xz.data(), y.data(), yz.data(), y.data(), z.data(), words, tile);
      EXPECT_EQ(tile[0], (MarkedCount{1000 + count_if_all({&a, &b}), 1000 + count_if_all({&a, &b, &c})}));
      EXPECT_EQ(tile[1], (MarkedCount{count_if_all({&a, &c}), count_if_all({&a, &c})}));
      EXPECT_EQ(tile[2], (MarkedCount{count_if_all({&b}), count_if_all({&b, &c})}));
      EXPECT_EQ(tile[3], (MarkedCount{count_if_all({&b, &c}), count_if_all({&b, &c})}));
    }
  }
}

TEST(Bitset, CountPairsIsTheTableOfAllIntersections) {
  Random random(2);
  for (const size_t size : {size_t{0}, size_t{700}, size_t{33000}})
    for (const auto& [lefts, rights] : {std::pair{1, 1}, {3, 5}, {4, 97}, {2, 200}}) {
      std::vector<std::vector<bool>> rows;
      std::vector<Bitset> left, right;
      for (int i = 0; i < lefts + rights; ++i) {
        rows.push_back(random_rows(random, size, .3));
        (i < lefts ? left : right).push_back(packed(rows.back()));
      }
      const auto mark = random_rows(random, size, .4);
      std::vector<MarkedCount> counts(left.size() * right.size(), MarkedCount{7, 7});
      count_pairs(left, right, packed(mark), counts);
      for (int i = 0; i < lefts; ++i)
        for (int j = 0; j < rights; j += 1 + rights / 7) {
          const auto &a = rows[i], &b = rows[lefts + j];
          EXPECT_EQ(counts[i * rights + j], (MarkedCount{count_if_all({&a, &b}), count_if_all({&a, &b, &mark})}))
              << size << ' ' << i << ' ' << j;
        }
    }
}

TEST(Bitset, SetAlgebra) {
  Random random(3);
  for (const size_t size : awkward_sizes) {
    const Bitset a = packed(random_rows(random, size, .5)), b = packed(random_rows(random, size, .5));
    EXPECT_EQ(Bitset(size, true).count(), static_cast<int64_t>(size));
    EXPECT_EQ(a.complement().count(), static_cast<int64_t>(size) - a.count());
    EXPECT_EQ(a.complement().complement(), a);
    Bitset either = a, only_a = a;
    either |= b;
    only_a.subtract(b);
    EXPECT_EQ(either.count(), a.count() + b.count() - count_and(a, b));
    EXPECT_EQ(only_a.count(), a.count() - count_and(a, b));
    EXPECT_EQ(count_and(only_a, b), 0);
    std::vector<size_t> visited;
    a.for_each([&](size_t row) { visited.push_back(row); });
    EXPECT_EQ(static_cast<int64_t>(visited.size()), a.count());
    EXPECT_TRUE(std::is_sorted(visited.begin(), visited.end()));
    for (const size_t row : visited) EXPECT_TRUE(a[row]);
  }
}

TEST(Bitset, BitsBeyondTheSizeNeverCount) {
  const std::vector<uint64_t> words(2, ~uint64_t{0});
  EXPECT_EQ(Bitset(70, words).count(), 70);
  EXPECT_EQ(Bitset(128, words).count(), 128);
  EXPECT_EQ(Bitset(70, true).complement().count(), 0);
}

TEST(Bitset, CodesBecomeDisjointSets) {
  const std::vector<uint32_t> codes = {0, 2, 1, 2, 9, 0};
  const auto sets = sets_of_codes(std::span<const uint32_t>(codes), 3);
  ASSERT_EQ(sets.size(), 3u);
  EXPECT_EQ(sets[0].count(), 2);
  EXPECT_EQ(sets[1].count(), 1);
  EXPECT_EQ(sets[2].count(), 2);
  EXPECT_TRUE(sets[2][3]);
  EXPECT_FALSE(sets[0][4] || sets[1][4] || sets[2][4]);  // 9 is beyond the count: in no set
}

TEST(Bitset, TheKernelsEndWithThePortableOne) {
  ASSERT_FALSE(supported_bit_kernels().empty());
  EXPECT_EQ(supported_bit_kernels().back().name, "portable");
}

}  // namespace
}  // namespace leeway::stats
