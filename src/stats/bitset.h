#pragma once
// Sets of rows as packed bits, and the counts of their intersections: the inner loop of searches over conjunctions of
// predicates. The work is done by the widest instructions that the processor has (AVX-512 VPOPCNTDQ, AVX2, or plain
// 64-bit words), chosen once at run time; all give the same integers.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace leeway::stats {

/// A set of rows 0 … size()-1. Stored in 64-byte blocks; the bits beyond size() are always zero. A plain value type;
/// `const` access is safe from several threads.
class Bitset {
 public:
  Bitset() = default;
  explicit Bitset(size_t size, bool full = false);
  /// From packed words (bit r%64 of word r/64 is row r, e.g. Validity::words()); bits beyond `size` are ignored.
  Bitset(size_t size, std::span<const uint64_t> words);

  size_t size() const { return size_; }
  bool operator[](size_t row) const { return data()[row >> 6] >> (row & 63) & 1; }
  void set(size_t row) { data()[row >> 6] |= uint64_t{1} << (row & 63); }
  void reset(size_t row) { data()[row >> 6] &= ~(uint64_t{1} << (row & 63)); }

  int64_t count() const;
  /// Set operations with a set of the same size, in place.
  Bitset& operator&=(const Bitset& other);
  Bitset& operator|=(const Bitset& other);
  Bitset& subtract(const Bitset& other);  ///< this \ other
  Bitset complement() const;

  /// Calls visit(row) for each row of the set, ascending.
  template <class Visit>
  void for_each(Visit visit) const {
    for (size_t w = 0; w < word_count(); ++w)
      for (uint64_t bits = data()[w]; bits != 0; bits &= bits - 1)
        visit(w * 64 + static_cast<size_t>(__builtin_ctzll(bits)));
  }

  /// The packed words: a multiple of 8, aligned to 64 bytes.
  const uint64_t* data() const { return blocks_.empty() ? nullptr : blocks_.front().words; }
  uint64_t* data() { return blocks_.empty() ? nullptr : blocks_.front().words; }
  size_t word_count() const { return blocks_.size() * 8; }

  bool operator==(const Bitset&) const = default;

 private:
  struct alignas(64) Block {
    uint64_t words[8] = {};
    bool operator==(const Block&) const = default;
  };
  void clear_tail();

  size_t size_ = 0;
  std::vector<Block> blocks_;
};

Bitset intersection(const Bitset& a, const Bitset& b);

/// |a ∩ b| and |a ∩ b ∩ c|; all sets of one size.
int64_t count_and(const Bitset& a, const Bitset& b);
int64_t count_and(const Bitset& a, const Bitset& b, const Bitset& c);

/// How many rows a conjunction has, and how many of them are marked (misclassified, selected, …).
struct MarkedCount {
  int64_t rows = 0;
  int64_t marked = 0;

  bool operator==(const MarkedCount&) const = default;
};

/// For every pair: counts[i · rights.size() + j] = {|left_i ∩ right_j|, |left_i ∩ right_j ∩ marked|}. All sets have one
/// size; counts.size() = lefts.size() · rights.size(). Blocked for the caches, so give it many sets at once (e.g. all
/// bins of one feature against all bins of the features after it). Cost: lefts · rights · rows / 512 steps of about 2
/// cycles with AVX-512. Thread safe on distinct outputs.
void count_pairs(std::span<const Bitset> lefts, std::span<const Bitset> rights, const Bitset& marked,
                 std::span<MarkedCount> counts);

/// The set of rows of each code 0 … codes_count-1; a larger code is in no set.
template <std::unsigned_integral C>
std::vector<Bitset> sets_of_codes(std::span<const C> codes, size_t codes_count) {
  std::vector<Bitset> sets(codes_count, Bitset(codes.size()));
  for (size_t row = 0; row < codes.size(); ++row)
    if (codes[row] < codes_count) sets[codes[row]].set(row);
  return sets;
}

/// One way of counting; `words` is a multiple of 8 and pointers are aligned to 64 bytes.
struct BitKernels {
  std::string_view name;  ///< "avx512", "avx2", "portable"
  int64_t (*count)(const uint64_t* a, size_t words);
  int64_t (*count_and)(const uint64_t* a, const uint64_t* b, size_t words);
  int64_t (*count_and3)(const uint64_t* a, const uint64_t* b, const uint64_t* c, size_t words);
  /// Adds to out[0 … 3] the pairs (a0,b0), (a0,b1), (a1,b0), (a1,b1). m0 = a0 ∩ marked, m1 = a1 ∩ marked.
  void (*add_tile)(const uint64_t* a0, const uint64_t* m0, const uint64_t* a1, const uint64_t* m1, const uint64_t* b0,
                   const uint64_t* b1, size_t words, MarkedCount* out);
};

/// What this processor can run, fastest first; never empty. The functions above use the first.
std::span<const BitKernels> supported_bit_kernels();

}  // namespace leeway::stats
