#include <CLI/CLI.hpp>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/threads.h"
#include "cli/bank_option.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "models/bank.h"
#include "models/effects.h"

namespace leeway::cli {
namespace {

constexpr const char* description =
    R"(Show what a model does: which columns matter, how its score goes with them, and which columns moved its scores.

Examples:
  leeway explain fraud
  leeway explain fraud --data today.csv --columns amount,hour
  leeway explain fraud --reference reference.csv --current today.csv)";

constexpr const char* closing =
    "Contributions are exact (TreeSHAP), in units of the margin: log odds for a binary model. With --reference and "
    "--current the changes of the columns' mean contributions add up to the change of the mean margin. Of a file with "
    "more rows than --rows, evenly spaced rows are taken.\n\n"
    "Exit codes: 0 explained, 2 wrong use, or data or a model that cannot be read, 5 internal error.";

struct Options {
  SourceOptions source;
  std::string model, bank, data, reference, current, columns, format = "text", output;
  size_t rows = 20'000;
  std::string of_class;
  bool quiet = false;
  int threads = 0;
};

/// One data set, scored with contributions.
struct Explained {
  std::vector<Column> raw;
  std::optional<models::EncodedBatch> batch;
  models::Scores scores;
  int64_t of_rows = 0;   // before thinning
};

std::vector<uint32_t> evenly(size_t rows, size_t most) {
  std::vector<uint32_t> picked;
  for (size_t i = 0; i < std::min(rows, most); ++i)
    picked.push_back(static_cast<uint32_t>(rows <= most ? i : i * rows / most));
  return picked;
}

Result<std::unique_ptr<Explained>> explain_rows(const Options& options, const models::Model& model,
                                                const std::string& path, Progress& progress, double from, double to) {
  const int threads = options.threads > 0 ? options.threads : default_threads();
  LEEWAY_TRY(const Dataset data, Dataset::open(options.source.spec(path, {}, threads)));
  LEEWAY_CHECK(model.encoder().require(data.schema().names()));
  auto out = std::make_unique<Explained>();
  out->of_rows = data.rows();
  const auto picked = evenly(static_cast<size_t>(data.rows()), options.rows);
  for (const auto& column : model.encoder().columns()) {
    LEEWAY_TRY(const Column whole, data.read(*data.schema().find(column.name)));
    out->raw.push_back(picked.size() < whole.size() ? whole.gather(picked) : whole);
  }
  LEEWAY_TRY(out->batch, model.encoder().bind(out->raw));
  models::ScoreOptions how;
  how.contributions = true;
  how.threads = threads;
  how.progress = [&](double done) {
    progress.update(from + (to - from) * done, path);
    return true;
  };
  LEEWAY_TRY(out->scores, model.score(*out->batch, how));
  if (out->scores.rows == 0) return fail(Error{Code::invalid_argument, "there are no rows to explain", path});
  return out;
}

/// All that was asked, ready to be written in any form.
struct Explanation {
  std::string label;
  std::vector<std::string> columns;               // of the encoder
  std::vector<double> gains;
  std::vector<models::ColumnEffect> effects;      // empty without data
  int64_t rows = 0, of_rows = 0;
  std::vector<std::pair<std::string, std::vector<models::DependencePoint>>> dependence;
  std::optional<models::MarginShift> shift;
  int64_t reference_rows = 0, current_rows = 0;
};

Result<std::vector<size_t>> asked_columns(const Options& options, const Explanation& explanation) {
  std::vector<size_t> asked;
  if (options.columns.empty()) {
    for (size_t i = 0; i < std::min<size_t>(3, explanation.effects.size()); ++i)
      asked.push_back(explanation.effects[i].column);
    return asked;
  }
  for (const auto part : split(options.columns, ',')) {
    const std::string name(trim(part));
    const auto found = std::ranges::find(explanation.columns, name);
    if (found == explanation.columns.end())
      return fail(Code::not_found, fmt::format("the model has no column '{}'", printable(name)),
                  std::string(trim(did_you_mean(name, explanation.columns))));
    asked.push_back(static_cast<size_t>(found - explanation.columns.begin()));
  }
  return asked;
}

Result<size_t> asked_output(const Options& options, const models::Model& model) {
  const auto& classes = model.facts().classes;
  if (model.facts().task != Task::multiclass) return size_t{0};
  if (options.of_class.empty()) return size_t{0};
  const auto found = std::ranges::find(classes, options.of_class);
  if (found == classes.end())
    return fail(Code::not_found, fmt::format("the model has no class '{}'", printable(options.of_class)),
                "Classes are: " + join_words(classes) + ".");
  return static_cast<size_t>(found - classes.begin());
}

Result<Explanation> explanation_of(const Options& options, const models::Version& version, Progress& progress) {
  const models::Model& model = version.model;
  Explanation out{version.info.label()};
  for (const auto& column : model.encoder().columns()) out.columns.push_back(column.name);
  out.gains = column_gains(model);
  LEEWAY_TRY(const size_t output, asked_output(options, model));
  const bool two = !options.reference.empty();
  const std::string& path = two ? options.current : options.data;
  if (path.empty()) return out;
  LEEWAY_TRY(const auto current, explain_rows(options, model, path, progress, two ? 0.5 : 0, 1));
  out.rows = static_cast<int64_t>(current->scores.rows);
  out.of_rows = current->of_rows;
  out.effects = column_effects(current->scores, output);
  LEEWAY_TRY(const auto asked, asked_columns(options, out));
  for (const size_t column : asked)
    out.dependence.emplace_back(out.columns[column],
                                dependence(model, *current->batch, current->scores, column, 10, output));
  if (!two) return out;
  LEEWAY_TRY(const auto reference, explain_rows(options, model, options.reference, progress, 0, 0.5));
  out.reference_rows = static_cast<int64_t>(reference->scores.rows);
  out.current_rows = out.rows;
  LEEWAY_TRY(out.shift, margin_shift(reference->scores, current->scores, output));
  return out;
}

std::string signed_number(double value) { return (value > 0 ? "+" : "") + short_number(value); }

/// "━━━━━" for a share of the largest.
std::string bar(double share, int width) {
  std::string out;
  for (int i = 0; i < static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * width)); ++i) out += "━";
  return out;
}

int widest(const std::vector<std::string>& names, int most) {
  int width = 6;
  for (const auto& name : names) width = std::max(width, display_width(printable(name)));
  return std::min(width, most);
}

std::string padded(const std::string& text, int width) {
  const std::string cut = ellipsize(printable(text), width);
  return cut + std::string(static_cast<size_t>(std::max(0, width - display_width(cut))), ' ');
}

std::string importance_text(const Explanation& e, int width) {
  std::string out =
      e.effects.empty()
          ? "Importance (share of the trees' gain)\n"
          : fmt::format("Importance over {} rows (mean size of the contribution; mean; share of the trees' gain)\n",
                        grouped(e.rows));
  std::vector<models::ColumnEffect> order = e.effects;
  if (order.empty()) {
    for (size_t c = 0; c < e.gains.size(); ++c) order.push_back({c, e.gains[c], 0});
    std::ranges::stable_sort(order, std::greater<>(), &models::ColumnEffect::mean_size);
  }
  const double most = order.empty() || order.front().mean_size <= 0 ? 1 : order.front().mean_size;
  for (const auto& effect : order) {
    const std::string name = padded(e.columns[effect.column], width);
    if (e.effects.empty())
      out += fmt::format("  {}  {:>7}  {}\n", name, percent(effect.mean_size), bar(effect.mean_size / most, 24));
    else
      out += fmt::format("  {}  {:>8}  {:>8}  {:>7}  {}\n", name, short_number(effect.mean_size),
                         signed_number(effect.mean), percent(e.gains[effect.column]), bar(effect.mean_size / most, 20));
  }
  return out;
}

std::string dependence_text(const Explanation& e) {
  std::string out;
  for (const auto& [name, points] : e.dependence) {
    out += fmt::format("\nHow the score goes with {} (mean contribution)\n", printable(name));
    std::vector<std::string> labels;
    for (const auto& point : points) labels.push_back(point.label);
    const int width = widest(labels, 28);
    for (const auto& point : points)
      out += fmt::format("  {}  {:>8}  {:>10} {}\n", padded(point.label, width), signed_number(point.mean),
                         grouped(point.rows), point.rows == 1 ? "row" : "rows");
  }
  return out;
}

std::string shift_text(const Explanation& e, int width) {
  if (!e.shift) return "";
  const auto& s = *e.shift;
  std::string out = fmt::format(
      "\nWhat moved the scores: mean margin {} over {} reference rows, {} over {} current rows, change {} [{}, {}]\n",
      short_number(s.reference), grouped(e.reference_rows), short_number(s.current), grouped(e.current_rows),
      signed_number(s.change()), short_number(s.interval.lower), short_number(s.interval.upper));
  for (const auto& c : s.columns)
    out += fmt::format("  {}  {:>8}  [{}, {}]\n", padded(e.columns[c.column], width), signed_number(c.change()),
                       short_number(c.interval.lower), short_number(c.interval.upper));
  return out;
}

std::string as_text(const Explanation& e) {
  const int width = widest(e.columns, 30);
  std::string out = printable(e.label) + "\n\n" + importance_text(e, width) + dependence_text(e) + shift_text(e, width);
  if (e.of_rows > e.rows)
    out += fmt::format("\n{} of {} rows were explained, evenly spaced; --rows sets how many.\n", grouped(e.rows),
                       grouped(e.of_rows));
  return out;
}

void write_interval(JsonWriter& w, const stats::Interval& interval) {
  w.key("interval");
  w.begin_array();
  w.value(interval.lower);
  w.value(interval.upper);
  w.end_array();
}

void write_shift(JsonWriter& w, const Explanation& e) {
  w.key("shift");
  w.begin_object();
  w.member("reference_rows", e.reference_rows);
  w.member("current_rows", e.current_rows);
  w.member("reference", e.shift->reference);
  w.member("current", e.shift->current);
  w.member("change", e.shift->change());
  write_interval(w, e.shift->interval);
  w.key("columns");
  w.begin_array();
  for (const auto& c : e.shift->columns) {
    w.begin_object();
    w.member("column", e.columns[c.column]);
    w.member("reference", c.reference);
    w.member("current", c.current);
    w.member("change", c.change());
    write_interval(w, c.interval);
    w.end_object();
  }
  w.end_array();
  w.end_object();
}

std::string as_json(const Explanation& e) {
  JsonWriter w(2);
  w.begin_object();
  w.member("schema", "leeway.model_explanation/1");
  w.member("model", e.label);
  w.member("rows", e.rows);
  w.member("of_rows", e.of_rows);
  w.key("columns");
  w.begin_array();
  for (size_t c = 0; c < e.columns.size(); ++c) {
    w.begin_object();
    w.member("column", e.columns[c]);
    w.member("gain", e.gains[c]);
    for (const auto& effect : e.effects)
      if (effect.column == c) {
        w.member("mean_size", effect.mean_size);
        w.member("mean", effect.mean);
      }
    w.end_object();
  }
  w.end_array();
  w.key("dependence");
  w.begin_array();
  for (const auto& [name, points] : e.dependence) {
    w.begin_object();
    w.member("column", name);
    w.key("points");
    w.begin_array();
    for (const auto& point : points) {
      w.begin_object();
      w.member("value", point.label);
      w.member("rows", point.rows);
      w.member("mean", point.mean);
      w.end_object();
    }
    w.end_array();
    w.end_object();
  }
  w.end_array();
  if (e.shift) write_shift(w, e);
  w.end_object();
  return w.take() + "\n";
}

Result<int> explain(const Options& options, const Terminal& terminal) {
  if (options.reference.empty() != options.current.empty())
    return fail(Code::invalid_argument, "--reference and --current go together");
  if (!options.reference.empty() && !options.data.empty())
    return fail(Code::invalid_argument, "--data does not go with --reference and --current");
  LEEWAY_TRY(const auto version, models::Bank(options.bank).open(options.model));
  Progress progress(terminal, options.quiet);
  LEEWAY_TRY(const Explanation explanation, explanation_of(options, version, progress));
  LEEWAY_CHECK(
      write_output(options.output, options.format == "json" ? as_json(explanation) : as_text(explanation), terminal));
  return 0;
}

}  // namespace

void add_explain(CLI::App& app, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("explain", description);
  command->footer(closing);
  command->add_option("model", options->model, "NAME, NAME@ALIAS, NAME/VERSION or a version's folder")
      ->required()
      ->type_name("MODEL");
  add_bank_option(*command, options->bank);
  command->add_option("--data", options->data, "Rows to explain the model on")->type_name("DATA");
  command
      ->add_option("--reference", options->reference,
                   "With --current: which columns moved the scores from one to the other")
      ->type_name("DATA");
  command->add_option("--current", options->current, "See --reference")->type_name("DATA");
  command
      ->add_option("--columns", options->columns,
                   "Show how the score goes with these (with commas); the three that matter most if not given")
      ->type_name("NAMES");
  command
      ->add_option("--class", options->of_class,
                   "Multiclass: the class whose margin is explained; the first if not given")
      ->type_name("CLASS");
  command->add_option("--rows", options->rows, "Rows to explain of each file, at most [20000]")
      ->check(whole_number(1, 100'000'000))
      ->type_name("N");
  command->add_option("--format", options->format, "text or json")
      ->check(one_of({"text", "json"}))
      ->type_name("FORMAT");
  command->add_option("-o,--output", options->output, "Where to write; standard output if not given")
      ->type_name("FILE");
  command->add_flag("-q,--quiet", options->quiet, "No progress bar");
  command->add_option("--threads", options->threads, "Threads to use; all processors if not given")
      ->check(whole_number(1, 1024))
      ->type_name("N");
  options->source.add(*command);
  command->callback([options, &terminal, &run] { run = [options, &terminal] { return explain(*options, terminal); }; });
}

}  // namespace leeway::cli
