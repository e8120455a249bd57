#pragma once
// What the commands below `leeway simulate` have in common: tables, times and drift plans by name.

#include <string>

#include "base/result.h"
#include "simulate/drift_plan.h"
#include "simulate/generators.h"

namespace leeway::cli {

/// `name` is the option's, for messages.
Result<int64_t> time_option(const std::string& name, const std::string& text);
Result<const simulate::TableSpec*> table_named(const std::string& name);

/// --drift and --drift-from, for the table and the span of `request`: a file, "default" or "none".
Result<simulate::DriftPlan> drift_option(const std::string& drift, const std::string& drift_from,
                                         const simulate::TableRequest& request);

/// "Tables:" with a line each, for help.
std::string table_list();

}  // namespace leeway::cli
