#pragma once
// Raw typed columns → rows of floats as trees take them. Fitted on the training rows, kept as data in the model, so
// that serving takes raw rows.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "columns/column.h"

namespace leeway::models {

class Document;

/// How a raw column becomes features.
enum class Coding : uint8_t {
  number = 1,    ///< one feature; infinities and what lies beyond ±1e30 become ±1e30
  boolean = 2,   ///< one feature, 0 or 1
  one_hot = 3,   ///< one feature a level, 0 or 1
  rank = 4,      ///< one feature: the level's place when levels are ordered by their mean target
  clock = 5,     ///< a time: two features, hour of day (0 to 24) and day of week (0 Monday to 6), in UTC
  scaled = 6,    ///< a number as one feature: (value - median) / (upper - lower quartile)
  seconds = 7,   ///< a number of seconds since a midnight: two features, scaled as above and hour of day (0 to 24)
};
std::string_view name(Coding coding);

/// One value of a text column in training.
struct Level {
  std::string text;
  int64_t rows = 0;
  uint32_t code = 0;   ///< Rank coding: place in the order. One-hot: which of the features.
  bool operator==(const Level&) const = default;
};

/// A raw column and its coding, as data. A missing value is NaN in all its features, and trees send it the way that
/// training found best. An unseen text counts as the pooled rare levels if there are any, else: one-hot, 0 in all its
/// features; rank, missing.
struct EncodedColumn {
  std::string name;
  Type type = Type::real;
  Coding coding = Coding::number;
  size_t first = 0;             ///< Its first feature.
  size_t width = 1;             ///< How many.
  std::vector<Level> levels;  ///< Text only, by code; of the pooled rare ones, which share a code, the commonest 1,000.
  int64_t pool = -1;            ///< The code of pooled rare levels, -1 if none.
  double low = 0, middle = 0, high = 0;   ///< Numbers: quartiles in training; NaN if all are missing.
  std::string usual;            ///< Text and booleans: the commonest value in training; empty if all are missing.
  double usual_share = 0;       ///< Its share of the rows that have a value.
  double missing_share = 0;     ///< In training.
  bool operator==(const EncodedColumn&) const = default;
};

struct EncoderOptions {
  size_t one_hot_levels = 5;    ///< A text with at most so many levels is one-hot, with more it is ranked.
  int64_t rare_rows = 10;  ///< Levels with fewer rows, and less than 1 % of all, are pooled if they are at least two.
  std::vector<std::string> categorical;   ///< Numbers and booleans to be taken as texts.
  std::vector<std::string> scaled, seconds;   ///< Numbers to be coded so.
};

/// What was found in one column while encoding.
struct ColumnReading {
  std::string column;
  int64_t missing = 0;       ///< null or NaN, type errors not included
  int64_t type_errors = 0;   ///< values that are not of the column's type; taken as missing
  int64_t infinite = 0;
  int64_t unseen = 0;        ///< texts that training did not have
};

class EncodedBatch;

/// Immutable after fit() or read(); a plain value. `const` calls are thread safe.
class Encoder {
 public:
  /// `columns` become features in their order; of equal sizes. Numbers, booleans and texts; a time (asked for by being
  /// given) becomes clock features. `target` (one a row, or empty) orders the levels of rank codings by the mean
  /// target, shrunk towards the overall mean by 20 rows; without one levels are ordered by rows, then by text. O(rows)
  /// a column. Errors: invalid_argument (no columns, no rows, sizes differ, two columns of one name).
  static Result<Encoder> fit(std::span<const Column> columns, std::span<const double> target,
                             const EncoderOptions& options = {});
  /// Numbers only, as a model trained elsewhere takes them.
  static Encoder of_numbers(std::vector<std::string> names);
  /// From columns as described, `first` and `width` aside. Errors: invalid_data where one contradicts itself.
  static Result<Encoder> of(std::vector<EncodedColumn> columns);

  std::span<const EncodedColumn> columns() const { return columns_; }
  size_t features() const { return features_; }
  /// "amount", "region=North", "region" (rank), "at (hour)".
  std::vector<std::string> feature_names() const;
  /// Which of columns() the feature belongs to.
  size_t column_of(size_t feature) const { return owner_[feature]; }

  /// Whether data with these columns can be scored. Errors: not_found (names the first column that is missing, and a
  /// near name if there is one).
  Status require(std::span<const std::string> names) const;

  /// Finds the raw columns by name, whatever their order; others are passed over and listed. Values of another type are
  /// read as the expected one where possible (columns/conform.h). The batch refers to `raw` and to
  /// this encoder, which must both outlive it.
  /// Errors: those of require(); invalid_argument (a column none
  /// of whose values is of the expected type, or sizes differ).
  Result<EncodedBatch> bind(std::span<const Column> raw) const;

  void write(JsonWriter& json) const;
  static Result<Encoder> read(const Document& document);
  bool operator==(const Encoder& other) const { return columns_ == other.columns_; }

 private:
  void index();
  std::vector<EncodedColumn> columns_;
  std::vector<std::unordered_map<std::string, uint32_t>> codes_;   // one a column: of its levels
  std::vector<size_t> owner_;
  size_t features_ = 0;
};

/// Rows ready to be encoded, a block at a time so that memory stays small. `const` calls are thread safe.
class EncodedBatch {
 public:
  size_t rows() const;
  size_t features() const;
  /// Rows [begin, end) row-major into `out` ((end - begin) · features floats).
  void encode(size_t begin, size_t end, std::span<float> out) const;
  /// All rows.
  std::vector<float> all() const;

  /// One entry a raw column that had anything but values as expected.
  const std::vector<ColumnReading>& readings() const;
  /// Columns that the model does not use.
  const std::vector<std::string>& extra() const;
  /// The same in sentences: "column 'region': 12 values were not seen in training".
  std::vector<std::string> remarks() const;
  /// The raw column behind the encoder's columns()[index], read as its type.
  const Column& column(size_t index) const;

  struct State;
  explicit EncodedBatch(std::shared_ptr<const State> state) : state_(std::move(state)) {}

 private:
  std::shared_ptr<const State> state_;
};

}  // namespace leeway::models
