#include "cli/bank_option.h"

#include <CLI/CLI.hpp>
#include <chrono>

namespace leeway::cli {

void add_bank_option(CLI::App& command, std::string& folder) {
  folder = "models";
  command.add_option("--bank", folder, "The model bank's folder [models]")->type_name("FOLDER")->envname("LEEWAY_BANK");
}

int64_t time_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace leeway::cli
