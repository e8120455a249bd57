#pragma once
// The shape of a command: a function that adds its options to the command line and says what to run.

#include <cstdio>
#include <functional>
#include <string>

#include "base/result.h"

namespace CLI {
class App;
}

namespace leeway::cli {

/// The process as a command may see it. Made once in main; tests make their own.
struct Terminal {
  std::FILE* out = stdout;
  std::FILE* err = stderr;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool colour = false;      ///< On standard output, after NO_COLOR, FORCE_COLOR and TERM.
  bool unicode = true;      ///< The locale's character set is UTF-8.
  bool motion = true;       ///< The terminal understands cursor movements (TERM is not "dumb").
  int width = 80;           ///< COLUMNS, the terminal's own width, or 80.
  std::string command_line; ///< As it could be typed again, quoted for a shell.
};

/// Returns the exit code, or the error that main prints in one sentence.
using Run = std::function<Result<int>()>;

/// Each adds one subcommand to `app` and sets `run` when the user chose it. `terminal` outlives the run.
void add_check(CLI::App& app, const Terminal& terminal, Run& run);
void add_profile(CLI::App& app, const Terminal& terminal, Run& run);
void add_train(CLI::App& app, const Terminal& terminal, Run& run);
void add_predict(CLI::App& app, const Terminal& terminal, Run& run);
void add_models(CLI::App& app, const Terminal& terminal, Run& run);
void add_explain(CLI::App& app, const Terminal& terminal, Run& run);
void add_simulate(CLI::App& app, const Terminal& terminal, Run& run);
void add_methods(CLI::App& app, const Terminal& terminal, Run& run);
void add_config(CLI::App& app, const Terminal& terminal, Run& run);
void add_serve(CLI::App& app, const Terminal& terminal, Run& run);
void add_keys(CLI::App& app, const Terminal& terminal, Run& run);

/// The whole program: parses, runs, prints the error if any; returns the exit code (DESIGN: 0 within leeway, 1 a gate
/// failed, 2 wrong use, 3 undecided, 4 network or store, 5 internal).
int run(int argc, const char* const* argv, const Terminal& terminal);

/// Writes `text` to `path` ("-" or empty: standard output), whole or not at all: by a temporary file and a rename.
Status write_output(const std::string& path, const std::string& text, const Terminal& terminal);

}  // namespace leeway::cli
