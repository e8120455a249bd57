#pragma once
// Exact counts of the reference's categories, and what is new.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "columns/column.h"
#include "summaries/row_counts.h"

namespace leeway {

class ByteReader;
class ByteWriter;

/// A column of any type as categories: each row's code, by the value's text (Column::text). NaN and infinities are
/// categories here ("NaN", "inf"); null rows have the code no_category. Values are distinct; some may have no rows.
/// Views the column where it holds codes already, so the column must outlive it. Text under 1 ns a row, other types
/// 5-20 ns a row. Move only.
class Categories {
 public:
  static constexpr uint32_t no_category = ~uint32_t{0};

  explicit Categories(const Column& column);
  Categories(Categories&&) = default;
  Categories& operator=(Categories&&) = default;

  std::span<const uint32_t> codes() const { return codes_; }
  std::span<const std::string> values() const { return values_; }
  std::span<const int64_t> counts() const { return counts_; }   ///< rows per value
  int64_t missing() const { return missing_; }

 private:
  template <class T>
  void encode(const Column& column, std::span<const T> rows);

  std::vector<uint32_t> own_codes_;
  std::vector<std::string> own_values_;
  std::span<const uint32_t> codes_;
  std::span<const std::string> values_;
  std::vector<int64_t> counts_;
  int64_t missing_ = 0;
};

/// The reference's values: the most frequent by name, the rest only as known or not. Immutable, thread safe.
class CategoryDictionary {
 public:
  CategoryDictionary() = default;
  CategoryDictionary(const CategoryDictionary&) = delete;
  CategoryDictionary& operator=(const CategoryDictionary&) = delete;

  static constexpr size_t max_named = 4096;
  static constexpr size_t max_known = size_t{1} << 18;   ///< hashes of the rest; beyond, nothing counts as unseen

  /// By frequency, then by bytes.
  static std::shared_ptr<const CategoryDictionary> from_reference(const Categories& reference);
  static std::shared_ptr<const CategoryDictionary> from_reference(const Column& column) {
    return from_reference(Categories(column));
  }

  std::span<const std::string> values() const { return values_; }
  std::optional<uint32_t> find(std::string_view value) const;
  /// True if the reference has the value, named or not.
  bool knows(std::string_view value) const;
  /// False if the reference has more values than are remembered: then `unseen` stays 0.
  bool complete() const { return complete_; }
  uint64_t id() const { return id_; }

  void write(ByteWriter& out) const;
  static Result<std::shared_ptr<const CategoryDictionary>> read(ByteReader& in);

 private:
  void index();
  std::vector<std::string> values_;
  std::unordered_map<std::string_view, uint32_t> index_;
  std::vector<uint64_t> known_;   // sorted hashes of the values without a name
  bool complete_ = true;
  uint64_t id_ = 0;
};

/// Rows per category of a reference dictionary: named ones, `other` (known to the reference, not named) and `unseen`.
/// Counts are sums and merge exactly. The candidates for new heavy values merge approximately once more than 256 are
/// new, and enter no number; the estimate of distinct values is HyperLogLog with 4096 registers (standard error 1.6 %).
class CategorySummary {
 public:
  explicit CategorySummary(std::shared_ptr<const CategoryDictionary> dictionary);

  void update(const Column& column) { update(Categories(column)); }
  void update(const Categories& categories);
  Status merge(const CategorySummary& other);

  const CategoryDictionary& dictionary() const { return *dictionary_; }
  const std::shared_ptr<const CategoryDictionary>& shared_dictionary() const { return dictionary_; }
  std::span<const int64_t> counts() const { return counts_; }   ///< as dictionary().values()
  int64_t other() const { return other_; }
  int64_t unseen() const { return unseen_; }
  int64_t missing() const { return missing_; }
  int64_t size() const;                                        ///< rows that are not missing
  double distinct_estimate() const;                            ///< exact to a fraction of a value below some hundreds

  struct Heavy {
    std::string value;
    int64_t count;     ///< at most `error` too high
    int64_t error;
    bool operator==(const Heavy&) const = default;
  };
  /// Values the reference does not have, most frequent first (SpaceSaving with 256 counters).
  std::span<const Heavy> new_values() const { return heavy_; }

  static constexpr size_t max_heavy = 256;

  void write(ByteWriter& out) const;
  static Result<CategorySummary> read(ByteReader& in, std::shared_ptr<const CategoryDictionary> dictionary);
  bool operator==(const CategorySummary& other) const;

 private:
  std::shared_ptr<const CategoryDictionary> dictionary_;
  std::vector<int64_t> counts_;
  int64_t other_ = 0, unseen_ = 0, missing_ = 0;
  std::vector<Heavy> heavy_;
  std::vector<uint8_t> registers_;   // HyperLogLog
};

}  // namespace leeway
