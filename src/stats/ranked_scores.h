#pragma once
// Scores with their 0/1 labels in ascending order, sorted once and read by everything that needs the order: the AUC,
// average precision, the KS distance of the score, threshold curves.

#include <bit>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace leeway::stats {

/// All rows of one score value, or of one bin of a score table (`score` is then the bin's mean).
struct ScoreBin {
  double score;
  int64_t negatives;
  int64_t positives;
};

/// Immutable once made, movable, not copyable; safe to read from several threads. 4 bytes a row when every score is a
/// non-negative float32 (what most models emit), else 8.
class RankedScores {
 public:
  /// `scores` finite, `labels` 0 or 1, of the same length. An LSD radix sort, 3 passes of 11 bits, on key << 1 | label;
  /// doubles are ordered by their 33 leading significant bits first and the few rows that agree in them afterwards.
  /// O(n), about 4 ms (float32) and 6 ms (double) per 1e6 rows.
  static RankedScores of_rows(std::span<const double> scores, std::span<const uint8_t> labels);
  /// Bins in ascending order of score.
  static RankedScores of_bins(std::vector<ScoreBin> bins);

  int64_t positives() const { return positives_; }
  int64_t negatives() const { return negatives_; }
  int64_t rows() const { return positives_ + negatives_; }
  /// Rows of one entry may differ in score, so that what depends on the order is known to within a bracket only.
  bool binned() const { return binned_; }

  /// Calls visit(score, negatives, positives) for each distinct score (or bin) in ascending order.
  template <class Visit>
  void visit(Visit&& visit) const {
    walk<uint32_t>(narrow_.span(), [](uint32_t key) -> double { return std::bit_cast<float>(key >> 1); }, visit);
    walk<uint64_t>(below_zero_.span(), [](uint64_t key) { return std::bit_cast<double>(~(key >> 1)); }, visit);
    walk<uint64_t>(wide_.span(), [](uint64_t key) { return std::bit_cast<double>(key >> 1); }, visit);
    for (const ScoreBin& bin : bins_) visit(bin.score, bin.negatives, bin.positives);
  }

 private:
  /// Keys in memory that was not cleared first: these arrays are large and written in full.
  template <class Key>
  struct Keys {
    std::unique_ptr<Key[]> data;
    size_t size = 0;

    Keys() = default;
    explicit Keys(size_t count) : data(std::make_unique_for_overwrite<Key[]>(count)), size(count) {}
    std::span<Key> span() const { return {data.get(), size}; }
  };
  template <int width, class Key>
  static void radix_sort(Keys<Key>& keys, Key lowest, int shift);
  template <class Key>
  static void sort(Keys<Key>& keys);
  bool rank_narrow(std::span<const double> scores, std::span<const uint8_t> labels);
  void rank_wide(std::span<const double> scores, std::span<const uint8_t> labels);

  template <class Key, class Decode, class Visit>
  static void walk(std::span<const Key> keys, Decode decode, Visit& visit) {
    for (size_t i = 0; i < keys.size();) {
      const Key first = keys[i];
      auto rows = int64_t{1}, positives = static_cast<int64_t>(first & 1);
      for (++i; i < keys.size() && (keys[i] ^ first) <= 1; ++i, ++rows) positives += static_cast<int64_t>(keys[i] & 1);
      visit(decode(first), rows - positives, positives);
    }
  }

  // Exactly one representation holds rows: narrow_, or below_zero_ followed by wide_, or bins_.
  Keys<uint32_t> narrow_;      // float bits << 1 | label
  Keys<uint64_t> below_zero_;  // inverted double bits << 1 | label: the sign bit, then 0, is shifted out
  Keys<uint64_t> wide_;        // double bits << 1 | label
  std::vector<ScoreBin> bins_;
  int64_t positives_ = 0;
  int64_t negatives_ = 0;
  bool binned_ = false;
};

}  // namespace leeway::stats
