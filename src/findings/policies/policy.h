#pragma once
// Classic alarm rules by name, for teams that must keep them. Each says how often it alarms when nothing moved.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "findings/finding.h"

namespace leeway {

enum class ColumnKind { numeric, categorical };

/// One file per policy, one line in policies().
struct Policy {
  std::string_view id;
  std::string_view title;
  std::string_view help;             ///< The rule in a sentence or two, with what it ignores.
  std::string_view false_alarms;     ///< Its alarm rate without any drift, measured (tests/findings/policies_test.cc).
  /// Id of the drift method that it reads for a column.
  std::string_view (*method)(ColumnKind kind, int64_t reference_rows);
  /// Judges one column.
  Finding (*judge)(Measurement measurement);
  /// Judges the table as a whole from its columns' findings, which it may demote; null if it has no such rule.
  std::optional<Finding> (*overall)(std::vector<Finding>& columns);
};

std::span<const Policy* const> policies();
/// Null if there is none of that name.
const Policy* find_policy(std::string_view id);

/// For rules of the form "value above a fixed limit" and "p-value below a fixed limit".
Finding judge_by_value(Measurement measurement, double limit, std::string_view policy);
Finding judge_by_p(Measurement measurement, double level, std::string_view policy);
/// "At least `limit` of the columns have drifted", as a finding about the whole table.
Finding judge_drifted_share(const std::vector<Finding>& columns, double limit, std::string_view policy);

}  // namespace leeway
