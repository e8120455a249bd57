#include <CLI/CLI.hpp>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/threads.h"
#include "base/write_file.h"
#include "cli/bank_option.h"
#include "cli/command.h"
#include "cli/compare_models.h"
#include "cli/help.h"
#include "cli/model_schema.h"
#include "cli/options.h"

namespace leeway::cli {
namespace {

using models::Bank;
using models::VersionInfo;

constexpr const char* description = R"(Look after the model bank: versions, aliases, and the way from one to another.

Examples:
  leeway models list
  leeway models show fraud/3
  leeway models compare fraud@champion fraud@challenger --data labelled.csv
  leeway models promote fraud/3 champion --reason 'better on June'
  leeway models rollback fraud
  leeway models export fraud/3 -o fraud-3
  leeway models import booster.json --schema schema.yaml --name fraud)";

struct Options {
  std::string bank, model, second, alias = "champion", reason, output, path, schema, name, data, label, format = "text";
  SourceOptions source;
  int threads = 0;
};

std::string alias_text(const VersionInfo& version) {
  return version.aliases.empty() ? "" : "@" + join_words(version.aliases, "");
}

/// "0.812 [0.80, 0.83]", of the first metric recorded on test data.
std::string headline(const models::ModelRecord& record) {
  for (const auto& metric : record.metrics)
    if (metric.data == "test") return fmt::format("{} {}", metric.name, short_number(metric.value, 4));
  return "";
}

void write_version(JsonWriter& w, const VersionInfo& version) {
  w.member("model", version.model);
  w.member("version", version.number);
  w.member("id", "sha256:" + version.id);
  w.key("added");
  if (version.added == 0) w.null();
  else w.value(format_time(version.added));
  w.key("aliases");
  w.begin_array();
  for (const auto& alias : version.aliases) w.value(alias);
  w.end_array();
  w.member("path", version.path);
}

std::string list_json(const std::vector<VersionInfo>& versions) {
  JsonWriter w(2);
  w.begin_object();
  w.member("schema", "leeway.models/1");
  w.key("versions");
  w.begin_array();
  for (const auto& version : versions) {
    w.begin_object();
    write_version(w, version);
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return w.take() + "\n";
}

Result<int> list(const Options& options, const Terminal& terminal) {
  LEEWAY_TRY(const auto versions, Bank(options.bank).list());
  if (options.format == "json") {
    LEEWAY_CHECK(write_output("", list_json(versions), terminal));
    return 0;
  }
  std::string out;
  if (versions.empty())
    out = fmt::format("There are no models in '{}'. See leeway train and leeway models import.\n",
                      printable(options.bank));
  size_t widest = 0;
  for (const auto& version : versions) widest = std::max(widest, version.label().size());
  for (const auto& version : versions) {
    const auto record_path = version.path + "/record.json";
    const auto bytes = read_file(record_path);
    const auto record = bytes ? models::ModelRecord::read(*bytes) : Result<models::ModelRecord>(models::ModelRecord{});
    out += fmt::format("{:<{}}  {}  {:<20}  {:<22}{}\n", version.label(), widest, version.id.substr(0, 12),
                       version.added == 0 ? "" : format_time(version.added - version.added % 1'000'000'000),
                       record ? headline(*record) : "unreadable", alias_text(version));
  }
  LEEWAY_CHECK(write_output("", out, terminal));
  return 0;
}

Result<int> show(const Options& options, const Terminal& terminal) {
  const Bank bank(options.bank);
  LEEWAY_TRY(const auto version, bank.open(options.model));
  if (options.format == "json") {
    JsonWriter w(2);
    w.begin_object();
    w.member("schema", "leeway.model/1");
    write_version(w, version.info);
    w.key("files");
    w.begin_array();
    for (const auto& file : version.files) w.value(file);
    w.end_array();
    w.end_object();
    LEEWAY_CHECK(write_output("", w.take() + "\n", terminal));
    return 0;
  }
  LEEWAY_TRY(std::string card, read_file(version.info.path + "/card.md"));
  std::string out =
      fmt::format("{}  sha256:{}  {}\n{}\n\n{}", printable(version.info.label()), version.info.id.substr(0, 12),
                  alias_text(version.info), printable(version.info.path), card);
  if (version.info.number > 0) {
    LEEWAY_TRY(const auto events, bank.log(version.info.model));
    out += "\n## Moves\n\n";
    for (const auto& event : events) {
      if (event.what == "added") continue;
      out += fmt::format("- {}: {} {} from {} to {}{}\n", format_time(event.at - event.at % 1'000'000'000), event.alias,
                         event.what, event.from == 0 ? "nothing" : std::to_string(event.from), event.to,
                         event.reason.empty() ? "" : ": " + printable(event.reason));
    }
    if (events.empty() || std::ranges::all_of(events, [](const auto& e) { return e.what == "added"; }))
      out += "None yet.\n";
  }
  LEEWAY_CHECK(write_output("", out, terminal));
  return 0;
}

std::string table(const std::vector<ComparedLine>& lines, const std::string& first, const std::string& second) {
  std::vector<ComparedLine> all = {{"", first, second, "difference"}};
  all.insert(all.end(), lines.begin(), lines.end());
  size_t width[3] = {};
  for (const auto& l : all) {
    width[0] = std::max(width[0], l.what.size());
    width[1] = std::max(width[1], l.first.size());
    width[2] = std::max(width[2], l.second.size());
  }
  std::string out;
  for (const auto& l : all) {
    std::string row = fmt::format("{:<{}}  {:<{}}  {:<{}}  {}", printable(l.what), width[0], printable(l.first),
                                  width[1], printable(l.second), width[2], l.difference);
    out += std::string(row.substr(0, row.find_last_not_of(' ') + 1)) + "\n";
  }
  return out;
}

void write_lines(JsonWriter& w, std::string_view key, const std::vector<ComparedLine>& lines) {
  w.key(key);
  w.begin_array();
  for (const auto& l : lines) {
    w.begin_object();
    w.member("what", l.what);
    w.member("first", l.first);
    w.member("second", l.second);
    w.member("difference", l.difference);
    w.end_object();
  }
  w.end_array();
}

Result<SameRows> on_data(const Options& options, const models::Version& first, const models::Version& second) {
  const int threads = options.threads > 0 ? options.threads : default_threads();
  LEEWAY_TRY(const Dataset data, Dataset::open(options.source.spec(options.data, {}, threads)));
  const std::string label = options.label.empty() ? first.model.facts().label : options.label;
  const auto at = data.schema().find(label);
  if (!at)
    return fail(Code::not_found, fmt::format("the data have no outcome column '{}'", printable(label)),
                "Name it with --label.");
  LEEWAY_TRY(const Column outcome, data.read(*at));
  std::vector<size_t> wanted;
  for (const auto* version : {&first, &second}) {
    LEEWAY_CHECK(version->model.encoder().require(data.schema().names()));
    for (const auto& column : version->model.encoder().columns())
      if (const size_t index = *data.schema().find(column.name); std::ranges::find(wanted, index) == wanted.end())
        wanted.push_back(index);
  }
  LEEWAY_TRY(const auto raw, data.read(wanted));
  return compare_on(first, second, raw, outcome, threads);
}

Result<int> compare(const Options& options, const Terminal& terminal) {
  const Bank bank(options.bank);
  LEEWAY_TRY(const auto first, bank.open(options.model));
  LEEWAY_TRY(const auto second, bank.open(options.second));
  const auto lines = compare_records(first, second);
  SameRows same;
  if (!options.data.empty()) {
    LEEWAY_TRY(same, on_data(options, first, second));
  }
  if (options.format == "json") {
    JsonWriter w(2);
    w.begin_object();
    w.member("schema", "leeway.model_comparison/1");
    w.member("first", first.info.label());
    w.member("second", second.info.label());
    write_lines(w, "recorded", lines);
    w.member("same_rows", same.rows);
    write_lines(w, "on_same_rows", same.lines);
    w.end_object();
    LEEWAY_CHECK(write_output("", w.take() + "\n", terminal));
    return 0;
  }
  std::string out =
      lines.empty() ? "The two are recorded alike.\n" : table(lines, first.info.label(), second.info.label());
  if (same.rows > 0)
    out += fmt::format("\nOn the same {} rows\n{}", grouped(same.rows),
                       table(same.lines, first.info.label(), second.info.label()));
  LEEWAY_CHECK(write_output("", out, terminal));
  return 0;
}

std::string moved(const std::string& model, const models::BankEvent& event) {
  return fmt::format("{}@{}: {} -> {}\n", printable(model), event.alias,
                     event.from == 0 ? "none" : std::to_string(event.from), event.to);
}

Result<int> promote(const Options& options, const Terminal& terminal) {
  Bank bank(options.bank);
  LEEWAY_TRY(const auto info, bank.resolve(options.model));
  LEEWAY_TRY(const auto event, bank.promote(options.model, options.alias, options.reason, time_now()));
  LEEWAY_CHECK(write_output("", moved(info.model, event), terminal));
  return 0;
}

Result<int> roll_back(const Options& options, const Terminal& terminal) {
  Bank bank(options.bank);
  LEEWAY_TRY(const auto event, bank.roll_back(options.model, options.alias, options.reason, time_now()));
  LEEWAY_CHECK(write_output("", moved(options.model, event), terminal));
  return 0;
}

Result<int> export_version(const Options& options, const Terminal& terminal) {
  const Bank bank(options.bank);
  LEEWAY_TRY(const auto info, bank.resolve(options.model));
  LEEWAY_CHECK(bank.export_to(options.model, options.output));
  LEEWAY_CHECK(write_output("", fmt::format("{}: {}\n", printable(info.label()), printable(options.output)), terminal));
  return 0;
}

Result<VersionInfo> imported(const Options& options) {
  Bank bank(options.bank);
  std::error_code error;
  if (std::filesystem::is_directory(options.path, error)) return bank.import(options.path, time_now());
  LEEWAY_TRY(const auto model, foreign_model(options.path, options.schema, options.name));
  return bank.add(model, {}, {}, time_now());
}

Result<int> import_version(const Options& options, const Terminal& terminal) {
  LEEWAY_TRY(const auto info, imported(options));
  LEEWAY_CHECK(
      write_output("", fmt::format("{}  sha256:{}\n", printable(info.label()), info.id.substr(0, 12)), terminal));
  return 0;
}

}  // namespace

void add_models(CLI::App& app, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("models", description);
  command->require_subcommand(0, 1);
  const auto add = [&](const char* name, const char* text, Result<int> (*action)(const Options&, const Terminal&)) {
    auto* sub = command->add_subcommand(name, text);
    add_bank_option(*sub, options->bank);
    sub->callback([options, &terminal, &run, action] {
      run = [options, &terminal, action] { return action(*options, terminal); };
    });
    return sub;
  };
  const auto add_model = [&](CLI::App* sub) {
    sub->add_option("model", options->model, "NAME, NAME@ALIAS, NAME/VERSION or a version's folder")
        ->required()
        ->type_name("MODEL");
  };
  const auto add_format = [&](CLI::App* sub) {
    sub->add_option("--format", options->format, "text or json")->check(one_of({"text", "json"}))->type_name("FORMAT");
  };
  const auto add_move = [&](CLI::App* sub) {
    sub->add_option("alias,--alias", options->alias, "champion or challenger [champion]")
        ->check(one_of({"champion", "challenger"}))
        ->type_name("ALIAS");
    sub->add_option("--reason", options->reason, "Why, for the log")->type_name("TEXT");
  };
  add_format(add("list", "All versions, with their aliases", list));
  auto* one = add("show", "The model card of a version, and the moves of its aliases", show);
  add_model(one);
  add_format(one);
  auto* two = add(
      "compare", "Two versions side by side: what is recorded and, with --data, how they score the same rows", compare);
  add_model(two);
  two->add_option("second", options->second, "The version to compare it with")->required()->type_name("MODEL");
  two->add_option("--data", options->data, "Rows with a known outcome, to be scored by both")->type_name("DATA");
  two->add_option("--label", options->label, "The outcome's column; the first model's if not given")
      ->type_name("COLUMN");
  add_format(two);
  two->add_option("--threads", options->threads, "Threads to use; all processors if not given")
      ->check(whole_number(1, 1024))
      ->type_name("N");
  options->source.add(*two);
  auto* up = add("promote", "Give a version an alias", promote);
  add_model(up);
  add_move(up);
  auto* back = add("rollback", "Take an alias back to the version it had before", roll_back);
  back->add_option("model", options->model, "The model's name")->required()->type_name("NAME");
  add_move(back);
  auto* out = add("export", "Copy a version's folder, to be imported elsewhere", export_version);
  add_model(out);
  out->add_option("-o,--output", options->output, "The folder to make")->required()->type_name("FOLDER");
  auto* in = add("import", "Take in an exported version, or a model of XGBoost (JSON or UBJSON)", import_version);
  in->add_option("path", options->path, "An exported version's folder, or a model file")->required()->type_name("PATH");
  in->add_option("--schema", options->schema,
                 "How the model takes its rows (docs/models.md); not needed if it names its features")
      ->type_name("SCHEMA.YAML");
  in->add_option("--name", options->name, "The model's name")->type_name("NAME");
}

}  // namespace leeway::cli
