#include "stats/ranked_scores.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "base/simd.h"

namespace leeway::stats {
namespace {

constexpr int digit_bits = 11, passes = 3;
constexpr size_t small = 1024;   // below this the counters cost more than a comparison sort
constexpr size_t block = 4096;   // rows that a vectorised loop takes at a time

template <class Key>
struct Ends {
  Key low = std::numeric_limits<Key>::max(), high = 0;

  LEEWAY_SIMD_LOOP void widen(const Key* keys, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      low = keys[i] < low ? keys[i] : low;
      high = keys[i] > high ? keys[i] : high;
    }
  }
};

template <class Key>
Ends<Key> ends_of(std::span<const Key> keys) {
  Ends<Key> ends;
  size_t at = 0;
  for (; at + block <= keys.size(); at += block)
    simd::run([from = keys.data() + at, to = &ends]() LEEWAY_SIMD_LOOP {
      Ends<Key> own = *to;
      own.widen(from, block);
      *to = own;
    });
  ends.widen(keys.data() + at, keys.size() - at);
  return ends;
}

size_t count_set(std::span<const uint8_t> labels) {
  size_t set = 0, at = 0;
  for (; at + block <= labels.size(); at += block)
    simd::run([from = labels.data() + at, to = &set]() LEEWAY_SIMD_LOOP {
      uint32_t sum = 0;
      for (size_t i = 0; i < block; ++i) sum += from[i];
      *to += sum;
    });
  for (; at < labels.size(); ++at) set += labels[at];
  return set;
}

}  // namespace

/// Sorts by the 3 · width bits of key - lowest from `shift` on; all higher ones must be zero. The width is a constant
/// because shifts by one are quicker, and no greater than needed because few places to write to at a time stay in the
/// nearest cache.
template <int width, class Key>
void RankedScores::radix_sort(Keys<Key>& keys, Key lowest, int shift) {
  constexpr Key mask = (Key{1} << width) - 1;
  std::array<std::array<uint32_t, size_t{1} << width>, passes> counts{};
  for (const Key key : keys.span()) {
    const Key rest = (key - lowest) >> shift;
    ++counts[0][rest & mask];
    ++counts[1][rest >> width & mask];
    ++counts[2][rest >> 2 * width & mask];
  }
  for (auto& count : counts) std::exclusive_scan(count.begin(), count.end(), count.begin(), uint32_t{0});

  Keys<Key> other(keys.size);
  const auto scatter = [&]<int pass>() {
    auto& position = counts[pass];
    Key* to = other.data.get();
    for (const Key key : keys.span()) to[position[(key - lowest) >> shift >> pass * width & mask]++] = key;
    std::swap(keys, other);
  };
  scatter.template operator()<0>();
  scatter.template operator()<1>();
  scatter.template operator()<2>();
}

/// Rows of one score stay in any order, so the label's bit is not sorted by.
template <class Key>
void RankedScores::sort(Keys<Key>& keys) {
  if (keys.size < small) {
    std::ranges::sort(keys.span());
    return;
  }
  const auto [low, high] = ends_of(std::span<const Key>(keys.span()));
  const int bits = std::bit_width(high - low);
  const int shift = std::max(1, bits - digit_bits * passes);
  const int width = (bits - shift + passes - 1) / passes;
  if (width <= 9) radix_sort<9>(keys, low, shift);
  else if (width == 10) radix_sort<10>(keys, low, shift);
  else radix_sort<11>(keys, low, shift);
  if (shift == 1) return;
  const std::span<Key> all = keys.span();
  for (size_t begin = 0, end; begin < all.size(); begin = end) {
    const Key cell = (all[begin] - low) >> shift;
    for (end = begin + 1; end < all.size() && (all[end] - low) >> shift == cell;) ++end;
    if (end - begin > 1) std::ranges::sort(all.subspan(begin, end - begin));
  }
}

namespace {

/// Keys of `rows` scores; false unless each is non-negative and exact in float32.
LEEWAY_SIMD_LOOP inline bool narrow_keys(const double* scores, const uint8_t* labels, uint32_t* keys, size_t rows) {
  uint32_t wide = 0;
  for (size_t i = 0; i < rows; ++i) {
    const auto value = static_cast<float>(scores[i] + 0.0);   // -0.0 becomes 0.0
    const auto bits = std::bit_cast<uint32_t>(value);
    wide |= static_cast<uint32_t>(static_cast<double>(value) != scores[i]) | bits >> 31;
    keys[i] = bits << 1 | labels[i];
  }
  return wide == 0;
}

}  // namespace

/// False, with nothing ranked, unless every score is non-negative and exact in float32.
bool RankedScores::rank_narrow(std::span<const double> scores, std::span<const uint8_t> labels) {
  Keys<uint32_t> keys(scores.size());
  size_t at = 0;
  for (; at + block <= scores.size(); at += block) {
    bool fits = false;
    simd::run([from = scores.data() + at, label = labels.data() + at, to = keys.data.get() + at, result = &fits]()
                  LEEWAY_SIMD_LOOP { *result = narrow_keys(from, label, to, block); });
    if (!fits) return false;
  }
  if (!narrow_keys(scores.data() + at, labels.data() + at, keys.data.get() + at, scores.size() - at)) return false;
  sort(keys);
  narrow_ = std::move(keys);
  return true;
}

void RankedScores::rank_wide(std::span<const double> scores, std::span<const uint8_t> labels) {
  const auto below = static_cast<size_t>(std::ranges::count_if(scores, [](double score) { return score < 0; }));
  below_zero_ = Keys<uint64_t>(below);
  wide_ = Keys<uint64_t>(scores.size() - below);
  uint64_t* next[2] = {wide_.data.get(), below_zero_.data.get()};
  for (size_t i = 0; i < scores.size(); ++i) {
    const auto bits = std::bit_cast<uint64_t>(scores[i] + 0.0);
    const uint64_t sign = bits >> 63;
    *next[sign]++ = (bits ^ (0 - sign)) << 1 | labels[i];
  }
  sort(below_zero_);
  sort(wide_);
}

RankedScores RankedScores::of_rows(std::span<const double> scores, std::span<const uint8_t> labels) {
  RankedScores ranked;
  ranked.positives_ = static_cast<int64_t>(count_set(labels));
  ranked.negatives_ = static_cast<int64_t>(labels.size()) - ranked.positives_;
  if (!ranked.rank_narrow(scores, labels)) ranked.rank_wide(scores, labels);
  return ranked;
}

RankedScores RankedScores::of_bins(std::vector<ScoreBin> bins) {
  RankedScores ranked;
  for (const ScoreBin& bin : bins) {
    ranked.positives_ += bin.positives;
    ranked.negatives_ += bin.negatives;
  }
  ranked.bins_ = std::move(bins);
  ranked.binned_ = true;
  return ranked;
}

}  // namespace leeway::stats
