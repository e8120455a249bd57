#include <CLI/CLI.hpp>

#include <exception>
#include <filesystem>
#include <unistd.h>

#include "base/text.h"
#include "cli/command.h"

namespace leeway::cli {
namespace {

constexpr const char* overview = R"(Leeway tells you when a deployed model has moved further than you allow, how sure that is, and why.

Examples:
  leeway check reference.csv current.csv
  leeway check reference.csv current.csv --format html -o report.html
  leeway profile reference.parquet -o reference.lwp
  leeway check reference.lwp today.parquet --config monitor.yaml --strict
  leeway methods ks)";

constexpr const char* closing = R"(Exit codes: 0 all within leeway, 1 a gate failed, 2 wrong use or unreadable data, 3 undecided where a leeway was
set (with --strict: anywhere), 4 network or store, 5 internal error. Leeway sends nothing anywhere: no telemetry.)";

/// All names a user could have meant at this level.
std::vector<std::string> names_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands({})) names.push_back(command->get_name());
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

const CLI::App& chosen(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : chosen(*commands.front());
}

int wrong_use(const CLI::App& app, const CLI::ParseError& error, const Terminal& terminal) {
  const CLI::App& at = chosen(app);
  std::string message = error.what();
  std::string remedy;
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const auto extras = at.remaining();
    const std::string word = extras.empty() ? "" : extras.front();
    message = fmt::format("'{}' is not {} of leeway{}", word, word.starts_with('-') ? "an option" : "a command or argument",
                          &at == &app ? "" : " " + at.get_name());
    remedy = did_you_mean(word.substr(0, word.find('=')), names_of(at));
  } else if (!message.empty() && message.back() == '\n') {
    message.pop_back();
  }
  const std::string help = fmt::format("See 'leeway{} --help'.", &at == &app ? "" : " " + at.get_name());
  const Error sentence{Code::invalid_argument, message, {}, 0, 0, remedy.empty() ? help : remedy + " " + help};
  fmt::print(terminal.err, "leeway: {}\n", sentence.text());
  return info(Code::invalid_argument).exit_code;
}

int finish(const Run& command, const Terminal& terminal) {
  try {
    const auto result = command();
    if (result) return *result;
    fmt::print(terminal.err, "leeway: {}\n", result.error().text());
    return info(result.error().code).exit_code;
  } catch (const std::bad_alloc&) {
    fmt::print(terminal.err, "leeway: not enough memory for this input. Use fewer --threads, or a profile of the reference.\n");
    return info(Code::resource_exhausted).exit_code;
  } catch (const std::exception& defect) {
    fmt::print(terminal.err, "leeway: internal error: {}. Please report it with the command you ran.\n", printable(defect.what()));
    return info(Code::internal).exit_code;
  }
}

}  // namespace

int run(int argc, const char* const* argv, const Terminal& terminal) {
  CLI::App app{overview, "leeway"};
  app.footer(closing);
  app.set_version_flag("--version", std::string("leeway ") + LEEWAY_VERSION);
  app.require_subcommand(0, 1);
  app.get_formatter()->column_width(34);
  Run command;
  add_check(app, terminal, command);
  add_profile(app, terminal, command);
  add_simulate(app, terminal, command);
  add_methods(app, terminal, command);
  add_config(app, terminal, command);
  add_serve(app, terminal, command);
  add_keys(app, terminal, command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return wrong_use(app, error, terminal);
  }
  if (!command) {
    fmt::print(terminal.out, "{}\n", chosen(app).help());
    return 0;
  }
  return finish(command, terminal);
}

Status write_output(const std::string& path, const std::string& text, const Terminal& terminal) {
  if (path.empty() || path == "-") {
    if (std::fwrite(text.data(), 1, text.size(), terminal.out) != text.size() || std::fflush(terminal.out) != 0)
      return fail(Code::unavailable, "standard output could not be written");
    return {};
  }
  const std::string temporary = fmt::format("{}.{}.partial", path, getpid());
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (file == nullptr)
    return fail(Code::invalid_argument, fmt::format("'{}' cannot be written", path), "Is there such a folder, and may you write to it?");
  const bool whole = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = std::fclose(file) == 0;
  std::error_code error;
  if (whole && closed) std::filesystem::rename(temporary, path, error);
  if (!whole || !closed || error) {
    std::filesystem::remove(temporary, error);
    return fail(Code::resource_exhausted, fmt::format("'{}' could not be written whole", path), "Is the disk full?");
  }
  return {};
}

}  // namespace leeway::cli
