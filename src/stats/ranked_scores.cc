#include "stats/ranked_scores.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace leeway::stats {
namespace {

constexpr int digit_bits = 11, passes = 3;
constexpr size_t buckets = size_t{1} << digit_bits;
constexpr size_t small = 1024;   // below this the counters cost more than a comparison sort

}  // namespace

/// Sorts by (key - lowest) >> shift, of which at most digit_bits * passes bits may be set.
template <class Key>
void RankedScores::radix_sort(Keys<Key>& keys, Key lowest, int shift) {
  std::array<std::array<uint32_t, buckets>, passes> counts{};
  const auto digit = [&](Key key, int pass) {
    return static_cast<size_t>(static_cast<uint64_t>(key - lowest) >> shift >> (digit_bits * pass)) & (buckets - 1);
  };
  for (const Key key : keys.span())
    for (int pass = 0; pass < passes; ++pass) ++counts[static_cast<size_t>(pass)][digit(key, pass)];
  for (auto& count : counts) std::exclusive_scan(count.begin(), count.end(), count.begin(), uint32_t{0});

  Keys<Key> other(keys.size);
  for (int pass = 0; pass < passes; ++pass) {
    auto& position = counts[static_cast<size_t>(pass)];
    Key* to = other.data.get();
    for (const Key key : keys.span()) to[position[digit(key, pass)]++] = key;
    std::swap(keys, other);
  }
}

void RankedScores::sort(Keys<uint32_t>& keys) {
  if (keys.size < small) std::ranges::sort(keys.span());
  else radix_sort<uint32_t>(keys, 0, 0);
}

void RankedScores::sort(Keys<uint64_t>& keys) {
  if (keys.size < small) {
    std::ranges::sort(keys.span());
    return;
  }
  const auto [low, high] = std::ranges::minmax(keys.span());
  const int shift = std::max(0, static_cast<int>(std::bit_width(high - low)) - digit_bits * passes);
  radix_sort(keys, low, shift);
  if (shift == 0) return;
  const std::span<uint64_t> all = keys.span();
  for (size_t begin = 0, end; begin < all.size(); begin = end) {
    const uint64_t cell = (all[begin] - low) >> shift;
    for (end = begin + 1; end < all.size() && (all[end] - low) >> shift == cell;) ++end;
    if (end - begin > 1) std::ranges::sort(all.subspan(begin, end - begin));
  }
}

/// False, with nothing ranked, unless every score is non-negative and exact in float32.
bool RankedScores::rank_narrow(std::span<const double> scores, std::span<const uint8_t> labels) {
  constexpr size_t block = 4096;   // a wide score among the first ones ends the attempt early
  Keys<uint32_t> keys(scores.size());
  for (size_t start = 0; start < scores.size(); start += block) {
    bool fits = true;
    for (size_t i = start; i < std::min(scores.size(), start + block); ++i) {
      const auto value = static_cast<float>(scores[i] + 0.0);   // -0.0 becomes 0.0
      fits &= (static_cast<double>(value) == scores[i]) & (value >= 0);
      keys.data[i] = std::bit_cast<uint32_t>(value) << 1 | labels[i];
    }
    if (!fits) return false;
  }
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
  for (const uint8_t label : labels) ranked.positives_ += label;
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
