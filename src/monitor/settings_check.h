#pragma once
// Settings held to what only the data and the registries know: names of methods and columns, types that a role needs,
// limits that no value can pass. A slip that would quietly change nothing is refused.

#include "columns/roles.h"
#include "config/monitor_config.h"

namespace leeway {

/// Every method named in the configuration, is a drift method, and so is every one of `extra` (--method; "all" is one, and
/// methods on all columns together are some). Errors:
/// invalid_argument with the setting's place and the nearest name.
Status check_methods(const MonitorConfig& config, const std::vector<std::string>& extra);

/// Every limit lies where its metric can. Errors: invalid_argument with the setting's place.
Status check_limits(const MonitorConfig& config);

/// Columns that have a leeway or methods of their own exist on a side, and the columns of a role have a type that it can
/// use. Errors: not_found or invalid_argument with the setting's place.
Status check_columns(const MonitorConfig& config, const Roles& roles, const Schema& reference, const Schema& current);

}  // namespace leeway
