#pragma once
// The features of both sides together: drift that no column shows alone.

#include <optional>
#include <string>
#include <vector>

#include "checks/drift/joint.h"
#include "monitor/case_features.h"
#include "monitor/side.h"

namespace leeway {

/// A feature at the rows that joint_sample() names of each side; a profile has its sums in place of rows.
struct JointColumn {
  JointLayout::Entry entry;
  std::optional<Column> reference;
  Column current;
};

/// The column of the current rows as it enters the comparison with a reference's rows or profile; nothing for columns
/// that do not. `prepared` is of the reference's rows, null where the reference is a profile.
std::optional<JointColumn> joint_column(const Side& reference, const Column* reference_rows,
                                        const NumericReference* prepared, const Column& current);

struct JointRun {
  std::vector<Measurement> measurements;
  std::string remark;   ///< why there is nothing to measure, if a profile is the reason
};

/// Every joint method over the columns (the first JointLayout::most_columns of them), none below two columns; between
/// two profiles `columns` is empty. About 0.1 s for 50 columns, whatever the rows.
JointRun compare_jointly(const Side& reference, const Side& current, std::vector<JointColumn> columns, bool p_values);

/// Asked for by name: whether the rows of both sides can be told apart by all inputs at once
/// (checks/drift/domain_classifier.h). Without a learner, or rows of both sides, not computable. `inputs` are of
/// RowSample::of_tables().
struct ClassifierRun {
  const stats::Learner* learner = nullptr;
  uint64_t seed = 1;
  bool p_values = false;
};
Measurement compare_by_classifier(const std::vector<InputColumn>& inputs, int64_t reference_rows, int64_t current_rows,
                                  const ClassifierRun& how);

}  // namespace leeway
