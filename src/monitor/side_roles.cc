#include "monitor/side_roles.h"

namespace leeway {
namespace {

/// What the profile was told or guessed when it was made, where the configuration says nothing.
ColumnRoles completed(ColumnRoles given, const Profile& profile) {
  const auto fill = [](std::string& name, const std::string& from) {
    if (name.empty()) name = from;
  };
  const bool groups_given = !given.groups.empty();
  for (const ColumnProfile& column : profile.columns()) {
    const std::string& name = column.field.name;
    if (column.role == "id") fill(given.id, name);
    else if (column.role == "time") fill(given.time, name);
    else if (column.role == "score" && given.scores.empty()) fill(given.score, name);
    else if (column.role == "prediction") fill(given.prediction, name);
    else if (column.role == "weight") fill(given.weight, name);
    else if (column.role == "label") fill(given.label.column, name);
    else if (column.role == "group" && !groups_given) given.groups.push_back(name);
    else if (column.role == "ignored") given.ignore.push_back(name);
  }
  if (profile.score() && profile.score()->label == given.label.column) fill(given.label.positive, profile.score()->positive);
  return given;
}

std::optional<ColumnFacts> facts(const Side& reference, const Side& current, std::string_view column) {
  for (const Side* side : {&reference, &current}) {
    if (side->data() == nullptr) continue;
    if (const auto index = side->schema().find(column))
      if (const auto found = side->data()->facts(*index)) return *found;
  }
  return std::nullopt;
}

}  // namespace

Result<Roles> settle_sides(const Side& reference, const Side& current, const MonitorConfig& config) {
  const ColumnRoles given = reference.is_profile() ? completed(config.columns, *reference.profile()) : config.columns;
  return settle_roles(given, config.task, reference.schema(), current.schema(),
                      [&](std::string_view column) { return facts(reference, current, column); });
}

}  // namespace leeway
