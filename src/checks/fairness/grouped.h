#pragma once
// The rows of both sides divided into the groups of one attribute, or of several crossed, the groups aligned by name.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "checks/fairness/group_rows.h"
#include "checks/fairness/rates.h"
#include "checks/performance/binary_sample.h"
#include "summaries/score_table.h"

namespace leeway::fairness {

/// Rows with the order of their scores, which is the same however they are grouped.
struct OrderedRows {
  const GroupRows* rows = nullptr;
  std::vector<uint32_t> by_score;  ///< Rows with a finite score and a known outcome, by ascending score.

  /// Without scores or outcomes the order is empty. O(n log n).
  static OrderedRows of(const GroupRows& rows);
};

/// One side. Everything by group is indexed like GroupedData::groups.
struct GroupSide {
  int64_t rows = 0;
  bool decided = false;   ///< There are decisions.
  bool labelled = false;  ///< There are outcomes.
  std::vector<GroupCounts> counts;
  std::vector<performance::BinarySample> samples;  ///< Rows with a score and an outcome; empty if there are none.
  const OrderedRows* source = nullptr;             ///< The rows themselves; null from a score table,
  const ScoreTable* table = nullptr;               ///< which this then is, its groups those of GroupedData.
  std::vector<uint32_t> codes;                     ///< Group of each row of `source`.
};

/// One of the attributes that were crossed, its groups aligned over both sides.
struct Attribute {
  std::string name;
  std::vector<std::string> groups;  ///< Nulls are the group "missing".
};

struct GroupedData {
  std::string column;               ///< "sex"; "sex × race" where crossed.
  std::vector<std::string> groups;  ///< "female"; "female × Black".
  std::vector<Attribute> attributes;
  std::vector<std::vector<uint32_t>> members;  ///< members[group][attribute]: index into that attribute's groups.
  std::optional<size_t> compared_with;         ///< The chosen reference group, if it occurs.
  GroupSide current;
  std::optional<GroupSide> reference;

  /// "sex = female"
  std::string slice(size_t group) const { return column + " = " + groups[group]; }
};

/// All sets of 1 to max(1, depth) of `count` attributes, small sets first.
std::vector<std::vector<size_t>> attribute_sets(size_t count, size_t depth);

/// Divides by current.columns[i] for each i of `columns`, crossed if there are several: only combinations that occur
/// are groups. `reference` may be null; the rows must outlive the result. There are samples if the rows were ordered.
GroupedData group_by(const OrderedRows* reference, const OrderedRows& current, std::span<const size_t> columns,
                     int threads = 1);

/// The groups of a stored attribute, selected = score >= threshold. Errors: failed_precondition if the threshold is no
/// edge of the tables' bins or if the two sides are laid out differently. O(bins · groups).
Result<GroupedData> group_by(const StoredAttribute& attribute, double threshold);

}  // namespace leeway::fairness
