#include <CLI/CLI.hpp>

#include <exception>

#include "base/text.h"
#include "base/write_file.h"
#include "cli/command.h"
#include "cli/help.h"

namespace leeway::cli {
namespace {

constexpr const char* overview = R"(Leeway tells you when a deployed model has moved further than you allow, how sure that is, and why.

Examples:
  leeway check reference.csv current.csv
  leeway check reference.csv current.csv --format html -o report.html
  leeway profile reference.parquet -o reference.lwp
  leeway check reference.lwp today.parquet --config monitor.yaml --strict
  leeway methods ks
  leeway help check)";

constexpr const char* closing = R"(Exit codes:
  0  all within leeway
  1  a gate failed: the data or the model is outside its leeway
  2  wrong use, or data that cannot be read
  3  a leeway that you set could not be decided (with --strict: any)
  4  network or store
  5  internal error
Leeway sends nothing anywhere: no telemetry.)";

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

/// One argument more than the command takes, or a name it does not know.
Error unknown_word(const CLI::App& at) {
  const auto extras = at.remaining();
  const std::string word = extras.empty() ? "" : extras.front();
  const std::string command = full_name(at);
  const std::string hint = did_you_mean(word.substr(0, word.find('=')), names_of(at));
  if (word.starts_with('-'))
    return {Code::invalid_argument, fmt::format("'{}' is not an option of {}", printable(word), command), {}, 0, 0, hint};
  if (!at.get_subcommands({}).empty())
    return {Code::invalid_argument, fmt::format("'{}' is not a command of {}", printable(word), command), {}, 0, 0, hint};
  return {Code::invalid_argument, fmt::format("'{}' is one argument too many for {}", printable(word), command), {}, 0, 0,
          "Several files as one are a glob in quotes: 'day-*.csv'."};
}

/// What CLI11 says, in the manner of all other errors.
Error wrong_value(const CLI::ParseError& error) {
  std::string message(trim(error.what()));
  const auto after = [&](std::string_view start) { return message.substr(start.size()); };
  if (message.starts_with("Could not convert: ")) {
    message = after("Could not convert: ");
    const size_t equals = message.find(" = ");
    message = fmt::format("{} does not take '{}'", message.substr(0, equals),
                          equals == std::string::npos ? "" : message.substr(equals + 3));
  } else if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr && message.find(": 1 required ") != std::string::npos) {
    message = message.substr(0, message.find(':')) + " needs a value";
  } else if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && message.ends_with(" is required")) {
    message = message.substr(0, message.size() - 12);
    if (!message.starts_with('-'))
      std::transform(message.begin(), message.end(), message.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
    message += " is missing";
  }
  // "--rows: Value 0 not in range 1 to 100", "--format: pdf not in {text,json}"
  const size_t colon = message.find(": "), range = message.find(" not in range "), set = message.find(" not in {");
  if (colon != std::string::npos && range != std::string::npos && message.substr(colon).starts_with(": Value "))
    message = fmt::format("{}: '{}' is not in the range {}", message.substr(0, colon), message.substr(colon + 8, range - colon - 8),
                          message.substr(range + 14));
  else if (colon != std::string::npos && set != std::string::npos)
    message = fmt::format("{}: '{}' is none of {}", message.substr(0, colon), message.substr(colon + 2, set - colon - 2),
                          message.substr(set + 9, message.size() - set - 10));
  while (message.ends_with('.')) message.pop_back();
  return {Code::invalid_argument, printable(message), {}, 0, 0, {}};
}

int wrong_use(const CLI::App& app, const CLI::ParseError& error, const Terminal& terminal) {
  const CLI::App& at = chosen(app);
  Error sentence = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ? unknown_word(at) : wrong_value(error);
  sentence.remedy += fmt::format("{}See '{} --help'.", sentence.remedy.empty() ? "" : " ", full_name(at));
  fmt::print(terminal.err, "leeway: {}\n", sentence.text());
  return info(Code::invalid_argument).exit_code;
}

/// "leeway help check" is "leeway check --help".
std::vector<std::string> arguments(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.push_back("--help");
  }
  // CLI11 takes them last first.
  std::reverse(words.begin(), words.end());
  return words;
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
  app.set_version_flag("-V,--version", std::string("leeway ") + LEEWAY_VERSION);
  app.require_subcommand(0, 1);
  app.formatter(help_pages(terminal.width));
  app.set_help_flag("-h,--help", "Print this page");
  Run command;
  add_check(app, terminal, command);
  add_profile(app, terminal, command);
  add_train(app, terminal, command);
  add_predict(app, terminal, command);
  add_models(app, terminal, command);
  add_explain(app, terminal, command);
  add_simulate(app, terminal, command);
  add_methods(app, terminal, command);
  add_config(app, terminal, command);
  add_serve(app, terminal, command);
  add_keys(app, terminal, command);
  try {
    app.parse(arguments(argc, argv));
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return wrong_use(app, error, terminal);
  }
  if (!command) {
    fmt::print(terminal.out, "{}", chosen(app).help());
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
  return write_file(path, text);
}

}  // namespace leeway::cli
