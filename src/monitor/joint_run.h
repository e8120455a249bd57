#pragma once
// The numeric features of both sides together: drift that no column shows alone.

#include <vector>

#include "checks/drift/joint.h"

namespace leeway {

/// A feature on both sides, at the rows that joint_sample() names of each.
struct JointColumn {
  JointLayout::Entry entry;
  Column reference;
  Column current;
};

/// Every joint method over the columns (the first most_joint_columns of them); empty below two columns. `reference_rows`
/// and `current_rows` are the tables' sizes. About 0.2 s for 50 columns, whatever the rows.
std::vector<Measurement> compare_jointly(std::vector<JointColumn> columns, int64_t reference_rows, int64_t current_rows,
                                         bool p_values);

}  // namespace leeway
