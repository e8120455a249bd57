#include "stats/bitset.h"

#include <algorithm>
#include <bit>
#include <cassert>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace leeway::stats {
namespace {

namespace portable {

int64_t count(const uint64_t* a, size_t words) {
  int64_t total = 0;
  for (size_t w = 0; w < words; ++w) total += std::popcount(a[w]);
  return total;
}

int64_t count_and(const uint64_t* a, const uint64_t* b, size_t words) {
  int64_t total = 0;
  for (size_t w = 0; w < words; ++w) total += std::popcount(a[w] & b[w]);
  return total;
}

int64_t count_and3(const uint64_t* a, const uint64_t* b, const uint64_t* c, size_t words) {
  int64_t total = 0;
  for (size_t w = 0; w < words; ++w) total += std::popcount(a[w] & b[w] & c[w]);
  return total;
}

void add_tile(const uint64_t* a0, const uint64_t* m0, const uint64_t* a1, const uint64_t* m1, const uint64_t* b0,
              const uint64_t* b1, size_t words, MarkedCount* out) {
  out[0].rows += count_and(a0, b0, words);
  out[0].marked += count_and(m0, b0, words);
  out[1].rows += count_and(a0, b1, words);
  out[1].marked += count_and(m0, b1, words);
  out[2].rows += count_and(a1, b0, words);
  out[2].marked += count_and(m1, b0, words);
  out[3].rows += count_and(a1, b1, words);
  out[3].marked += count_and(m1, b1, words);
}

}  // namespace portable

#if defined(__x86_64__)

namespace avx2 {

/// Four 64-bit counts of 256 bits: nibble look-up (Muła, Kurz & Lemire 2018, doi:10.1093/comjnl/bxx046).
__attribute__((target("avx2"))) inline __m256i popcount(__m256i v) {
  const __m256i table =
      _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(v, nibble));
  const __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble));
  return _mm256_sad_epu8(_mm256_add_epi8(low, high), _mm256_setzero_si256());
}

__attribute__((target("avx2"))) inline __m256i load(const uint64_t* p) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(p));
}

__attribute__((target("avx2"))) inline int64_t sum(__m256i v) {
  alignas(32) int64_t lanes[4];
  _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), v);
  return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}

__attribute__((target("avx2"))) int64_t count(const uint64_t* a, size_t words) {
  __m256i total = _mm256_setzero_si256();
  for (size_t w = 0; w < words; w += 4) total = _mm256_add_epi64(total, popcount(load(a + w)));
  return sum(total);
}

__attribute__((target("avx2"))) int64_t count_and(const uint64_t* a, const uint64_t* b, size_t words) {
  __m256i total = _mm256_setzero_si256();
  for (size_t w = 0; w < words; w += 4)
    total = _mm256_add_epi64(total, popcount(_mm256_and_si256(load(a + w), load(b + w))));
  return sum(total);
}

__attribute__((target("avx2"))) int64_t count_and3(const uint64_t* a, const uint64_t* b, const uint64_t* c,
                                                   size_t words) {
  __m256i total = _mm256_setzero_si256();
  for (size_t w = 0; w < words; w += 4) {
    const __m256i both = _mm256_and_si256(load(a + w), load(b + w));
    total = _mm256_add_epi64(total, popcount(_mm256_and_si256(both, load(c + w))));
  }
  return sum(total);
}

__attribute__((target("avx2"))) void add_tile(const uint64_t* a0, const uint64_t* m0, const uint64_t* a1,
                                              const uint64_t* m1, const uint64_t* b0, const uint64_t* b1, size_t words,
                                              MarkedCount* out) {
  // Unrolled by order, so that the eight sums stay in registers.
  __m256i rows[4] = {}, marked[4] = {};
  for (size_t w = 0; w < words; w += 4) {
    const __m256i a[2] = {load(a0 + w), load(a1 + w)}, m[2] = {load(m0 + w), load(m1 + w)};
    const __m256i b[2] = {load(b0 + w), load(b1 + w)};
#pragma GCC unroll 2
    for (int i = 0; i < 2; ++i)
#pragma GCC unroll 2
      for (int j = 0; j < 2; ++j) {
        rows[2 * i + j] = _mm256_add_epi64(rows[2 * i + j], popcount(_mm256_and_si256(a[i], b[j])));
        marked[2 * i + j] = _mm256_add_epi64(marked[2 * i + j], popcount(_mm256_and_si256(m[i], b[j])));
      }
  }
#pragma GCC unroll 4
  for (int k = 0; k < 4; ++k) {
    out[k].rows += sum(rows[k]);
    out[k].marked += sum(marked[k]);
  }
}

}  // namespace avx2

namespace avx512 {

#define LEEWAY_AVX512 __attribute__((target("avx512f,avx512vpopcntdq")))

LEEWAY_AVX512 inline __m512i load(const uint64_t* p) { return _mm512_load_si512(p); }

/// By memory: the compiler's own reduction reads what it declares undefined and warns of it.
LEEWAY_AVX512 inline int64_t sum(__m512i v) {
  alignas(64) int64_t parts[8];
  _mm512_store_si512(parts, v);
  int64_t total = 0;
  for (const int64_t part : parts) total += part;
  return total;
}

LEEWAY_AVX512 int64_t count(const uint64_t* a, size_t words) {
  __m512i total = _mm512_setzero_si512();
  for (size_t w = 0; w < words; w += 8) total = _mm512_add_epi64(total, _mm512_popcnt_epi64(load(a + w)));
  return sum(total);
}

LEEWAY_AVX512 int64_t count_and(const uint64_t* a, const uint64_t* b, size_t words) {
  __m512i total = _mm512_setzero_si512();
  for (size_t w = 0; w < words; w += 8)
    total = _mm512_add_epi64(total, _mm512_popcnt_epi64(_mm512_and_si512(load(a + w), load(b + w))));
  return sum(total);
}

LEEWAY_AVX512 int64_t count_and3(const uint64_t* a, const uint64_t* b, const uint64_t* c, size_t words) {
  __m512i total = _mm512_setzero_si512();
  for (size_t w = 0; w < words; w += 8) {
    const __m512i both = _mm512_and_si512(load(a + w), load(b + w));
    total = _mm512_add_epi64(total, _mm512_popcnt_epi64(_mm512_and_si512(both, load(c + w))));
  }
  return sum(total);
}

LEEWAY_AVX512 void add_tile(const uint64_t* a0, const uint64_t* m0, const uint64_t* a1, const uint64_t* m1,
                            const uint64_t* b0, const uint64_t* b1, size_t words, MarkedCount* out) {
  // Unrolled by order, so that the eight sums stay in registers.
  __m512i rows[4] = {}, marked[4] = {};
  for (size_t w = 0; w < words; w += 8) {
    const __m512i a[2] = {load(a0 + w), load(a1 + w)}, m[2] = {load(m0 + w), load(m1 + w)};
    const __m512i b[2] = {load(b0 + w), load(b1 + w)};
#pragma GCC unroll 2
    for (int i = 0; i < 2; ++i)
#pragma GCC unroll 2
      for (int j = 0; j < 2; ++j) {
        rows[2 * i + j] = _mm512_add_epi64(rows[2 * i + j], _mm512_popcnt_epi64(_mm512_and_si512(a[i], b[j])));
        marked[2 * i + j] = _mm512_add_epi64(marked[2 * i + j], _mm512_popcnt_epi64(_mm512_and_si512(m[i], b[j])));
      }
  }
#pragma GCC unroll 4
  for (int k = 0; k < 4; ++k) {
    out[k].rows += sum(rows[k]);
    out[k].marked += sum(marked[k]);
  }
}

#undef LEEWAY_AVX512

}  // namespace avx512

#endif

constexpr BitKernels all_kernels[] = {
#if defined(__x86_64__)
    {"avx512", avx512::count, avx512::count_and, avx512::count_and3, avx512::add_tile},
    {"avx2", avx2::count, avx2::count_and, avx2::count_and3, avx2::add_tile},
#endif
    {"portable", portable::count, portable::count_and, portable::count_and3, portable::add_tile},
};

/// How many of all_kernels, from the front, this processor lacks the instructions for.
size_t unsupported_kernels() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq")) return 0;
  if (__builtin_cpu_supports("avx2")) return 1;
  return 2;
#else
  return 0;
#endif
}

const BitKernels& kernels() { return supported_bit_kernels().front(); }

}  // namespace

std::span<const BitKernels> supported_bit_kernels() {
  static const size_t skip = unsupported_kernels();
  return std::span(all_kernels).subspan(skip);
}

Bitset::Bitset(size_t size, bool full) : size_(size), blocks_((size + 511) / 512) {
  if (!full) return;
  std::fill_n(data(), word_count(), ~uint64_t{0});
  clear_tail();
}

Bitset::Bitset(size_t size, std::span<const uint64_t> words) : Bitset(size) {
  std::copy_n(words.begin(), (size + 63) / 64, data());
  clear_tail();
}

void Bitset::clear_tail() {
  if (size_ % 64 != 0) data()[size_ / 64] &= (uint64_t{1} << (size_ % 64)) - 1;
  for (size_t w = (size_ + 63) / 64; w < word_count(); ++w) data()[w] = 0;
}

int64_t Bitset::count() const { return kernels().count(data(), word_count()); }

Bitset& Bitset::operator&=(const Bitset& other) {
  assert(size_ == other.size_);
  for (size_t w = 0; w < word_count(); ++w) data()[w] &= other.data()[w];
  return *this;
}

Bitset& Bitset::operator|=(const Bitset& other) {
  assert(size_ == other.size_);
  for (size_t w = 0; w < word_count(); ++w) data()[w] |= other.data()[w];
  return *this;
}

Bitset& Bitset::subtract(const Bitset& other) {
  assert(size_ == other.size_);
  for (size_t w = 0; w < word_count(); ++w) data()[w] &= ~other.data()[w];
  return *this;
}

Bitset Bitset::complement() const { return Bitset(size_, true).subtract(*this); }

Bitset intersection(const Bitset& a, const Bitset& b) {
  Bitset both = a;
  both &= b;
  return both;
}

int64_t count_and(const Bitset& a, const Bitset& b) {
  assert(a.size() == b.size());
  return kernels().count_and(a.data(), b.data(), a.word_count());
}

int64_t count_and(const Bitset& a, const Bitset& b, const Bitset& c) {
  assert(a.size() == b.size() && a.size() == c.size());
  return kernels().count_and3(a.data(), b.data(), c.data(), a.word_count());
}

namespace {

constexpr size_t block_words = 512;    ///< 4 KB of each set: a left pair with its marks stays in the first cache.
constexpr size_t rights_at_once = 96;  ///< 96 · 4 KB of right sets stay in the second cache while the lefts pass.

/// One block of words of lefts × rights[first, last). An odd set out is paired with itself and counted once.
void count_block(std::span<const Bitset> lefts, std::span<const Bitset> rights, size_t first, size_t last,
                 const Bitset& marked, size_t at, size_t words, std::span<MarkedCount> counts) {
  alignas(64) uint64_t with_mark[2][block_words];
  for (size_t i = 0; i < lefts.size(); i += 2) {
    const size_t pair_i[2] = {i, std::min(i + 1, lefts.size() - 1)};
    for (int k = 0; k < 2; ++k)
      for (size_t w = 0; w < words; ++w) with_mark[k][w] = lefts[pair_i[k]].data()[at + w] & marked.data()[at + w];
    for (size_t j = first; j < last; j += 2) {
      const size_t pair_j[2] = {j, std::min(j + 1, last - 1)};
      MarkedCount tile[4];
      kernels().add_tile(lefts[pair_i[0]].data() + at, with_mark[0], lefts[pair_i[1]].data() + at, with_mark[1],
                         rights[pair_j[0]].data() + at, rights[pair_j[1]].data() + at, words, tile);
      for (size_t a = 0; a < pair_i[1] - i + 1; ++a)
        for (size_t b = 0; b < pair_j[1] - j + 1; ++b) {
          auto& count = counts[(i + a) * rights.size() + j + b];
          count.rows += tile[2 * a + b].rows;
          count.marked += tile[2 * a + b].marked;
        }
    }
  }
}

}  // namespace

void count_pairs(std::span<const Bitset> lefts, std::span<const Bitset> rights, const Bitset& marked,
                 std::span<MarkedCount> counts) {
  assert(counts.size() == lefts.size() * rights.size());
  std::fill(counts.begin(), counts.end(), MarkedCount{});
  for (size_t first = 0; first < rights.size(); first += rights_at_once)
    for (size_t at = 0; at < marked.word_count(); at += block_words)
      count_block(lefts, rights, first, std::min(first + rights_at_once, rights.size()), marked, at,
                  std::min(block_words, marked.word_count() - at), counts);
}

}  // namespace leeway::stats
