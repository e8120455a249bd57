#include <CLI/CLI.hpp>

#include "base/json_writer.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/options.h"
#include "monitor/judge.h"
#include "monitor/settings_check.h"

namespace leeway::cli {
namespace {

constexpr const char* description = R"(Check a monitor file, or show the settings in effect and where each comes from.

Examples:
  leeway config validate monitor.yaml
  leeway config show monitor.yaml --set leeway.drift=0.2)";

struct Options {
  ConfigOptions config;
  std::string format = "text";
};

Result<MonitorConfig> checked(const Options& options) {
  LEEWAY_TRY(auto config, options.config.read());
  LEEWAY_CHECK(check_methods(config, {}));
  LEEWAY_CHECK(check_limits(config));
  LEEWAY_TRY([[maybe_unused]] const auto judge, Judge::make(config, config.policy));
  return config;
}

Result<int> validate(const Options& options, const Terminal& terminal) {
  LEEWAY_TRY([[maybe_unused]] const auto config, checked(options));
  LEEWAY_CHECK(write_output("", fmt::format("{} is valid\n", options.config.file.empty() ? "the configuration" : printable(options.config.file)), terminal));
  return 0;
}

std::string as_text(const MonitorConfig& config) {
  size_t longest = 0;
  for (const auto& s : config.settings) longest = std::max(longest, s.key.size() + 2 + s.value.size());
  longest = std::min<size_t>(longest, 60);
  std::string out;
  for (const auto& s : config.settings) out += fmt::format("{:<{}}  # {}\n", s.key + ": " + s.value, longest, printable(s.place()));
  return out;
}

std::string as_json(const MonitorConfig& config) {
  JsonWriter w(2);
  w.begin_object();
  w.member("schema", "leeway.config/1");
  w.key("settings");
  w.begin_array();
  for (const auto& s : config.settings) {
    w.begin_object();
    w.member("key", s.key);
    w.member("value", s.value);
    w.member("origin", s.place());
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return w.take() + "\n";
}

Result<int> show(const Options& options, const Terminal& terminal) {
  LEEWAY_TRY(const auto config, checked(options));
  LEEWAY_CHECK(write_output("", options.format == "json" ? as_json(config) : as_text(config), terminal));
  return 0;
}

/// Every key the reader knows; as markdown the body of docs/monitor-file.md.
Result<int> keys(const Options& options, const Terminal& terminal) {
  std::string out;
  if (options.format == "markdown") {
    out = "| key | default | meaning |\n|---|---|---|\n";
    for (const auto& key : config_keys())
      out += fmt::format("| `{}` | {} | {} |\n", key.path, key.standard.empty() ? "" : fmt::format("`{}`", key.standard), key.description);
  } else {
    size_t longest = 0;
    for (const auto& key : config_keys()) longest = std::max(longest, key.path.size());
    for (const auto& key : config_keys())
      out += fmt::format("{:<{}}{}\n", key.path, longest + 2,
                         wrapped(std::string(key.description) + (key.standard.empty() ? "" : fmt::format(" Default: {}.", key.standard)),
                                 terminal.width, static_cast<int>(longest) + 2));
    out += "\nEach may stand in the monitor file, after --set (leeway.drift=0.2) or in a variable (LEEWAY_LEEWAY__DRIFT=0.2).\n";
  }
  LEEWAY_CHECK(write_output("", out, terminal));
  return 0;
}

CLI::App* add(CLI::App& parent, const char* name, const char* text, const std::shared_ptr<Options>& options) {
  auto* command = parent.add_subcommand(name, text);
  command->add_option("file", options->config.file, "The monitor file; without it the environment and --set alone")->type_name("FILE");
  command->add_option("--set", options->config.set, "Override one setting; repeatable")->type_name("KEY=VALUE")->allow_extra_args(false);
  return command;
}

}  // namespace

void add_config(CLI::App& app, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("config", description);
  command->require_subcommand(0, 1);
  auto* check = add(*command, "validate", "Say whether the settings are valid, with the place of the first that is not", options);
  check->callback([options, &terminal, &run] { run = [options, &terminal] { return validate(*options, terminal); }; });
  auto* list = command->add_subcommand("keys", "List every setting with its default and meaning");
  list->add_option("--format", options->format, "text or markdown")->check(one_of({"text", "markdown"}))->type_name("FORMAT");
  list->callback([options, &terminal, &run] { run = [options, &terminal] { return keys(*options, terminal); }; });
  auto* print = add(*command, "show", "Print every setting with its value and origin", options);
  print->add_option("--format", options->format, "text or json")->check(one_of({"text", "json"}))->type_name("FORMAT");
  print->callback([options, &terminal, &run] { run = [options, &terminal] { return show(*options, terminal); }; });
}

}  // namespace leeway::cli
