#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/simulate_data.h"
#include "cli/simulate_traffic.h"

namespace leeway::cli {

void add_simulate(CLI::App& app, const Terminal& terminal, Run& run) {
  auto* command = app.add_subcommand("simulate", "Make synthetic data and traffic whose drift, and its true causes, are known.");
  command->require_subcommand(0, 1);
  add_simulate_data(*command, terminal, run);
  add_simulate_traffic(*command, terminal, run);
}

}  // namespace leeway::cli
