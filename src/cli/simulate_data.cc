#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/help.h"
#include "cli/simulate_data.h"
#include "cli/simulate_options.h"
#include "simulate/calendar.h"
#include "simulate/csv_writer.h"
#include "simulate/generators.h"
#include "simulate/monitor_file.h"
#include "sources/parquet_writer.h"

namespace leeway::cli {
namespace {

using simulate::TableRequest;
using simulate::TableSpec;

constexpr const char* description = R"(Write a synthetic table, the same bytes for the same options on every machine.

Examples:
  leeway simulate data credit --rows 40000 -o reference.csv --all-labels --monitor monitor.yaml
  leeway simulate data credit --rows 20000 --seed 2 --start 2026-01-01 --days 180 --drift default -o current.csv
  leeway check reference.csv current.csv --config monitor.yaml
  leeway simulate data fraud --show-plan > drift.yaml)";

std::string closing() {
  std::string text = table_list() + R"(

Beside FILE stands FILE.causes.json: what drifts, from when, how strongly, and how many rows it touched.
A drift plan is YAML; --show-plan prints a table's default one to start from. Kinds of drift:)";
  for (const auto& kind : simulate::drift_kinds()) text += fmt::format("\n  {:<12} {}", kind.name, kind.meaning);
  std::vector<std::string> shapes;
  for (const auto shape : simulate::shape_names()) shapes.emplace_back(shape);
  return text + fmt::format("\nShapes over time: {}.", join_words(shapes));
}

struct Options {
  std::string table;
  int64_t rows = 10'000;
  uint64_t seed = 1;
  std::string start = "2025-01-01", drift = "none", drift_from, as_of, output, monitor;
  double days = 0;
  bool all_labels = false, no_score = false, show_plan = false, quiet = false;
  int threads = 0;
};

Result<TableRequest> request_of(const Options& options, const TableSpec& table) {
  TableRequest request;
  request.table = &table;
  request.rows = static_cast<size_t>(std::max<int64_t>(options.rows, 0));
  request.seed = options.seed;
  LEEWAY_TRY(request.start, time_option("start", options.start));
  request.span =
      static_cast<int64_t>((options.days > 0 ? options.days : table.default_days) * static_cast<double>(simulate::day));
  if (!options.as_of.empty()) {
    LEEWAY_TRY(request.as_of, time_option("as-of", options.as_of));
  } else if (!options.all_labels && table.horizon_days > 0) {
    request.as_of = request.start + request.span;
  }
  request.with_score = !options.no_score;
  request.threads = options.threads;
  LEEWAY_TRY(request.plan, drift_option(options.drift, options.drift_from, request));
  return request;
}

bool is_standard_output(const Options& options) { return options.output == "-"; }

Status check_output(const Options& options) {
  const char* remedy = "Add '-o FILE.csv' or '-o FILE.parquet', or '-o -' for CSV on standard output.";
  if (options.output.empty()) return fail(Code::invalid_argument, "no output file", remedy);
  if (is_standard_output(options) || options.output.ends_with(".csv") || options.output.ends_with(".parquet"))
    return {};
  return fail(Code::invalid_argument, fmt::format("'{}' is neither .csv nor .parquet", printable(options.output)),
              remedy);
}

Status write_rows(const Options& options, const simulate::SyntheticTable& made, const Terminal& terminal) {
  if (options.output.ends_with(".parquet")) return write_parquet(options.output, made.schema, made.columns);
  return write_output(options.output, simulate::to_csv(made.schema, made.columns), terminal);
}

void summarise(const Options& options, const TableRequest& request, const simulate::SyntheticTable& made,
               const Terminal& terminal) {
  if (options.quiet) return;
  const auto& label = made.columns[*made.schema.find(request.table->label)];
  fmt::print(terminal.err, "leeway: {} rows of {} from {} to {}, seed {}{}",
             grouped(static_cast<int64_t>(request.rows)), request.table->name, format_time(request.start, true),
             format_time(request.start + request.span - 1, true), request.seed,
             is_standard_output(options) ? "" : " -> " + printable(options.output));
  if (label.null_count() > 0)
    fmt::print(terminal.err, "; {} have no outcome yet", grouped(static_cast<int64_t>(label.null_count())));
  fmt::print(terminal.err, "\n");
  for (const auto& cause : made.causes)
    fmt::print(terminal.err, "  drift: {} ({} rows)\n", printable(cause.drift.name), grouped(cause.rows_affected));
}

Result<int> simulate_data(const Options& options, const Terminal& terminal) {
  LEEWAY_TRY(const TableSpec* table, table_named(options.table));
  if (options.show_plan) {
    LEEWAY_CHECK(write_output(options.output, std::string(table->default_drift), terminal));
    return 0;
  }
  LEEWAY_CHECK(check_output(options));
  LEEWAY_TRY(const TableRequest request, request_of(options, *table));
  LEEWAY_TRY(const auto made, make_table(request));
  LEEWAY_CHECK(write_rows(options, made, terminal));
  if (!is_standard_output(options))
    LEEWAY_CHECK(write_output(options.output + ".causes.json", causes_json(request, made), terminal));
  if (!options.monitor.empty())
    LEEWAY_CHECK(write_output(options.monitor, simulate::monitor_yaml(*table, request.with_score), terminal));
  summarise(options, request, made, terminal);
  return 0;
}

}  // namespace

void add_simulate_data(CLI::App& simulate, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = simulate.add_subcommand("data", description);
  command->footer(closing());
  command->add_option("table", options->table, "What to make, see below")->required()->type_name("TABLE");
  command->add_option("--rows", options->rows, "How many rows (10,000)")->check(whole_number(1, 10'000'000'000))->type_name("N");
  command
      ->add_option("-o,--output,--out", options->output, "Write this .csv or .parquet; '-' is CSV on standard output")
      ->type_name("FILE");
  command->add_option("--seed", options->seed, "Seed; another gives other rows by the same laws (1)")
      ->check(whole_number(0, std::numeric_limits<long long>::max()))->type_name("N");
  command->add_option("--start", options->start, "Time of the first rows, UTC (2025-01-01)")->type_name("TIME");
  command->add_option("--days", options->days, "Days that the rows span; a quarter to a year by the table if not given")
      ->check(CLI::Validator([](std::string& given) {
        const auto days = parse_double(given);
        return days && *days > 0 ? "" : fmt::format("'{}' is no number of days above 0.", printable(given));
      }, ""))
      ->type_name("N");
  command->add_option("--drift", options->drift, "A drift plan's file, 'default' or 'none' (none)")->type_name("PLAN");
  command->add_option("--drift-from", options->drift_from, "When drifts begin that do not say; the start if not given")
      ->type_name("TIME");
  auto* as_of = command->add_option("--as-of", options->as_of, "Outcomes known later are blank; the end if not given");
  as_of->type_name("TIME");
  command->add_flag("--all-labels", options->all_labels, "All outcomes are known")->excludes(as_of);
  command->add_flag("--no-score", options->no_score, "Leave out the scorecard's column");
  command->add_option("--monitor", options->monitor, "Also write the monitor file that names the columns' roles")
      ->type_name("FILE");
  command->add_flag("--show-plan", options->show_plan, "Print the table's default drift plan and make nothing");
  command->add_flag("-q,--quiet", options->quiet, "No summary on standard error");
  command->add_option("--threads", options->threads, "Threads to use; all processors if not given")
      ->check(whole_number(1, 1024))
      ->type_name("N");
  command->callback(
      [options, &terminal, &run] { run = [options, &terminal] { return simulate_data(*options, terminal); }; });
}

}  // namespace leeway::cli
