#include "monitor/settings_check.h"

#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/catalogue.h"
#include "checks/drift/registry.h"

namespace leeway {
namespace {

Status known_drift_method(const MonitorConfig& config, const std::string& key, const std::string& id) {
  if (drift::find(id) != nullptr) return {};
  if (find_method(id) != nullptr)
    return fail(config.error_at(key, fmt::format("'{}' is not a method of drift of a column", printable(id)),
                                "'leeway methods drift' lists those."));
  std::vector<std::string> names;
  for (const auto* method : drift::methods()) names.emplace_back(method->info.id);
  std::string remedy = did_you_mean(id, names);
  if (remedy.empty()) remedy = "'leeway methods drift' lists them.";
  return fail(config.error_at(key, fmt::format("there is no drift method '{}'", printable(id)), remedy));
}

/// The greatest size that a value of the metric can have; infinite where there is none.
double greatest(const MethodInfo& method) {
  if (method.unit == "share") return 1;
  const bool skill = method.unit.empty() && method.orientation == Orientation::lower_is_worse;
  return skill ? 1 : std::numeric_limits<double>::infinity();
}

Status possible(const MonitorConfig& config, const std::string& key, const std::string& id, std::optional<double> limit) {
  const MethodInfo* method = find_method(id);
  if (method == nullptr || !limit || std::fabs(*limit) <= greatest(*method)) return {};
  const std::string remedy = method->unit == "share" ? fmt::format("Write {} for {} %.", short_number(*limit / 100), short_number(*limit))
                                                     : fmt::format("It is at most {}.", short_number(greatest(*method)));
  return fail(config.error_at(key, fmt::format("{} is out of the range of {}", short_number(*limit), id), remedy));
}

const Field* field_of(std::string_view name, const Schema& reference, const Schema& current) {
  for (const Schema* schema : {&reference, &current})
    if (const auto at = schema->find(name)) return &(*schema)[*at];
  return nullptr;
}

Status known_column(const MonitorConfig& config, const std::string& key, const std::string& column, const Schema& reference,
                    const Schema& current) {
  if (field_of(column, reference, current) != nullptr) return {};
  std::vector<std::string> names;
  for (const Schema* schema : {&reference, &current})
    for (const auto& field : *schema) names.push_back(field.name);
  Error error = config.error_at(key, fmt::format("the data have no column '{}'", printable(column)), did_you_mean(column, names));
  error.code = Code::not_found;
  return fail(std::move(error));
}

}  // namespace

Status check_methods(const MonitorConfig& config, const std::vector<std::string>& extra) {
  for (const auto& [type, ids] : config.methods.types)
    for (const auto& id : ids) LEEWAY_CHECK(known_drift_method(config, "methods." + type, id));
  for (const auto& [column, ids] : config.methods.columns)
    for (const auto& id : ids) LEEWAY_CHECK(known_drift_method(config, "methods.columns." + column, id));
  for (const auto& id : extra)
    if (const MethodInfo* method = find_method(id); id != "all" && (method == nullptr || method->family != Family::multivariate))
      LEEWAY_CHECK(known_drift_method(config, "--method", id));
  return {};
}

Status check_limits(const MonitorConfig& config) {
  for (const auto& [id, limit] : config.leeway.metrics) {
    LEEWAY_CHECK(possible(config, fmt::format("leeway.{}.min", id), id, limit.min));
    LEEWAY_CHECK(possible(config, fmt::format("leeway.{}.max", id), id, limit.max));
    LEEWAY_CHECK(possible(config, fmt::format("leeway.{}.change", id), id, limit.change));
  }
  for (const auto& [id, limit] : config.leeway.fairness) LEEWAY_CHECK(possible(config, "leeway.fairness." + id, id, limit));
  for (const auto& [id, limit] : config.leeway.quality) LEEWAY_CHECK(possible(config, "leeway.quality." + id, id, limit));
  return {};
}

Status check_columns(const MonitorConfig& config, const Roles& roles, const Schema& reference, const Schema& current) {
  for (const auto& [column, psi] : config.leeway.columns)
    LEEWAY_CHECK(known_column(config, "leeway.columns." + column, column, reference, current));
  for (const auto& [column, ids] : config.methods.columns)
    LEEWAY_CHECK(known_column(config, "methods.columns." + column, column, reference, current));
  const auto needs = [&](std::string_view role, const std::string& column, bool times, std::string_view what) -> Status {
    const Field* field = column.empty() ? nullptr : field_of(column, reference, current);
    if (field == nullptr || (times ? field->type == Type::time : is_numeric(field->type) || field->type == Type::boolean)) return {};
    return fail(config.error_at(fmt::format("columns.{}", role),
                                fmt::format("column '{}' is of type {}, and a {} needs {}", printable(column), name(field->type),
                                            role.substr(0, role.find('.')), what),
                                "Name another column, or none to have it guessed."));
  };
  LEEWAY_CHECK(needs("time", config.columns.time, true, "times"));
  LEEWAY_CHECK(needs("score", config.columns.score, false, "numbers"));
  LEEWAY_CHECK(needs("weight", config.columns.weight, false, "numbers"));
  for (const auto& [value, column] : config.columns.scores) LEEWAY_CHECK(needs("scores." + value, column, false, "numbers"));
  if (roles.task == Task::regression) LEEWAY_CHECK(needs("prediction", config.columns.prediction, false, "numbers"));
  return {};
}

}  // namespace leeway
