#pragma once
// Free text in numbers: how long, made of what, in known words or not.

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "summaries/binned_counts.h"
#include "summaries/exact_sum.h"

namespace leeway {

class ByteReader;
class ByteWriter;

/// The words of a reference (runs of letters and digits, ASCII lower-cased, other bytes of UTF-8 as letters), by hash:
/// the 65,536 most frequent; and the bins for lengths. Immutable.
class TextVocabulary {
 public:
  static constexpr size_t max_words = 65536;
  static std::shared_ptr<const TextVocabulary> from_reference(const Column& column);

  bool knows(std::string_view word) const;
  bool knows(uint64_t word_hash) const { return std::binary_search(hashes_.begin(), hashes_.end(), word_hash); }
  size_t words() const { return hashes_.size(); }
  const std::shared_ptr<const BinMap>& length_bins() const { return length_bins_; }
  uint64_t id() const { return id_; }

  void write(ByteWriter& out) const;
  static Result<std::shared_ptr<const TextVocabulary>> read(ByteReader& in);

 private:
  void identify();

  std::vector<uint64_t> hashes_;  // sorted
  std::shared_ptr<const BinMap> length_bins_;
  uint64_t id_ = 0;
};

/// Lengths in characters (code points), characters per class, words and known words. Per-row shares are kept as sums
/// and sums of squares in fixed point, so that their means have standard errors. Merging is exact.
class TextSummary {
 public:
  enum class Class : uint8_t { lower, upper, digit, space, punctuation, control, other };  ///< other: beyond ASCII
  static constexpr size_t classes = 7;
  static std::string_view name(Class c);

  explicit TextSummary(std::shared_ptr<const TextVocabulary> vocabulary);

  /// Adds a column's valid rows, as Column::text has them. O(bytes of the distinct values + rows).
  void update(const Column& column);
  Status merge(const TextSummary& other);

  const TextVocabulary& vocabulary() const { return *vocabulary_; }
  const std::shared_ptr<const TextVocabulary>& shared_vocabulary() const { return vocabulary_; }
  int64_t size() const { return size_; }
  int64_t empty() const { return empty_; }  ///< rows of length 0
  const BinnedCounts& lengths() const { return lengths_; }
  int64_t words() const { return words_; }
  int64_t known_words() const { return known_words_; }
  int64_t characters(Class c) const { return characters_[static_cast<size_t>(c)]; }

  struct Share {
    int64_t n = 0;  ///< rows that have the share (not empty; with a word)
    double mean = 0;
    double variance = 0;  ///< divisor n - 1
  };
  Share class_share(Class c) const;  ///< of a row's characters
  Share known_share() const;         ///< of a row's words, those in the vocabulary

  void write(ByteWriter& out) const;
  static Result<TextSummary> read(ByteReader& in, std::shared_ptr<const TextVocabulary> vocabulary);
  bool operator==(const TextSummary& other) const;

 private:
  void add_share(size_t index, int64_t part, int64_t whole, int64_t rows);
  Share share(size_t index, int64_t rows) const;

  std::shared_ptr<const TextVocabulary> vocabulary_;
  int64_t size_ = 0, empty_ = 0, words_ = 0, known_words_ = 0, wordy_ = 0;
  BinnedCounts lengths_;
  std::array<int64_t, classes> characters_{};
  std::array<FixedSum, classes + 1> shares_{}, share_squares_{};  // the last: known words
};

}  // namespace leeway
