#pragma once
// The rows of both sides divided into the groups of one attribute, or of several crossed, the groups aligned by name.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checks/fairness/group_rows.h"
#include "checks/fairness/rates.h"

namespace leeway::fairness {

/// Rows of one group with a finite score and a known outcome.
struct ScoredGroup {
  std::vector<double> scores;
  std::vector<uint8_t> labels;   ///< 0 or 1
};

/// One side. Everything by group is indexed like GroupedData::groups.
struct GroupSide {
  const GroupRows* rows = nullptr;
  std::vector<uint32_t> codes;            ///< Group of each row.
  std::vector<GroupCounts> counts;
  std::vector<ScoredGroup> scored;        ///< Empty without scores or outcomes.

  int64_t row_count() const { return static_cast<int64_t>(codes.size()); }
};

/// One of the attributes that were crossed, its groups aligned over both sides.
struct Attribute {
  std::string name;
  std::vector<std::string> groups;        ///< Nulls are the group "missing".
};

struct GroupedData {
  std::string column;                     ///< "sex"; "sex × race" where crossed.
  std::vector<std::string> groups;        ///< "female"; "female × Black".
  std::vector<Attribute> attributes;
  std::vector<std::vector<uint32_t>> members;  ///< members[group][attribute]: index into that attribute's groups.
  std::optional<size_t> compared_with;    ///< The chosen reference group, if it occurs.
  GroupSide current;
  std::optional<GroupSide> reference;

  /// "sex = female"
  std::string slice(size_t group) const { return column + " = " + groups[group]; }
};

/// All sets of 1 to max(1, depth) of `count` attributes, small sets first.
std::vector<std::vector<size_t>> attribute_sets(size_t count, size_t depth);

/// Divides by current.columns[i] for each i of `columns`, crossed if there are several: only combinations that occur
/// are groups. `reference` may be null. O(rows · columns).
GroupedData group_by(const GroupRows* reference, const GroupRows& current, std::span<const size_t> columns);

}  // namespace leeway::fairness
