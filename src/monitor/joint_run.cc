#include "monitor/joint_run.h"

#include "checks/drift/joint.h"

namespace leeway {

Result<std::vector<Measurement>> joint_measurements(std::vector<ColumnRun>& runs, int64_t reference_rows, int64_t current_rows,
                                                    bool p_values) {
  std::vector<std::string> names;
  std::vector<NumericReference> prepared;
  std::vector<Column> from, to;
  for (auto& run : runs) {
    if (!run.joint_reference || !run.joint_current) continue;
    LEEWAY_TRY(auto reference, NumericReference::prepare(*run.joint_reference));
    names.push_back(run.column.name);
    prepared.push_back(std::move(reference));
    from.push_back(std::move(*run.joint_reference));
    to.push_back(std::move(*run.joint_current));
  }
  std::vector<const NumericReference*> references;
  for (const auto& reference : prepared) references.push_back(&reference);
  const drift::JointColumns joint(names, references);
  if (joint.positions.size() < 2 || from.front().size() == 0 || to.front().size() == 0) return std::vector<Measurement>{};
  std::vector<Column> reference_columns, current_columns;
  for (const size_t position : joint.positions) {
    reference_columns.push_back(std::move(from[position]));
    current_columns.push_back(std::move(to[position]));
  }
  const drift::JointSummary reference(joint.layout, reference_columns, reference_rows);
  const drift::JointSummary current(joint.layout, current_columns, current_rows);
  std::vector<Measurement> out;
  for (const auto* method : drift::joint_methods()) out.push_back(drift::measure(*method, reference, current, p_values));
  return out;
}

}  // namespace leeway
