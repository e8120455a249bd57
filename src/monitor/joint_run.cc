#include "monitor/joint_run.h"

#include <algorithm>

#include <fmt/format.h>

namespace leeway {

std::vector<Measurement> compare_jointly(std::vector<JointColumn> columns, int64_t reference_rows, int64_t current_rows,
                                         bool p_values) {
  if (columns.size() < 2) return {};
  const size_t left_out = columns.size() - std::min(columns.size(), drift::most_joint_columns);
  columns.erase(columns.end() - static_cast<std::ptrdiff_t>(left_out), columns.end());
  JointLayout chosen;
  std::vector<Column> before, after;
  for (auto& column : columns) {
    chosen.entries.push_back(std::move(column.entry));
    before.push_back(std::move(column.reference));
    after.push_back(std::move(column.current));
  }
  const auto layout = std::make_shared<const JointLayout>(std::move(chosen));
  const drift::JointSummary reference(layout, before, reference_rows), current(layout, after, current_rows);
  std::vector<Measurement> out;
  for (const auto* method : drift::joint_methods()) {
    out.push_back(drift::measure(*method, reference, current, p_values));
    if (left_out > 0) out.back().note += fmt::format("; {} further columns are left out", left_out);
  }
  return out;
}

}  // namespace leeway
