#include "simulate/monitor_file.h"

#include <fmt/format.h>

#include "base/text.h"

namespace leeway::simulate {

std::string monitor_yaml(const TableSpec& table, bool with_score) {
  const bool binary = table.task == Task::binary;
  std::string text = fmt::format("model: {}\ntask: {}\ncolumns:\n  id: {}\n  time: {}\n", table.name, name(table.task), table.id, table.time);
  if (with_score) text += fmt::format("  {}: {}\n", binary ? "score" : "prediction", table.score);
  if (with_score && binary) text += fmt::format("  threshold: {}\n", exact_number(table.threshold));
  text += fmt::format("  label: {{column: {}", table.label);
  if (binary) text += ", positive: 1";
  if (table.horizon_days > 0) text += fmt::format(", matures_after: {}d", table.horizon_days);
  text += "}\n";
  std::vector<std::string> groups, ignored;
  for (const auto& feature : table.features)
    if (feature.group) groups.emplace_back(feature.name);
  for (const auto column : {table.snapshot, table.label_known_at})
    if (!column.empty()) ignored.emplace_back(column);
  text += fmt::format("  groups: [{}]\n", fmt::join(groups, ", "));
  if (!ignored.empty()) text += fmt::format("  ignore: [{}]\n", fmt::join(ignored, ", "));
  return text;
}

}  // namespace leeway::simulate
