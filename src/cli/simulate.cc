#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/simulate_data.h"

namespace leeway::cli {

void add_simulate(CLI::App& app, const Terminal& terminal, Run& run) {
  auto* command = app.add_subcommand("simulate", "Make synthetic data whose drift, and its true causes, are known.");
  command->require_subcommand(0, 1);
  add_simulate_data(*command, terminal, run);
}

}  // namespace leeway::cli
