#pragma once
// What a synthetic table is: its columns, its laws and its rhythm. One table is one file in tables/ with one record.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/random.h"
#include "columns/roles.h"

namespace leeway::simulate {

/// How a feature is recorded.
enum class Kind : uint8_t {
  real,      ///< rounded to Feature::decimals
  integer,
  flag,      ///< 0 or 1
  category,  ///< the value is an index into Feature::categories
};

struct Feature {
  std::string_view name;
  Kind kind = Kind::real;
  int decimals = 0;           ///< At most 6.
  double low = 0, high = 0;   ///< Natural bounds; a drifted input is clamped to them.
  double missing = 0;         ///< Share of rows in which it is not recorded, where the table's hide() has no say.
  std::span<const std::string_view> categories = {};
  bool fixed = false;         ///< Derived from the time or from other columns: no drift applies to it.
  bool cyclic = false;        ///< Its last value is next to its first: an hour of the day.
  bool group = false;         ///< A sensitive attribute; the scorecard does not use it.
};

inline constexpr size_t max_features = 32;

/// The values of one row by position in TableSpec::features. NaN in a recorded row: not recorded.
using Row = std::array<double, max_features>;

/// When a row happens, in UTC.
struct Moment {
  int64_t nanoseconds = 0;
  int hour = 0;           ///< 0 … 23
  int weekday = 0;        ///< 0 Monday … 6 Sunday
  double year_turn = 0;   ///< Share of the year gone by, 0 on 1 January.
};

/// The laws. The outcome depends on the features drawn and on one hidden standard normal number, so that no model can
/// be perfect: binary outcomes have log-odds response(), counts have a mean of exp(response()).
struct TableSpec {
  std::string_view name;
  std::string_view summary;
  Task task = Task::binary;         ///< binary or regression
  std::string_view id, id_prefix, time, label, score;   ///< No such column where the name is empty, but every table has a label.
  std::string_view elapsed;         ///< Name of a column with the seconds since the table's start; empty for none.
  std::string_view snapshot;        ///< Name of a column with the first day of the row's month; empty for none.
  std::string_view label_known_at;  ///< Name of a column with the time the label becomes known; empty for none.
  double threshold = 0;             ///< At or above it the score predicts the event (binary).
  int horizon_days = 0;             ///< Age at which a label is due; 0 when it is known at once.
  int default_days = 0;             ///< Span of the table unless asked otherwise.
  double base_rate = 0;             ///< Share of positives without drift (binary), measured over 4e6 rows.
  std::span<const Feature> features;
  std::array<double, 24> by_hour;   ///< Relative arrivals.
  std::array<double, 7> by_weekday;
  double by_season = 0;             ///< Relative amplitude of the yearly wave of arrivals, its top in December.
  void (*draw)(const Moment& when, Random& random, Row& row) = nullptr;
  double (*response)(const Row& row, const Moment& when, double hidden) = nullptr;
  /// Blanks what is not recorded beyond the constant shares: missing at random given other columns. May be null.
  void (*hide)(const Row& truth, Random& random, Row& recorded) = nullptr;
  /// The stated scorecard on recorded values: probability, or expected count. Calibrated without drift, and imperfect:
  /// it has neither the interactions nor the hidden number of response().
  double (*score_row)(const Row& recorded) = nullptr;
  std::string_view default_drift;   ///< A drift plan in YAML, what `--drift default` means.
};

/// All tables; the names are those of `leeway simulate data`.
std::span<const TableSpec* const> tables();
/// Null if there is no such table.
const TableSpec* find_table(std::string_view name);

}  // namespace leeway::simulate
