#include <CLI/CLI.hpp>

#include "base/text.h"
#include "base/threads.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "config/units.h"
#include "findings/policies/policy.h"
#include "monitor/check_run.h"
#include "monitor/domain_learner.h"
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

constexpr const char* closing = R"(REFERENCE and CURRENT are files (.csv .tsv .jsonl .parquet, .gz and .zst of the text kinds), globs in quotes, a DuckDB file, '-' for standard input, or a profile (.lwp) made by 'leeway profile'. REFERENCE may be left out where the monitor file names it.

Exit codes:
  0  all within leeway
  1  a gate failed: the data or the model is outside its leeway
  2  wrong use, or data that cannot be read
  3  a leeway that you set could not be decided (with --strict: any)
  4  network or store
  5  internal error)";

struct Options {
  ConfigOptions config;
  SourceOptions source;
  std::string reference, current;
  std::string format, output, policy, window;
  std::vector<std::string> methods;
  bool strict = false, quiet = false, cases = false, all = false, p_values = false, no_colour = false;
  int threads = 0;
  std::optional<uint64_t> seed;

  bool to_file() const { return !output.empty() && output != "-"; }
  /// As told, else as the output file's name says.
  std::string_view form() const {
    if (!format.empty()) return format;
    if (output.ends_with(".html") || output.ends_with(".htm")) return "html";
    return output.ends_with(".json") ? "json" : "text";
  }
};

std::string policy_help() {
  std::vector<std::string> names;
  for (const Policy* policy : policies()) names.emplace_back(policy->id);
  return fmt::format("'leeway' (the default), or a classic rule: {}; 'leeway methods {}' says what it does and how often it alarms falsely",
                     join_words(names, "or"), names.front());
}

std::string render(const Report& report, const Options& options, const Terminal& terminal) {
  if (options.form() == "json") return report_json(report);
  if (options.form() == "html") return report_html(report);
  TerminalStyle style;
  style.width = terminal.width;
  style.colour = terminal.colour && !options.no_colour && !options.to_file();
  style.unicode = terminal.unicode;
  style.all = options.all;
  return report_text(report, style);
}

/// The reference is the monitor file's where only CURRENT is given.
Result<std::pair<std::vector<std::string>, std::vector<std::string>>> sides_of(const Options& options, const MonitorConfig& config) {
  using Paths = std::vector<std::string>;
  if (!options.current.empty()) return std::pair(Paths{options.reference}, Paths{options.current});
  if (config.reference.empty())
    return fail(Code::invalid_argument, "CURRENT is missing: there is nothing to compare with the reference",
                "Write 'leeway check REFERENCE CURRENT', or name the reference in the monitor file (reference: data.csv).");
  return std::pair(config.reference, Paths{options.reference});
}

/// Exit codes are hidden by many wrappers, so what they mean is said where the report itself does not.
void remark(const Options& options, int code, const Terminal& terminal) {
  if (options.to_file()) fmt::print(terminal.err, "leeway: the report is in {}\n", printable(options.output));
  if (options.form() == "text" && !options.to_file() && code != 3) return;
  if (code == 1) fmt::print(terminal.err, "leeway: exit 1: a gate failed\n");
  if (code == 3) fmt::print(terminal.err, "leeway: exit 3: a leeway could not be decided with this data\n");
}

Result<int> check(const Options& options, const Terminal& terminal) {
  CheckRequest request;
  LEEWAY_TRY(request.config, options.config.read());
  LEEWAY_TRY(const auto sides, sides_of(options, request.config));
  request.reference = options.source.spec(sides.first, request.config, options.threads);
  request.current = options.source.spec(sides.second, request.config, options.threads);
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
  request.cases = options.cases;
  const auto learner = domain_learner();
  request.learner = learner.get();
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
  if (!options.quiet) remark(options, code, terminal);
  return code;
}

}  // namespace

void add_check(CLI::App& app, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("check", description);
  command->footer(closing);
  command->add_option("REFERENCE", options->reference, "What is normal: data or a profile")->required()->type_name("REFERENCE");
  command->add_option("CURRENT", options->current, "What to judge: data or a profile")->type_name("CURRENT");
  const std::string judging = "Judging", output = "Output";
  options->config.add(*command);
  command->add_option("--policy", options->policy, policy_help())->type_name("NAME")->group(judging);
  command->add_option("--method", options->methods, "A drift method besides each column's default ('leeway methods'), or 'all'; repeatable")
      ->type_name("NAME")->allow_extra_args(false)->group(judging);
  command->add_option("--window", options->window, "Also show CURRENT in windows of this length over its time column: 1h, 1d, 1w, 30d")
      ->type_name("SPAN")->group(judging);
  command->add_flag("--cases", options->cases, "Also split a change of performance by the features (docs/explain.md); some seconds")->group(judging);
  command->add_flag("--strict", options->strict, "Exit with 3 when any judged finding is undecided")->group(judging);
  command->add_flag("--p-values", options->p_values, "Compute p-values too; no verdict uses them")->group(judging);
  command->add_option("--seed", options->seed, "Seed of permutations and bootstraps (1)")
      ->check(whole_number(0, std::numeric_limits<long long>::max()))->type_name("N")->group(judging);
  command->add_option("--format", options->format, "text, json (api/report.schema.json) or html (one file); by the name of the output if not given")
      ->check(one_of({"text", "json", "html"}))->type_name("FORMAT")->group(output);
  command->add_option("-o,--output", options->output, "Write the report to this file instead of standard output")
      ->type_name("FILE")->group(output);
  command->add_flag("--all", options->all, "Do not shorten lists in the text report")->group(output);
  command->add_flag("--no-color,--no-colour", options->no_colour, "No colours, as with the variable NO_COLOR")->group(output);
  command->add_flag("-q,--quiet", options->quiet, "No progress and no remarks on standard error")->group(output);
  options->source.add(*command);
  command->add_option("--threads", options->threads, "Threads to use; all processors if not given")
      ->check(whole_number(1, 1024))->type_name("N")->group("Reading");
  command->callback([options, &terminal, &run] { run = [options, &terminal] { return check(*options, terminal); }; });
}

}  // namespace leeway::cli
