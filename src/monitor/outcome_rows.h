#pragma once
// The columns of one side that carry a model's output, its outcome and the groups, read once and aligned row by row.

#include <optional>
#include <string>
#include <vector>

#include "checks/fairness/group_rows.h"
#include "checks/performance/outcome_rows.h"
#include "columns/roles.h"
#include "monitor/side.h"
#include "summaries/category_summary.h"

namespace leeway {

/// Whole columns of one side; empty optionals where the side has none. All of one length.
struct OutcomeData {
  std::optional<Column> score, prediction, label, time, known_at, stratum;
  std::optional<Column> labels_so_far;            ///< the label with those that forget_immature_labels() forgot
  std::vector<Column> class_scores;               ///< multiclass: as Roles::columns.scores
  std::vector<std::pair<std::string, Column>> groups;

  /// Reads what the roles name and the side has the rows of. Errors: those of reading.
  static Result<OutcomeData> read(const Side& side, const Roles& roles);
  /// The same columns restricted to some rows.
  OutcomeData gather(std::span<const uint32_t> rows) const;

  /// Latest time of a row; nothing without times.
  std::optional<int64_t> latest() const;
  /// Makes the labels unknown that are not final at `as_of` (performance::immature_labels), and returns their rows.
  std::vector<uint32_t> forget_immature_labels(int64_t as_of, int64_t matures_after);

  size_t rows() const;
  bool has_output() const { return score.has_value() || prediction.has_value() || !class_scores.empty(); }
  performance::OutcomeColumns columns() const;
};

/// One number per row, NaN where there is none: for losses, which must line up with the features' rows.
std::vector<double> row_numbers(const Column& column);
/// 1 for `classes.positive`, 0 for `classes.negative`, NaN for anything else.
std::vector<double> row_labels(const Column& column, const performance::BinaryClasses& classes);

/// Which decision is good for people: being selected is being decided for it.
struct Favourable {
  performance::BinaryClasses classes;   ///< The favourable class as the positive one.
  bool below = false;                   ///< It is decided by scores below the threshold, not by those at or above it.
  double threshold = 0.5;
};

/// What the fairness checks read, with the arrays that its spans point into. Not copyable.
struct GroupData {
  /// `strata`: the stratum of each row for conditional parity; or empty.
  GroupData(const OutcomeData& data, const Favourable& favourable, std::vector<uint32_t> strata = {});
  GroupData(const GroupData&) = delete;
  GroupData& operator=(const GroupData&) = delete;

  fairness::GroupRows rows;

 private:
  std::vector<Categories> categories_;
  std::vector<uint8_t> selected_, labels_;
  std::vector<uint32_t> strata_;
  std::vector<double> scores_;
};

}  // namespace leeway
