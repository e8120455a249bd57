#include "simulate/monitor_file.h"

#include <fmt/format.h>

#include "base/text.h"

namespace leeway::simulate {

std::string monitor_yaml(const TableSpec& table, bool with_score) {
  const bool binary = table.task == Task::binary;
  std::string text = fmt::format("model: {}\ntask: {}\ncolumns:\n", table.name, name(table.task));
  if (!table.id.empty()) text += fmt::format("  id: {}\n", table.id);
  if (!table.time.empty()) text += fmt::format("  time: {}\n", table.time);
  with_score = with_score && !table.score.empty();
  if (with_score) text += fmt::format("  {}: {}\n", binary ? "score" : "prediction", table.score);
  if (with_score && binary) text += fmt::format("  threshold: {}\n", exact_number(table.threshold));
  text += fmt::format("  label: {{column: {}", table.label);
  if (binary) text += ", positive: 1";
  if (table.horizon_days > 0) text += fmt::format(", matures_after: {}d", table.horizon_days);
  if (!table.label_known_at.empty()) text += fmt::format(", known_at: {}", table.label_known_at);
  text += "}\n";
  std::vector<std::string_view> groups, cyclic, ignored;
  for (const auto& feature : table.features) {
    if (feature.group) groups.push_back(feature.name);
    if (feature.cyclic) cyclic.push_back(feature.name);
  }
  if (!table.snapshot.empty()) ignored.push_back(table.snapshot);
  const std::pair<std::string_view, const std::vector<std::string_view>&> lists[] = {
      {"groups", groups}, {"cyclic", cyclic}, {"ignore", ignored}};
  for (const auto& [key, columns] : lists)
    if (!columns.empty()) text += fmt::format("  {}: [{}]\n", key, fmt::join(columns, ", "));
  return text;
}

}  // namespace leeway::simulate
