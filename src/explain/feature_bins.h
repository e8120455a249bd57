#pragma once
// Features cut into a few bins that a person can read, the same for both sides: the predicates of the segment search
// and the cells of "alone explains".

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "columns/column.h"

namespace leeway::explain {

/// What a row must satisfy to be in a bin.
struct Bin {
  enum class Kind : uint8_t {
    interval,  ///< low ≤ x < high
    category,  ///< x = category
    other,     ///< A category that has no bin of its own.
    unseen,    ///< A category that the reference does not have, where those are not told apart.
    infinite,  ///< Plus or minus infinity.
    mistyped,  ///< A value of another type than the reference's column.
    missing,   ///< Null or NaN.
  };
  Kind kind = Kind::missing;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool time = false;      ///< Ends are nanoseconds since 1970 and read as times.
  std::string category = {};
  /// intervals: the smallest and the largest value seen on either side; NaN where the bin is empty.
  double least = std::numeric_limits<double>::quiet_NaN();
  double most = std::numeric_limits<double>::quiet_NaN();
};

/// The intervals below, between and above ascending cuts.
std::vector<Bin> intervals_between(std::span<const double> cuts);

/// One feature as bin numbers, row by row.
struct BinnedFeature {
  std::string column;
  std::vector<Bin> bins;               ///< Intervals ascending, then infinite; or categories, commonest first, then
                                       ///< other; then missing.
  std::vector<uint8_t> reference;      ///< Bin of each row.
  std::vector<uint8_t> current;

  /// How many of the first bins are neighbouring intervals; 0 for categories.
  size_t intervals() const;
};

/// Cuts one feature. Numbers: at most `max_bins` intervals at quantiles of the reference, each cut being the roundest
/// number near it (cuts.h), so that the bin reads "age < 30" and means exactly that; then "infinite", if there are any.
/// Text and booleans: the commonest `max_bins` - 1 categories of both sides together (all, if there are no more than
/// `max_bins`) and "other". Nulls and NaN: "missing", if there are any. Requires 2 ≤ max_bins ≤ 64.
/// Errors: invalid_argument if one side is a number and the other is not, or for columns of time.
/// O(rows · log max_bins), about 6 ns a row.
Result<BinnedFeature> bin_feature(const Column& reference, const Column& current, int max_bins = 10);

/// The rows in bins [first, last] as a predicate: "age < 30", "30 ≤ age < 45", "age ≥ 45", "children = 0",
/// "region = north", "income is missing", "ratio is infinite". Several bins only of intervals. Names and categories are
/// made printable. A cut one rounding behind a rounder number reads as that: "age ≤ 30", "age > 30".
std::string predicate_text(const BinnedFeature& feature, size_t first, size_t last);
/// One bin of a column.
std::string bin_text(const std::string& column, const Bin& bin);

/// The end of an interval as people write it.
struct IntervalEnd {
  std::string text;     ///< "20,000"
  bool behind = false;  ///< The end lies just behind that number, which thus belongs to what is below.
};
IntervalEnd interval_end(double edge, bool time = false);
/// Printable and at most 60 columns wide.
std::string short_category(const std::string& category);

}  // namespace leeway::explain
