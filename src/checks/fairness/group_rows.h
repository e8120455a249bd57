#pragma once
// What fairness checks read: aligned columns of decisions, outcomes and scores, and the groups that the rows belong to.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace leeway {
class ScoreTable;
}

namespace leeway::fairness {

/// In `selected` and `labels`: not known for this row.
inline constexpr uint8_t unknown = 2;

/// One protected attribute. Numbers are groups only if the caller has cut them into bands.
struct GroupColumn {
  std::string name;
  std::span<const uint32_t> codes;  ///< One per row, an index into `groups`; any larger code is the group "missing".
  std::span<const std::string> groups;  ///< Distinct; need not be the same, nor in the same order, on the two sides.
  std::string compared_with;            ///< The group that each other one is compared with; empty for none.
};

/// Rows of one side. Spans have `rows` entries, or none where there is no such column; they must outlive the object.
struct GroupRows {
  size_t rows = 0;
  std::vector<GroupColumn> columns;   ///< The same names in the same order on both sides.
  std::span<const uint8_t> selected;  ///< The decision: 1 selected (predicted positive), 0 not, or unknown.
  std::span<const uint8_t> labels;    ///< The outcome: 1 positive, 0 negative, or unknown.
  std::span<const double> scores;     ///< Higher means more likely positive; not finite: no score.
  std::string stratum_name;           ///< Of the column that conditional parity holds fixed.
  std::span<const uint32_t> strata;   ///< Codes of that column; any value is a stratum of its own.
};

/// One protected attribute as a profile holds it: the score table by its groups. The tables must outlive their use.
struct StoredAttribute {
  std::string name;
  const ScoreTable* reference = nullptr;  ///< May be null.
  const ScoreTable* current = nullptr;
  std::string compared_with;  ///< As in GroupColumn.
};

}  // namespace leeway::fairness
