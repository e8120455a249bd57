#pragma once
// One column of rows in memory: typed values with validity.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leeway {

enum class Type : uint8_t {
  boolean = 1,  ///< 0 or 1 in integers()
  integer = 2,  ///< int64 in integers(); never compared as double where that would round
  real = 3,     ///< double in reals(); NaN and infinities are values here, counted by the input policy
  text = 4,     ///< dictionary-encoded: codes() index dictionary()
  time = 5,     ///< nanoseconds since 1970-01-01T00:00Z in integers(); dates are midnight UTC
};
std::string_view name(Type type);
inline bool is_numeric(Type type) { return type == Type::integer || type == Type::real; }

/// Which rows hold a value. Empty means that all do.
class Validity {
 public:
  Validity() = default;
  explicit Validity(size_t size, bool valid = true) : bits_((size + 63) / 64, valid ? ~uint64_t{0} : 0) {}
  /// Takes over whole words, laid out as words() gives them.
  explicit Validity(std::vector<uint64_t> words) : bits_(std::move(words)) {}
  bool all() const { return bits_.empty(); }
  bool operator[](size_t row) const { return bits_.empty() || (bits_[row >> 6] >> (row & 63) & 1); }
  /// Requires a non-empty bitmap (made with a size).
  void set(size_t row, bool valid) {
    if (valid) bits_[row >> 6] |= uint64_t{1} << (row & 63);
    else bits_[row >> 6] &= ~(uint64_t{1} << (row & 63));
  }
  /// Bit r%64 of word r/64 is row r; bits beyond the size are undefined. Empty when all rows are valid.
  std::span<const uint64_t> words() const { return bits_; }

 private:
  std::vector<uint64_t> bits_;
};

/// A named, typed sequence of values. Null rows hold an unspecified (but initialised) value. A plain value type:
/// copying copies the rows; `const` access is safe from several threads.
class Column {
 public:
  static Column of_reals(std::string name, std::vector<double> values, Validity valid = {});
  /// `type` is boolean, integer or time.
  static Column of_integers(std::string name, Type type, std::vector<int64_t> values, Validity valid = {});
  /// Every valid row's code must be below dictionary.size(); dictionary entries are distinct.
  static Column of_codes(std::string name, std::vector<uint32_t> codes, std::vector<std::string> dictionary,
                         Validity valid = {});
  /// Encodes strings; convenient, not fast.
  static Column of_text(std::string name, const std::vector<std::string>& values, Validity valid = {});

  const std::string& name() const { return name_; }
  Type type() const { return type_; }
  size_t size() const { return size_; }
  size_t null_count() const { return nulls_; }
  bool is_valid(size_t row) const { return valid_[row]; }
  const Validity& validity() const { return valid_; }

  std::span<const double> reals() const { return reals_; }           ///< type real only
  std::span<const int64_t> integers() const { return integers_; }    ///< types boolean, integer, time only
  std::span<const uint32_t> codes() const { return codes_; }         ///< type text only
  std::span<const std::string> dictionary() const { return dictionary_; }

  /// Row as double: reals as they are, integers and booleans converted, null and text NaN.
  double number(size_t row) const;
  /// Row as text for labels, groups and categories: "1", "0.5", "true", "North", an ISO time; empty for null.
  std::string text(size_t row) const;

  /// The rows named by `rows` (indices, any order, repeats allowed), as a column of the same type and dictionary.
  Column gather(std::span<const uint32_t> rows) const;
  Column renamed(std::string name) const;
  /// The same rows with those named made null.
  Column without(std::span<const uint32_t> rows) const;

  /// Bytes held, for memory accounting.
  size_t bytes() const;

 private:
  Column(std::string name, Type type, size_t size, Validity valid);

  std::string name_;
  Type type_;
  size_t size_ = 0;
  size_t nulls_ = 0;
  Validity valid_;
  std::vector<double> reals_;
  std::vector<int64_t> integers_;
  std::vector<uint32_t> codes_;
  std::vector<std::string> dictionary_;
};

/// "2026-11-20T16:30:00Z", with fractional seconds only when there are any; a date alone at midnight if `date_only`.
std::string format_time(int64_t nanoseconds, bool date_only = false);

}  // namespace leeway
