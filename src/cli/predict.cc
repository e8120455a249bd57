#include <CLI/CLI.hpp>

#include "base/text.h"
#include "base/threads.h"
#include "cli/bank_option.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/json_lines.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/scored_columns.h"
#include "models/bank.h"
#include "simulate/csv_writer.h"
#include "sources/parquet_writer.h"

namespace leeway::cli {
namespace {

constexpr const char* description = R"(Score the rows of a file with a model of the bank.

Examples:
  leeway predict today.csv -m fraud -o scored.parquet
  leeway predict today.parquet -m fraud@challenger --reasons 3 -o scored.csv
  leeway predict today.csv -m models/fraud/2 --contributions --keep all -o scored.jsonl)";

constexpr const char* closing =
    "MODEL is a name (its champion; the newest version if there is none), NAME@champion, NAME@challenger, "
    "NAME/VERSION, or the path of an exported version. What is written: docs/models.md.\n\n"
    "Exit codes: 0 scored, 2 wrong use, or data or a model that cannot be read, 4 the output cannot be written, 5 "
    "internal error.";

struct Options {
  SourceOptions source;
  std::string data, model, bank, output, format, keep = "unused";
  bool contributions = false, quiet = false;
  size_t reasons = 0;
  int threads = 0;
};

/// Which columns of the input are written as well.
Result<std::vector<size_t>> kept_columns(const std::string& keep, const Schema& schema,
                                         const models::Encoder& encoder) {
  std::vector<size_t> kept;
  if (keep == "none") return kept;
  if (keep == "all" || keep == "unused") {
    for (size_t i = 0; i < schema.size(); ++i)
      if (keep == "all" ||
          std::ranges::find(encoder.columns(), schema[i].name, &models::EncodedColumn::name) == encoder.columns().end())
        kept.push_back(i);
    return kept;
  }
  for (const auto part : split(keep, ',')) {
    const std::string name(trim(part));
    const auto found = schema.find(name);
    if (!found) {
      const std::string near(trim(did_you_mean(name, schema.names())));
      return fail(Code::not_found, fmt::format("the data have no column '{}' to keep", printable(name)), near);
    }
    kept.push_back(*found);
  }
  return kept;
}

std::string format_of(const Options& options) {
  if (!options.format.empty()) return options.format;
  const std::string path = lower_ascii(options.output);
  if (path.ends_with(".parquet")) return "parquet";
  return path.ends_with(".jsonl") || path.ends_with(".ndjson") || path.ends_with(".json") ? "jsonl" : "csv";
}

Status write(const ScoredTable& table, const Options& options, const Terminal& terminal) {
  const std::string format = format_of(options);
  if (format == "parquet") return write_parquet(options.output, table.schema, table.columns);
  return write_output(
      options.output,
      format == "jsonl" ? to_json_lines(table.schema, table.columns) : simulate::to_csv(table.schema, table.columns),
      terminal);
}

/// "fraud/3: 12,000 rows scored; 231 predicted 1; CRITICAL 12, HIGH 40, …"
std::string summary(const models::Version& version, const models::Scores& scores) {
  std::string out =
      fmt::format("{}: {} rows scored", printable(version.info.label()), grouped(static_cast<int64_t>(scores.rows)));
  if (version.model.facts().task != Task::binary) return out;
  std::array<int64_t, 5> levels = {};
  for (const auto level : scores.risk) ++levels[static_cast<size_t>(level)];
  out += fmt::format("; {} predicted to be {}", grouped(std::ranges::count(scores.prediction, 1u)),
                     version.model.facts().positive.empty()
                         ? "the event"
                         : printable(version.model.facts().label + " = " + version.model.facts().positive));
  std::vector<std::string> parts;
  for (size_t i = levels.size(); i-- > 0;)
    if (levels[i] > 0)
      parts.push_back(fmt::format("{} {}", name(static_cast<models::RiskLevel>(i)), grouped(levels[i])));
  return parts.empty() ? out : out + "; " + join_words(parts);
}

struct Input {
  std::vector<Column> raw;
  ScoredTable kept;
};

/// Reads what the model needs and what is kept, each column once.
Result<Input> read_input(const Dataset& data, const models::Encoder& encoder, const std::string& keep) {
  LEEWAY_CHECK(encoder.require(data.schema().names()));
  LEEWAY_TRY(const auto kept, kept_columns(keep, data.schema(), encoder));
  std::vector<size_t> wanted;
  for (const auto& column : encoder.columns()) wanted.push_back(*data.schema().find(column.name));
  const size_t needed = wanted.size();
  for (const size_t index : kept)
    if (std::ranges::find(wanted, index) == wanted.end()) wanted.push_back(index);
  LEEWAY_TRY(auto columns, data.read(wanted));
  Input input;
  std::vector<Field> fields;
  for (const size_t index : kept) {
    fields.push_back(data.schema()[index]);
    input.kept.columns.push_back(columns[static_cast<size_t>(std::ranges::find(wanted, index) - wanted.begin())]);
  }
  input.kept.schema = Schema(std::move(fields));
  columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(needed), columns.end());
  input.raw = std::move(columns);
  return input;
}

Result<int> predict(const Options& options, const Terminal& terminal) {
  const std::string format = format_of(options);
  if (format == "parquet" && (options.output.empty() || options.output == "-"))
    return fail(Code::invalid_argument, "Parquet cannot be written to standard output", "Name a file with --output.");
  LEEWAY_TRY(const auto version, models::Bank(options.bank).open(options.model));
  const int threads = options.threads > 0 ? options.threads : default_threads();
  Progress progress(terminal, options.quiet);
  progress.update(0, "reading " + options.data);
  LEEWAY_TRY(const Dataset data, Dataset::open(options.source.spec(options.data, {}, threads)));
  const models::Model& model = version.model;
  LEEWAY_TRY(Input input, read_input(data, model.encoder(), options.keep));
  LEEWAY_TRY(const auto batch, model.encoder().bind(input.raw));
  models::ScoreOptions how;
  how.threads = threads;
  how.contributions = options.contributions || options.reasons > 0;
  how.progress = [&](double done) {
    progress.update(0.3 + 0.5 * done, "scoring");
    return true;
  };
  LEEWAY_TRY(const auto scores, model.score(batch, how));
  progress.update(0.8, "writing");
  const ScoredTable table = scored_table(model, version.info.label(), batch, scores, std::move(input.kept),
                                         options.contributions, options.reasons);
  LEEWAY_CHECK(write(table, options, terminal));
  if (options.quiet) return 0;
  for (const auto& note : data.notes()) fmt::print(terminal.err, "leeway: {}\n", note);
  for (const auto& remark : scores.remarks) fmt::print(terminal.err, "leeway: {}\n", remark);
  fmt::print(terminal.err, "leeway: {}\n", summary(version, scores));
  return 0;
}

}  // namespace

void add_predict(CLI::App& app, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("predict", description);
  command->footer(closing);
  command->add_option("data", options->data, "The rows to score: a file, a glob in quotes, or '-'")
      ->required()
      ->type_name("DATA");
  command->add_option("-m,--model", options->model, "The model")->required()->type_name("MODEL");
  add_bank_option(*command, options->bank);
  command->add_option("-o,--output", options->output, "Where to write; standard output if not given")
      ->type_name("FILE");
  command->add_option("--format", options->format, "csv, jsonl or parquet; by the output's ending if not given")
      ->check(one_of({"csv", "jsonl", "parquet"}))->type_name("FORMAT");
  command
      ->add_option(
          "--keep", options->keep,
          "Which input columns to write as well: unused (by the model), all, none, or names with commas [unused]")
      ->type_name("COLUMNS");
  command->add_flag("--contributions", options->contributions,
                    "Add each column's exact contribution (TreeSHAP) to the margin");
  command->add_option("--reasons", options->reasons, "Add the N largest contributions in words")
      ->check(whole_number(1, 100))
      ->type_name("N");
  command->add_flag("-q,--quiet", options->quiet, "Say nothing but errors");
  command->add_option("--threads", options->threads, "Threads to use; all processors if not given")
      ->check(whole_number(1, 1024))
      ->type_name("N");
  options->source.add(*command);
  command->callback([options, &terminal, &run] { run = [options, &terminal] { return predict(*options, terminal); }; });
}

}  // namespace leeway::cli
