#include <CLI/CLI.hpp>

#include "base/text.h"
#include "base/threads.h"
#include "cli/bank_option.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "models/tree_settings.h"
#include "monitor/train_run.h"

namespace leeway::cli {
namespace {

constexpr const char* description =
    R"(Train a model from rows with a known outcome, and keep it as a version of the bank.

Examples:
  leeway train transactions.csv --label is_fraud
  leeway train loans.parquet -c monitor.yaml --tune 30 --bank models
  leeway train loans.csv --label default --class-weight balanced --monotone income=-1 --threshold precision=0.8
  leeway train creditcard.csv --recipe creditcard)";

std::string closing() {
  std::string text =
      R"(Rows are split by time where there is a time column: the oldest train, later ones stop the trees, calibrate and
set the threshold, the latest test, in three windows. Else they are split at random within each class.

Settings of the trees (--param, --search):)";
  for (const auto& setting : models::tree_settings()) text += fmt::format("\n  {:<22} {}", setting.name, setting.help);
  text += "\n\nRecipes:";
  for (const auto& recipe : models::recipes()) text += fmt::format("\n  {:<22} {}", recipe.name, recipe.summary);
  return text +
         "\n\nExit codes: 0 trained, 2 wrong use or data that cannot train a model, 4 the bank cannot be written, 5 "
         "internal error.";
}

struct Options {
  ConfigOptions config;
  SourceOptions source;
  std::string data, label, task, name, recipe, algorithm, bank;
  std::string split = "auto", class_weight, calibration, threshold, tune_by;
  std::vector<std::string> params, search, monotone;
  double validation = 0.15, test = 0.25;
  int tune = 0, folds = 0, windows = 3, threads = 0;
  bool no_bank = false, grid = false, use_groups = false, time_features = false, all = false, quiet = false;
  std::optional<uint64_t> seed;
  std::string format = "text", output;
};

Result<models::Monotone> monotone_of(const std::string& text) {
  const size_t equals = text.rfind('=');
  const std::string sign = equals == std::string::npos ? "" : text.substr(equals + 1);
  const bool up = sign == "+1" || sign == "1" || sign == "+", down = sign == "-1" || sign == "-";
  if (!up && !down)
    return fail(Code::invalid_argument, fmt::format("'{}' is not a column with a direction", printable(text)),
                "Write income=-1 (the score falls as income grows) or debt=+1.");
  return models::Monotone{text.substr(0, equals), static_cast<int8_t>(up ? 1 : -1)};
}

/// What the monitor file says, with --label, --task and the recipe over it.
Result<MonitorConfig> config_of(const Options& options, const models::Recipe* recipe) {
  ConfigOptions with = options.config;
  if (!options.label.empty()) with.set.push_back("columns.label.column=" + options.label);
  if (!options.task.empty()) with.set.push_back("task=" + options.task);
  LEEWAY_TRY(MonitorConfig config, with.read());
  if (recipe != nullptr && config.columns.label.column.empty()) {
    config.columns.label.column = recipe->label;
    config.columns.label.positive = recipe->positive;
  }
  if (recipe != nullptr && config.model.empty()) config.model = recipe->name;
  return config;
}

Status set_search(const Options& options, models::TrainOptions& train) {
  const auto names = models::tree_setting_names(), integers = models::integer_tree_settings();
  if (!options.search.empty()) train.space.clear();
  for (const auto& text : options.search) {
    LEEWAY_TRY(auto range, models::parse_search_range(text, names, integers));
    train.space.push_back(std::move(range));
  }
  constexpr int usual_trials = 20;
  train.grid = options.grid;
  if (options.tune > 0) train.trials = options.tune;
  else if (!options.search.empty() && !options.grid && train.trials == 0) train.trials = usual_trials;
  if (options.folds > 0) train.folds = options.folds;
  return {};
}

Status set_decision(const Options& options, const MonitorConfig& config, models::TrainOptions& train) {
  if (options.threshold.empty()) {
    using Kind = models::ThresholdRule::Kind;
    train.threshold.kind = config.columns.threshold ? Kind::given : config.cost != CostConfig{} ? Kind::cost : Kind::f1;
    train.threshold.target = config.columns.threshold.value_or(0);
  } else {
    LEEWAY_TRY(train.threshold, models::parse_threshold_rule(options.threshold));
  }
  if (config.cost != CostConfig{}) {
    train.threshold.false_negative = config.cost.false_negative;
    train.threshold.false_positive = config.cost.false_positive;
    train.threshold.true_negative = config.cost.true_negative;
    train.threshold.true_positive = config.cost.true_positive;
  }
  if (options.calibration.empty() || options.calibration == "auto") return {};
  train.calibration = models::calibration_kind_of(options.calibration);
  return {};
}

Result<models::TrainOptions> train_options(const Options& options, const MonitorConfig& config,
                                           const models::Recipe* recipe) {
  models::TrainOptions train;
  if (recipe != nullptr) recipe->prepare(train);
  if (!options.algorithm.empty()) train.forest = options.algorithm == "forest";
  for (const auto& text : options.params) {
    LEEWAY_TRY(auto setting, models::parse_tree_setting(text));
    train.settings.push_back(std::move(setting));
  }
  if (!options.class_weight.empty()) {
    LEEWAY_TRY(train.weighting, models::parse_class_weighting(options.class_weight));
  }
  if (train.weighting.kind == models::ClassWeighting::Kind::balanced_subsample && !train.forest)
    return fail(Code::invalid_argument, "balanced-subsample weighs the rows that each tree of a forest draws",
                "Add --algorithm forest, or write --class-weight balanced.");
  for (const auto& text : options.monotone) {
    LEEWAY_TRY(auto wish, monotone_of(text));
    train.monotone.push_back(std::move(wish));
  }
  LEEWAY_CHECK(set_search(options, train));
  LEEWAY_CHECK(set_decision(options, config, train));
  if (!options.tune_by.empty()) {
    const auto known = {models::Objective::binary, models::Objective::multiclass, models::Objective::regression};
    for (const auto objective : known)
      if (const auto criterion = models::criterion_of(options.tune_by, objective)) train.criterion = *criterion;
    if (!train.criterion)
      return std::unexpected(models::criterion_of(options.tune_by, models::Objective::binary).error());
  }
  train.seed = options.seed.value_or(config.seed);
  train.threads = options.threads > 0 ? options.threads : default_threads();
  return train;
}

std::string render(const TrainReport& report, const Options& options, const Terminal& terminal) {
  if (options.format == "json") return train_json(report);
  TerminalStyle style;
  style.width = terminal.width;
  style.colour = terminal.colour && (options.output.empty() || options.output == "-");
  style.all = options.all;
  return train_text(report, style);
}

Result<int> train(const Options& options, const Terminal& terminal) {
  TrainRequest request;
  if (!options.recipe.empty()) {
    LEEWAY_TRY(request.recipe, models::recipe_named(options.recipe));
  }
  LEEWAY_TRY(request.config, config_of(options, request.recipe));
  LEEWAY_TRY(request.options, train_options(options, request.config, request.recipe));
  request.data = options.source.spec(options.data, request.config, options.threads);
  request.name = options.name;
  request.split = options.split == "time"     ? SplitBy::time
                  : options.split == "random" ? SplitBy::random
                                              : SplitBy::automatic;
  request.shares = {options.validation, options.test, options.windows};
  request.columns = {options.use_groups, options.time_features, request.options.threads};
  if (!options.no_bank) request.bank = options.bank;
  request.now = time_now();
  request.command = terminal.command_line;
  request.tool_version = LEEWAY_VERSION;
  Result<TrainReport> report = [&] {
    Progress progress(terminal, options.quiet);
    request.progress = [&](double done, const std::string& what) {
      progress.update(done, what);
      return true;
    };
    return run_train(request);
  }();
  if (!report) return std::unexpected(report.error());
  LEEWAY_CHECK(write_output(options.output, render(*report, options, terminal), terminal));
  return 0;
}

void add_learning(CLI::App& command, Options& options) {
  command.add_option("--algorithm", options.algorithm, "boosting (the default) or forest")
      ->check(CLI::IsMember({"boosting", "forest"}))
      ->type_name("NAME");
  command.add_option("--recipe", options.recipe, "Ready-made settings for a well-known data set (below)")
      ->type_name("NAME");
  command.add_option("--param", options.params, "A setting of the trees: --param max_depth=8; repeatable")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command
      .add_option("--class-weight", options.class_weight,
                  "none, balanced, balanced-subsample (forest), or CLASS=WEIGHT,…")
      ->type_name("HOW");
  command
      .add_option("--monotone", options.monotone,
                  "The score may only rise (+1) or fall (-1) with a column: --monotone income=-1; repeatable")
      ->type_name("COLUMN=±1")
      ->allow_extra_args(false);
  command.add_flag("--use-groups", options.use_groups, "Learn from the sensitive groups (columns.groups) too");
  command.add_flag("--time-features", options.time_features, "Learn from the hour and the weekday of the time column");
}

void add_tuning(CLI::App& command, Options& options) {
  command.add_option("--tune", options.tune, "Search at random: so many candidates, each cross-validated")
      ->check(whole_number(1, 10'000))
      ->type_name("N");
  command
      .add_option("--search", options.search,
                  "What to search: max_depth=3..8, learning_rate=0.01..0.3:log, subsample=0.6,0.8,1; repeatable")
      ->type_name("NAME=VALUES")
      ->allow_extra_args(false);
  command.add_flag("--grid", options.grid, "Try every combination instead of random ones");
  command
      .add_option("--folds", options.folds,
                  "Folds of cross-validation (5): over time where rows are split by time, else stratified")
      ->check(whole_number(2, 50))
      ->type_name("K");
  command.add_option("--tune-by", options.tune_by, "roc_auc, average_precision, log_loss, hand_till_auc, rmse or mae")
      ->type_name("METRIC");
}

void add_decision(CLI::App& command, Options& options) {
  command.add_option("--split", options.split, "auto, time or random")
      ->check(CLI::IsMember({"auto", "time", "random"}))
      ->type_name("HOW");
  command.add_option("--validation", options.validation, "Share of the rows for validation (0.15)")->type_name("SHARE");
  command.add_option("--test", options.test, "Share of the rows for the test (0.25)")->type_name("SHARE");
  command.add_option("--windows", options.windows, "Windows of the test rows over time (3)")
      ->check(whole_number(1, 100))
      ->type_name("N");
  command.add_option("--calibration", options.calibration, "auto (by held-out loss), none, platt, beta or isotonic")
      ->check(CLI::IsMember({"auto", "none", "platt", "beta", "isotonic"}))
      ->type_name("KIND");
  command
      .add_option("--threshold", options.threshold,
                  "cost (the monitor file's), f1, precision=0.9, recall=0.8, or a number")
      ->type_name("RULE");
}

}   // namespace

void add_train(CLI::App& app, const Terminal& terminal, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("train", description);
  command->footer(closing());
  command->add_option("data", options->data, "Rows with features and outcome: a file, a glob in quotes, or '-'")
      ->required()
      ->type_name("DATA");
  command->add_option("--label", options->label, "The column to predict")->type_name("COLUMN");
  command->add_option("--task", options->task, "binary, multiclass or regression; told from the label if not given")
      ->check(CLI::IsMember({"binary", "multiclass", "regression"}))
      ->type_name("TASK");
  add_bank_option(*command, options->bank);
  command->add_flag("--no-bank", options->no_bank, "Report only, keep no model");
  command->add_option("--name", options->name, "Of the model; else the monitor file's, or the label's")
      ->type_name("NAME");
  options->config.add(*command);
  options->source.add(*command);
  add_learning(*command, *options);
  add_tuning(*command, *options);
  add_decision(*command, *options);
  command->add_option("--format", options->format, "text or json (api/train.schema.json)")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  command->add_option("-o,--output", options->output, "Write the report to this file instead of standard output")
      ->type_name("FILE");
  command->add_flag("--all", options->all, "Do not shorten lists in the text report");
  command->add_flag("-q,--quiet", options->quiet, "No progress on standard error");
  command
      ->add_option("--threads", options->threads,
                   "Threads to use; all processors if not given. The model does not depend on it")
      ->check(whole_number(1, 1024))
      ->type_name("N");
  command
      ->add_option("--seed", options->seed,
                   "Of everything that is drawn; the same seed and data give the same model [1]")
      ->check(whole_number(0, std::numeric_limits<long long>::max()))
      ->type_name("N");
  command->callback([options, &terminal, &run] { run = [options, &terminal] { return train(*options, terminal); }; });
}

}   // namespace leeway::cli
