#pragma once
// `leeway simulate traffic`.

#include "cli/command.h"

namespace leeway::cli {

/// Adds `traffic` below the command `simulate`.
void add_simulate_traffic(CLI::App& simulate, const Terminal& terminal, Run& run);

}  // namespace leeway::cli
