#pragma once
// `leeway simulate data`.

#include "cli/command.h"

namespace leeway::cli {

/// Adds `data` below the command `simulate`.
void add_simulate_data(CLI::App& simulate, const Terminal& terminal, Run& run);

}  // namespace leeway::cli
