#pragma once
// The monitor file that goes with a synthetic table.

#include <string>

#include "simulate/table_spec.h"

namespace leeway::simulate {

/// A monitor.yaml that names the table's roles, so that a check needs no guess. `with_score`: the data have the score.
std::string monitor_yaml(const TableSpec& table, bool with_score);

}  // namespace leeway::simulate
