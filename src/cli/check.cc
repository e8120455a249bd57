#include <CLI/CLI.hpp>

#include "base/text.h"
#include "base/threads.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "config/units.h"
#include "findings/policies/policy.h"
#include "monitor/check_run.h"
#include "reports/html.h"
#include "reports/json.h"
#include "reports/terminal.h"

namespace leeway::cli {
namespace {

constexpr const char* description = R"(Compare CURRENT with REFERENCE: what moved, whether it matters, and why.

Examples:
  leeway check reference.csv current.csv
  leeway check reference.lwp 'day=*/part-*.parquet' --config monitor.yaml --strict
  leeway check reference.csv current.csv --set columns.label=default --set columns.groups=[sex]
  leeway check reference.csv current.csv --format html -o report.html
  leeway check reference.csv current.csv --window 1w)";

constexpr const char* closing = R"(REFERENCE and CURRENT are files (.csv .tsv .jsonl .parquet, .gz and .zst of the text kinds), globs in quotes, a DuckDB
file, '-' for standard input, or a profile (.lwp) made by 'leeway profile'.

Exit codes: 0 all within leeway, 1 a gate failed, 2 wrong use or unreadable data, 3 a leeway that you set could not be
decided (with --strict: any), 4 network or store, 5 internal error.)";

struct Options {
  ConfigOptions config;
  SourceOptions source;
  std::string reference, current;
  std::string format = "text", output, policy, window;
  std::vector<std::string> methods;
  bool strict = false, quiet = false, all = false, p_values = false;
  int threads = 0;
  std::optional<uint64_t> seed;
};

std::string policy_help() {
  std::string text = "How to judge: 'leeway' (the default: sure movement beyond the leeway), or a classic rule by name:";
  for (const Policy* policy : policies()) text += fmt::format("\n  {}: {} False alarms: {}", policy->id, policy->help, policy->false_alarms);
  return text;
}

std::string render(const Report& report, const Options& options, const Terminal& terminal) {
  if (options.format == "json") return report_json(report);
  if (options.format == "html") return report_html(report);
  TerminalStyle style;
  style.width = terminal.width;
  style.colour = terminal.colour && (options.output.empty() || options.output == "-");
  style.all = options.all;
  return report_text(report, style);
}

Result<int> check(const Options& options, const Terminal& terminal) {
  CheckRequest request;
  LEEWAY_TRY(request.config, options.config.read());
  request.reference = options.source.spec(options.reference, request.config, options.threads);
  request.current = options.source.spec(options.current, request.config, options.threads);
  request.policy = options.policy.empty() ? request.config.policy : options.policy;
  request.methods = options.methods;
  if (options.window.empty()) {
    request.window_length = request.config.window.value_or(0);
  } else {
    const auto length = parse_duration(options.window);
    if (!length) return fail(Code::invalid_argument, fmt::format("'{}' is not a length of time", options.window), "Write 1h, 1d, 1w or 30d.");
    request.window_length = *length;
  }
  request.p_values = options.p_values;
  request.threads = options.threads;
  request.seed = options.seed.value_or(request.config.seed);
  request.command = terminal.command_line;
  request.tool_version = LEEWAY_VERSION;
  Result<Report> report = [&] {
    Progress progress(terminal, options.quiet);
    request.progress = [&](double done, const std::string& what) { progress.update(done, what); };
    return run_check(request);
  }();
  if (!report) return std::unexpected(report.error());
  LEEWAY_CHECK(write_output(options.output, render(*report, options, terminal), terminal));
  const int code = report->exit_code(options.strict);
  if (!options.quiet && code == 1 && terminal.err_is_terminal) fmt::print(terminal.err, "leeway: exit 1: a gate failed\n");
  if (!options.quiet && code == 3) fmt::print(terminal.err, "leeway: exit 3: a leeway could not be decided with this data\n");
  return code;
}

}  // namespace

void add_check(CLI::App& app, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("check", description);
  command->footer(closing);
  command->add_option("reference", options->reference, "What is normal: data or a profile")->required()->type_name("REFERENCE");
  command->add_option("current", options->current, "What to judge: data or a profile")->required()->type_name("CURRENT");
  options->config.add(*command);
  options->source.add(*command);
  command->add_option("--format", options->format, "text, json (api/report.schema.json) or html (one file, no network)")
      ->check(CLI::IsMember({"text", "json", "html"}))->type_name("FORMAT");
  command->add_option("-o,--output", options->output, "Write the report to this file instead of standard output")->type_name("FILE");
  command->add_option("--policy", options->policy, policy_help())->type_name("NAME");
  command->add_option("--method", options->methods, "A drift method besides each column's default, by name (see 'leeway methods'), or 'all'; repeatable")
      ->type_name("NAME")->allow_extra_args(false);
  command->add_option("--window", options->window, "Also show CURRENT in windows of this length over its time column: 1h, 1d, 1w, 30d")->type_name("SPAN");
  command->add_flag("--strict", options->strict, "Exit with 3 when any judged finding is undecided");
  command->add_flag("--p-values", options->p_values, "Compute p-values too; no verdict uses them");
  command->add_flag("--all", options->all, "Do not shorten lists in the text report");
  command->add_flag("-q,--quiet", options->quiet, "No progress and no remarks on standard error");
  command->add_option("--threads", options->threads, "Threads to use; all processors if not given")->check(CLI::Range(1, 1024))->type_name("N");
  command->add_option("--seed", options->seed, "Seed of permutations and bootstraps")->type_name("N");
  command->callback([options, &terminal, &run] { run = [options, &terminal] { return check(*options, terminal); }; });
}

}  // namespace leeway::cli
