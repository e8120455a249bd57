#include "stats/level_counts.h"

#include <algorithm>
#include <bit>
#include <cassert>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace leeway::stats {
namespace {

constexpr size_t tile_lefts = 2, tile_rights = 4;
constexpr size_t tile_size = tile_lefts * tile_rights;

/// Words of each set of a tile, from one offset on.
struct TileSets {
  const uint64_t* left[tile_lefts];
  const uint64_t* right[tile_rights];
};

/// counts[r · tile_lefts + l] = |left_l ∩ right_r| over the words [from, to).
using CountTile = void (*)(const TileSets& sets, size_t from, size_t to, uint64_t* counts);

void count_tile_portable(const TileSets& sets, size_t from, size_t to, uint64_t* counts) {
  std::fill_n(counts, tile_size, 0);
  for (size_t r = 0; r < tile_rights; ++r)
    for (size_t l = 0; l < tile_lefts; ++l)
      for (size_t w = from; w < to; ++w)
        counts[r * tile_lefts + l] += static_cast<uint64_t>(std::popcount(sets.left[l][w] & sets.right[r][w]));
}

#if defined(__x86_64__)

/// Four 64-bit counts of 256 bits: nibble look-up (Muła, Kurz & Lemire 2018, doi:10.1093/comjnl/bxx046).
__attribute__((target("avx2"))) inline __m256i popcount_avx2(__m256i v) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2,
                                         2, 3, 2, 3, 3, 4);
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(v, nibble));
  const __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble));
  return _mm256_sad_epu8(_mm256_add_epi8(low, high), _mm256_setzero_si256());
}

__attribute__((target("avx2"))) inline __m256i load_avx2(const uint64_t* p) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(p));
}

__attribute__((target("avx2"))) void count_tile_avx2(const TileSets& sets, size_t from, size_t to, uint64_t* counts) {
  __m256i sums[tile_size] = {};
  for (size_t w = from; w < to; w += 4) {
    const __m256i a0 = load_avx2(sets.left[0] + w), a1 = load_avx2(sets.left[1] + w);
#pragma GCC unroll 4
    for (size_t r = 0; r < tile_rights; ++r) {
      const __m256i b = load_avx2(sets.right[r] + w);
      sums[2 * r] = _mm256_add_epi64(sums[2 * r], popcount_avx2(_mm256_and_si256(a0, b)));
      sums[2 * r + 1] = _mm256_add_epi64(sums[2 * r + 1], popcount_avx2(_mm256_and_si256(a1, b)));
    }
  }
#pragma GCC unroll 8
  for (size_t k = 0; k < tile_size; ++k) {
    alignas(32) uint64_t parts[4];
    _mm256_store_si256(reinterpret_cast<__m256i*>(parts), sums[k]);
    counts[k] = (parts[0] + parts[1]) + (parts[2] + parts[3]);
  }
}

#define LEEWAY_AVX512 __attribute__((target("avx512f,avx512vpopcntdq")))

/// Lanes 2i and 2i+1: the sums of that pair of lanes of a and of b.
LEEWAY_AVX512 inline __m512i sum_pairs(__m512i a, __m512i b) {
  return _mm512_add_epi64(_mm512_maskz_unpacklo_epi64(0xff, a, b), _mm512_maskz_unpackhi_epi64(0xff, a, b));
}

LEEWAY_AVX512 inline __m512i sum_picked(__m512i a, __m512i b, __m512i first, __m512i second) {
  return _mm512_add_epi64(_mm512_permutex2var_epi64(a, first, b), _mm512_permutex2var_epi64(a, second, b));
}

/// Lane k of the result is the sum of the eight lanes of v[k].
LEEWAY_AVX512 inline __m512i sum_each(const __m512i (&v)[8]) {
  const __m512i even = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), odd = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  const __m512i low = _mm512_setr_epi64(0, 1, 2, 3, 8, 9, 10, 11), high = _mm512_setr_epi64(4, 5, 6, 7, 12, 13, 14, 15);
  const __m512i p01 = sum_pairs(v[0], v[1]), p23 = sum_pairs(v[2], v[3]);
  const __m512i p45 = sum_pairs(v[4], v[5]), p67 = sum_pairs(v[6], v[7]);
  const __m512i q0 = sum_picked(p01, p23, even, odd), q4 = sum_picked(p45, p67, even, odd);
  return sum_picked(q0, q4, low, high);
}

LEEWAY_AVX512 void count_tile_avx512(const TileSets& sets, size_t from, size_t to, uint64_t* counts) {
  __m512i sums[tile_size] = {};
  for (size_t w = from; w < to; w += 8) {
    const __m512i a0 = _mm512_load_si512(sets.left[0] + w), a1 = _mm512_load_si512(sets.left[1] + w);
#pragma GCC unroll 4
    for (size_t r = 0; r < tile_rights; ++r) {
      const __m512i b = _mm512_load_si512(sets.right[r] + w);
      sums[2 * r] = _mm512_add_epi64(sums[2 * r], _mm512_popcnt_epi64(_mm512_and_si512(a0, b)));
      sums[2 * r + 1] = _mm512_add_epi64(sums[2 * r + 1], _mm512_popcnt_epi64(_mm512_and_si512(a1, b)));
    }
  }
  _mm512_storeu_si512(counts, sum_each(sums));
}

#undef LEEWAY_AVX512

#endif

CountTile kernel_named(std::string_view name) {
#if defined(__x86_64__)
  if (name == "avx512") return count_tile_avx512;
  if (name == "avx2") return count_tile_avx2;
#endif
  return count_tile_portable;
}

constexpr size_t block_words = 512;    ///< 4 KB of each set: two lefts stay in the first cache.
constexpr size_t rights_at_once = 96;  ///< 96 · 4 KB of rights stay in the second cache while the lefts pass.

/// The part of each level that lies in the words [from, to).
template <class Visit>
void for_each_level(std::span<const Level> levels, size_t from, size_t to, Visit visit) {
  for (const auto& level : levels) {
    const size_t end = std::min(level.end_word, to);
    if (end <= from) continue;
    visit(from, end, level.weight);
    from = end;
    if (from == to) return;
  }
}

struct Job {
  std::span<const Bitset> lefts, rights;
  std::span<const Level> levels;
  std::span<LevelSums> sums;
  CountTile count_tile;
};

/// Adds the words [from, to) of one tile. A tile over the edge repeats the last set and drops what it counts for it.
void add_tile(const Job& job, size_t left, size_t right, size_t from, size_t to) {
  TileSets sets;
  for (size_t l = 0; l < tile_lefts; ++l) sets.left[l] = job.lefts[std::min(left + l, job.lefts.size() - 1)].data();
  for (size_t r = 0; r < tile_rights; ++r)
    sets.right[r] = job.rights[std::min(right + r, job.rights.size() - 1)].data();
  LevelSums tile[tile_size];
  for_each_level(job.levels, from, to, [&](size_t begin, size_t end, double weight) {
    uint64_t counts[tile_size];
    job.count_tile(sets, begin, end, counts);
    for (size_t k = 0; k < tile_size; ++k) {
      const auto count = static_cast<double>(counts[k]);
      tile[k].rows += count;
      tile[k].weights += count * weight;
      tile[k].squares += count * (weight * weight);
    }
  });
  for (size_t l = 0; l < std::min(tile_lefts, job.lefts.size() - left); ++l)
    for (size_t r = 0; r < std::min(tile_rights, job.rights.size() - right); ++r) {
      auto& sum = job.sums[(left + l) * job.rights.size() + right + r];
      const auto& part = tile[r * tile_lefts + l];
      sum.rows += part.rows;
      sum.weights += part.weights;
      sum.squares += part.squares;
    }
}

void run(const Job& job) {
  assert(job.sums.size() == job.lefts.size() * job.rights.size());
  std::ranges::fill(job.sums, LevelSums{});
  if (job.lefts.empty() || job.rights.empty()) return;
  const size_t words = job.lefts.front().word_count();
  assert(job.levels.empty() ? words == 0 : job.levels.back().end_word == words);
  for (size_t first = 0; first < job.rights.size(); first += rights_at_once)
    for (size_t at = 0; at < words; at += block_words)
      for (size_t left = 0; left < job.lefts.size(); left += tile_lefts)
        for (size_t right = first; right < std::min(first + rights_at_once, job.rights.size()); right += tile_rights)
          add_tile(job, left, right, at, std::min(at + block_words, words));
}

}  // namespace

void level_sums(std::span<const Bitset> lefts, std::span<const Bitset> rights, std::span<const Level> levels,
                std::span<LevelSums> sums) {
  level_sums(lefts, rights, levels, sums, supported_bit_kernels().front().name);
}

void level_sums(std::span<const Bitset> lefts, std::span<const Bitset> rights, std::span<const Level> levels,
                std::span<LevelSums> sums, std::string_view kernel) {
  run({lefts, rights, levels, sums, kernel_named(kernel)});
}

LevelSums level_sums(const Bitset& set, std::span<const Level> levels) {
  LevelSums total;
  for_each_level(levels, 0, set.word_count(), [&](size_t begin, size_t end, double weight) {
    uint64_t count = 0;
    for (size_t w = begin; w < end; ++w) count += static_cast<uint64_t>(std::popcount(set.data()[w]));
    const auto rows = static_cast<double>(count);
    total.rows += rows;
    total.weights += rows * weight;
    total.squares += rows * (weight * weight);
  });
  return total;
}

}  // namespace leeway::stats
