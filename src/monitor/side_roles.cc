#include "monitor/side_roles.h"

#include <algorithm>

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
  if (profile.score() && profile.score()->label == given.label.column)
    fill(given.label.positive, profile.score()->positive);
  return given;
}

/// What a profile remembers of a column.
std::optional<ColumnFacts> facts(const ColumnProfile& column) {
  constexpr size_t most_listed = 20;
  ColumnFacts out;
  out.rows = column.rows.rows;
  out.missing = column.rows.missing;
  if (column.categories) {
    const auto values = column.categories->dictionary().values();
    out.distinct = static_cast<int64_t>(values.size());
    if (values.size() <= most_listed) out.values.assign(values.begin(), values.end());
    std::sort(out.values.begin(), out.values.end());
    return out;
  }
  if (!column.moments || column.moments->size() == 0) return std::nullopt;
  out.distinct = column.rows.used();
  out.minimum = column.moments->min();
  out.maximum = column.moments->max();
  return out;
}

std::optional<ColumnFacts> facts(const Side& reference, const Side& current, std::string_view column) {
  for (const Side* side : {&reference, &current}) {
    const auto index = side->schema().find(column);
    if (!index) continue;
    if (side->data() != nullptr) {
      if (const auto found = side->data()->facts(*index)) return *found;
    } else if (const auto found = side->is_profile() ? facts(*side->profile()->find(column)) : std::nullopt) {
      return found;
    }
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
