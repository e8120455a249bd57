#include <CLI/CLI.hpp>

#include <csignal>
#include <iostream>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "cli/command.h"
#include "config/monitor_config.h"
#include "server/run.h"

namespace leeway::cli {
namespace {

constexpr const char* description =
    R"(Serve predictions, take in what other services predicted, and answer questions about both, over HTTP.

Examples:
  leeway serve
  leeway serve --port 9000 --data /var/lib/leeway
  leeway keys create --scope ingest --scope read && leeway serve --listen 0.0.0.0)";

struct Options {
  std::string file;
  std::map<std::string, std::string> values;
};

/// The signals that stop a server, held back from all threads so that one can wait for them.
sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

std::string as_json(const server::LogEntry& entry, std::string_view time, std::string_view level) {
  JsonWriter w;
  w.begin_object();
  w.member("time", time);
  w.member("level", level);
  w.member("event", entry.event);
  for (const auto& [name, value] : entry.fields) w.member(name, value);
  w.end_object();
  return w.take();
}

std::string as_text(const server::LogEntry& entry, std::string_view time, std::string_view level) {
  std::string out = fmt::format("{} {:<7} {}", time, level, entry.event);
  for (const auto& [name, value] : entry.fields)
    if (!value.empty())
      out += fmt::format(" {}={}", name,
                         value.find(' ') == std::string::npos ? printable(value) : '"' + printable(value) + '"');
  return out;
}

/// Log lines on standard error: JSON unless people watch.
server::Log make_log(const server::ServeConfig& config, const Terminal& terminal) {
  const bool json = config.log_format == "json" || (config.log_format == "auto" && !terminal.err_is_terminal);
  auto logger = std::make_shared<spdlog::logger>("leeway", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::trace);
  return [logger, json, least = config.log_level](const server::LogEntry& entry) {
    if (entry.level < least) return;
    constexpr std::array<std::string_view, 4> levels = {"debug", "info", "warning", "error"};
    const auto level = levels[static_cast<size_t>(entry.level)];
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    const std::string time = format_time(now.count() * 1'000'000);
    logger->info("{}", json ? as_json(entry, time, level) : as_text(entry, time, level));
    logger->flush();
  };
}

Result<int> serve(const Options& options, const Terminal& terminal) {
  server::ServeSources sources{options.file, process_environment(), {}};
  for (const auto& [key, value] : options.values)
    if (!value.empty()) sources.flags.emplace_back(key, value);
  LEEWAY_TRY(const auto config, server::read_serve_config(sources));
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  server::RunOptions run{config, LEEWAY_VERSION, "unknown", make_log(config, terminal), {}, {}};
  run.listening = [&](const std::string& url) {
    fmt::print(terminal.out, "Leeway listens on {}\n", url);
    std::fflush(terminal.out);
    run.log({server::LogLevel::info, "listening", {{"url", url}, {"data", config.data}}});
  };
  run.wait = [&](const std::function<bool()>& failed) {
    constexpr timespec look_again{0, 200'000'000};
    int signal = -1;
    while (signal < 0 && !failed()) signal = sigtimedwait(&signals, nullptr, &look_again);
    if (signal < 0) return;
    run.log({server::LogLevel::info, "stopping", {{"signal", signal == SIGINT ? "SIGINT" : "SIGTERM"}}});
  };
  LEEWAY_CHECK(server::run(run));
  run.log({server::LogLevel::info, "stopped", {}});
  return 0;
}

}  // namespace

void add_serve(CLI::App& app, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("serve", description);
  command->add_option("--config", options->file, "A YAML file of these settings, with _ for -")
      ->type_name("SERVE.YAML")
      ->envname("LEEWAY_SERVE_CONFIG");
  for (const auto& setting : server::serve_settings()) {
    std::string flag = "--" + std::string(setting.key);
    std::ranges::replace(flag, '_', '-');
    std::string text(setting.description);
    if (!setting.standard.empty()) text += fmt::format(" [{}]", setting.standard);
    command->add_option(flag, options->values[std::string(setting.key)], text)->type_name("VALUE");
  }
  command->callback([options, &terminal, &run] { run = [options, &terminal] { return serve(*options, terminal); }; });
}

}  // namespace leeway::cli
