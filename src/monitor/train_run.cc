#include "monitor/train_run.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/text.h"
#include "models/bank.h"
#include "models/out_of_time.h"
#include "models/tree_settings.h"
#include "monitor/profile_run.h"
#include "monitor/train_metrics.h"

namespace leeway {
namespace {

constexpr double training_begins = 0.05, measuring_begins = 0.9;   // on the progress bar
constexpr uint64_t for_split = 0x51;                               // the split's stream of randomness

std::string number(double value) { return std::isfinite(value) ? exact_number(value) : ""; }

/// A name that the bank takes: what it does not is turned to '-'.
std::string safe_name(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 100))
    out += std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-' ? c : '-';
  return out.empty() ? "model" : out;
}

std::string quoted_for_shell(const std::string& word) {
  return word.find_first_of(" '\"$*?&;|<>()") == std::string::npos ? word : "'" + word + "'";
}

/// One run, step by step; each step reads what those before it left.
class TrainRun {
 public:
  explicit TrainRun(const TrainRequest& request) : request_(request), options_(request.options) {}

  Result<TrainReport> run() {
    LEEWAY_CHECK(read());
    LEEWAY_CHECK(split());
    LEEWAY_CHECK(train());
    LEEWAY_CHECK(score());
    describe();
    measure();
    LEEWAY_CHECK(keep());
    suggest();
    return std::move(report_);
  }

 private:
  Status read();
  Status split();
  Status train();
  Status score();
  void describe();
  void describe_tuning();
  void describe_decision();
  void measure();
  void measure_out_of_time();
  void compare_published();
  TrainPart part(std::string name, const std::vector<uint32_t>& rows) const;
  models::ModelRecord record() const;
  Status write_reference(const std::string& path) const;
  Status keep();
  void suggest();
  bool binary() const { return data_->roles.task == Task::binary; }
  int64_t events(std::span<const uint32_t> rows) const;
  Status progress(double done, const std::string& what) const {
    if (request_.progress && !request_.progress(done, what)) return fail(Code::cancelled, "training was interrupted");
    return {};
  }

  const TrainRequest& request_;
  models::TrainOptions options_;
  std::optional<Side> side_;
  std::optional<TrainData> data_;
  models::Split split_;
  std::optional<models::Training> training_;
  ScoredRows scored_;
  TrainReport report_;
};

Status TrainRun::read() {
  LEEWAY_CHECK(progress(0, "reading"));
  LEEWAY_TRY(side_, Side::open(request_.data));
  if (side_->is_profile())
    return fail(Code::invalid_argument,
                fmt::format("'{}' is a profile, and a model learns from rows", printable(side_->label())),
                "Give the data it was made from.");
  if (request_.recipe != nullptr) LEEWAY_CHECK(models::check_columns(*request_.recipe, side_->schema()));
  LEEWAY_TRY(data_, read_train_data(*side_, request_.config, request_.columns));
  for (const auto& note : side_->data()->notes()) report_.notes.push_back(note);
  for (const auto& column : data_->table.features)
    if (const auto& told = data_->roles.columns.categorical; std::ranges::find(told, column.name()) != told.end())
      options_.encoding.categorical.push_back(column.name());
  return {};
}

Status TrainRun::split() {
  const bool by_time = request_.split == SplitBy::time || (request_.split == SplitBy::automatic && data_->time);
  if (by_time && !data_->time)
    return fail(Code::invalid_argument, "there is no time column to split by",
                "Name one with --set columns.time=NAME, or --split random.");
  if (by_time) {
    const auto times = data_->time->integers();
    LEEWAY_TRY(split_, models::split_by_time(data_->rows, times, request_.shares));
    data_->table.times.assign(times.begin(), times.end());
    report_.split = fmt::format("by time: tested on what came after {}", format_time(split_.test_from));
    return {};
  }
  std::vector<uint32_t> strata;
  if (data_->roles.task == Task::regression) {
    strata = models::strata_of_numbers(data_->rows, data_->table.target);
  } else {
    for (const double y : data_->table.target) strata.push_back(std::isfinite(y) ? static_cast<uint32_t>(y) : 0);
  }
  LEEWAY_TRY(split_,
             models::split_stratified(data_->rows, strata, request_.shares, Random(options_.seed).split(for_split)));
  report_.split =
      data_->roles.task == Task::regression ? "at random within tenths of the label" : "at random within each class";
  return {};
}

Status TrainRun::train() {
  for (auto& note : leak_notes(*data_, split_.train, options_.threads)) data_->notes.push_back(std::move(note));
  options_.progress = [&](double done, const std::string& what) {
    return progress(training_begins + (measuring_begins - training_begins) * done, what).has_value();
  };
  models::ModelFacts facts;
  facts.name = safe_name(!request_.name.empty()           ? request_.name
                         : !request_.config.model.empty() ? request_.config.model
                                                          : data_->roles.columns.label.column);
  facts.task = data_->roles.task;
  facts.label = data_->roles.columns.label.column;
  facts.training_fingerprint = side_->fingerprint();
  facts.software = fmt::format("leeway {}, xgboost {}", request_.tool_version, models::xgboost_version());
  LEEWAY_TRY(training_, models::train_model(data_->table, split_, std::move(facts), options_));
  return {};
}

Status TrainRun::score() {
  LEEWAY_CHECK(progress(measuring_begins, "measuring"));
  models::ScoreOptions how;
  how.threads = options_.threads;
  LEEWAY_TRY(const models::Scores scores, training_->model.score(data_->table.features, how));
  scored_ = scored_rows(training_->model, scores);
  return {};
}

int64_t TrainRun::events(std::span<const uint32_t> rows) const {
  return std::ranges::count_if(rows, [&](uint32_t row) { return data_->table.target[row] == 1; });
}

TrainPart TrainRun::part(std::string name, const std::vector<uint32_t>& rows) const {
  TrainPart out;
  out.name = std::move(name);
  out.rows = static_cast<int64_t>(rows.size());
  if (binary()) out.events = events(rows);
  if (split_.by_time()) {
    const auto times = data_->time->integers();
    const auto [first, last] = std::ranges::minmax(rows, {}, [&](uint32_t row) { return times[row]; });
    out.from = format_time(times[first]);
    out.to = format_time(times[last]);
  }
  out.metrics = measure_rows(*data_, scored_, rows);
  return out;
}

void TrainRun::describe() {
  const models::Model& model = training_->model;
  report_.command = request_.command;
  report_.tool_version = request_.tool_version;
  report_.model = model.facts().name;
  report_.task = std::string(name(model.facts().task));
  report_.algorithm = model.facts().algorithm;
  report_.seed = options_.seed;
  report_.data = side_->label();
  report_.fingerprint = side_->fingerprint();
  report_.rows = side_->rows();
  report_.labelled = static_cast<int64_t>(data_->rows.size());
  report_.label = model.facts().label;
  report_.positive = model.facts().positive;
  for (const auto& column : model.encoder().columns()) report_.features.push_back(column.name);
  report_.left_out = data_->left_out;
  report_.notes.insert(report_.notes.end(), data_->notes.begin(), data_->notes.end());
  const bool bootstrap = options_.weighting.kind == models::ClassWeighting::Kind::balanced_subsample;
  for (const auto& setting : models::tree_settings()) {
    const bool boosts = setting.name == "learning_rate" || setting.name == "early_stopping_rounds";
    if ((options_.forest && boosts) || (bootstrap && setting.name == "subsample")) continue;   // without effect
    report_.settings.emplace_back(setting.name, setting.get(training_->parameters));
  }
  report_.class_weighting = models::text_of(options_.weighting);
  report_.rounds = training_->rounds;
  report_.trees = static_cast<int64_t>(training_->trees);
  for (size_t c = 0; c < training_->class_weights.size(); ++c)
    report_.class_weights.emplace_back(data_->table.classes[c], training_->class_weights[c]);
  report_.importance = models::column_importance(model);
  describe_tuning();
  describe_decision();
}

void TrainRun::describe_tuning() {
  TrainTuning& out = report_.tuning;
  out.criterion = std::string(models::name(training_->criterion));
  out.higher_is_better = models::higher_is_better(training_->criterion);
  if (training_->candidates.empty()) return;
  out.folds = fmt::format("{} {}", options_.folds, split_.by_time() ? "folds over time" : "stratified folds");
  for (const auto& range : training_->space) out.settings.push_back(range.parameter);
  for (const auto& candidate : training_->candidates)
    out.candidates.push_back({candidate.point, candidate.mean, candidate.se, candidate.rounds, candidate.chosen});
  std::ranges::stable_sort(out.candidates, [&](const TrainCandidate& a, const TrainCandidate& b) {
    return out.higher_is_better ? a.mean > b.mean : a.mean < b.mean;
  });
}

void TrainRun::describe_decision() {
  if (!binary()) return;
  const auto& calibration = training_->calibration;
  report_.calibration = TrainCalibration{std::string(models::name(calibration.map.kind)), {}, calibration.note};
  for (const auto& trial : calibration.trials)
    report_.calibration->trials.push_back({std::string(models::name(trial.kind)), trial.log_loss, trial.brier});
  const auto& chosen = *training_->threshold;
  TrainThreshold& out = report_.threshold.emplace();
  out.value = chosen.threshold;
  out.rule = models::text_of(options_.threshold);
  out.precision = chosen.precision();
  out.recall = chosen.recall();
  out.f1 = chosen.f1();
  if (options_.threshold.kind == models::ThresholdRule::Kind::cost || request_.config.cost != CostConfig{})
    out.cost_per_row = chosen.cost_per_row(options_.threshold);
  out.note = chosen.note;
}

void TrainRun::measure() {
  report_.parts.push_back(part("training", split_.train));
  report_.parts.push_back(part("validation", split_.validation));
  report_.parts.push_back(part("test", split_.test));
  measure_out_of_time();
  compare_published();
}

void TrainRun::measure_out_of_time() {
  TrainOutOfTime& out = report_.out_of_time;
  out.metric = std::string(headline_metric(data_->roles.task));
  for (const auto& m : report_.parts.back().metrics)
    if (m.method->id == out.metric) out.title = std::string(m.method->title);
  std::vector<models::WindowLevel> levels;
  for (const auto& window : split_.windows) {
    const Measurement m = measure_rows(*data_, scored_, window.rows, out.metric);
    const Estimate level = m.current.value_or(Estimate{});
    out.windows.push_back({format_time(window.from), format_time(window.to), static_cast<int64_t>(window.rows.size()),
                           binary() ? events(window.rows) : 0, level, m.not_computable});
    levels.push_back({level.value, level.se});
  }
  const models::Stability steady = models::stability(levels);
  out.mean = steady.mean;
  out.cv_raw = steady.cv_raw;
  out.cv_corrected = steady.cv_corrected;
  out.cv_by_chance = steady.cv_by_chance;
}

void TrainRun::compare_published() {
  if (request_.recipe == nullptr) return;
  for (const auto& figure : request_.recipe->published)
    for (const auto& m : report_.parts.back().metrics)
      if (m.method->id == figure.metric)
        report_.published.push_back(
            {std::string(figure.metric), std::string(m.method->title), figure.value, m.current.value_or(Estimate{})});
  report_.published_note = request_.recipe->published_note;
}

models::ModelRecord TrainRun::record() const {
  models::ModelRecord out;
  for (const auto& part : report_.parts)
    for (const auto& m : part.metrics)
      if (m.subject.slice.empty() && m.current && std::isfinite(m.current->value))
        out.metrics.push_back({std::string(m.method->id), part.name, m.current->value, m.current->lower,
                               m.current->upper, m.current_rows.used});
  const TrainOutOfTime& o = report_.out_of_time;
  if (!split_.windows.empty()) {
    out.out_of_time.metric = o.metric;
    out.out_of_time.variation = o.cv_raw;
    out.out_of_time.variation_corrected = o.cv_corrected;
  }
  for (size_t w = 0; w < split_.windows.size(); ++w)
    out.out_of_time.windows.push_back({split_.windows[w].from, split_.windows[w].to, o.windows[w].rows,
                                       o.windows[w].events, o.windows[w].level.value, o.windows[w].level.lower,
                                       o.windows[w].level.upper});
  out.choices = {{"split", report_.split},
                 {"rows", fmt::format("{} training, {} validation, {} test", grouped(report_.parts[0].rows),
                                      grouped(report_.parts[1].rows), grouped(report_.parts[2].rows))}};
  if (report_.rounds > 1) out.choices.emplace_back("rounds", std::to_string(report_.rounds));
  out.choices.emplace_back("trees", std::to_string(report_.trees));
  for (const auto& [setting, value] : report_.settings) out.choices.emplace_back(setting, number(value));
  out.choices.emplace_back("class weights", models::text_of(options_.weighting));
  if (!report_.tuning.candidates.empty())
    out.choices.emplace_back("tuning", fmt::format("{} candidates by {} on {}", report_.tuning.candidates.size(),
                                                   report_.tuning.criterion, report_.tuning.folds));
  if (report_.calibration) out.choices.emplace_back("calibration", report_.calibration->kind);
  if (report_.threshold)
    out.choices.emplace_back("threshold",
                             fmt::format("{} ({})", number(report_.threshold->value), report_.threshold->rule));
  if (request_.recipe != nullptr) out.choices.emplace_back("recipe", std::string(request_.recipe->name));
  return out;
}

/// The test rows with the model's output: what later data are checked against. Training rows would show a model better
/// than it is.
Status TrainRun::write_reference(const std::string& path) const {
  Roles roles = data_->roles;
  std::vector<Column> columns;
  const auto add = [&](const Column& column) {
    if (std::ranges::none_of(columns, [&](const Column& c) { return c.name() == column.name(); }))
      columns.push_back(column.gather(split_.test));
  };
  for (const Column& output : scored_.outputs) add(output);
  for (const Column& feature : data_->table.features) add(feature);
  for (const auto& group : roles.columns.groups) {
    LEEWAY_TRY(const Column column, side_->read(group));
    add(column);
  }
  if (data_->time) add(*data_->time);
  add(data_->label);
  roles.columns.id.clear();
  roles.columns.weight.clear();
  roles.columns.score = binary() ? scored_.outputs.front().name() : "";
  roles.columns.prediction = roles.task == Task::regression ? scored_.outputs.front().name() : "";
  roles.columns.scores.clear();
  if (roles.task == Task::multiclass)
    for (size_t k = 0; k < scored_.outputs.size(); ++k)
      roles.columns.scores.emplace_back(data_->table.classes[k], scored_.outputs[k].name());
  if (binary()) roles.columns.threshold = scored_.threshold;
  const Side test = Side::of(std::move(columns), side_->label() + ", test rows", side_->fingerprint());
  LEEWAY_TRY(const Profile profile, build_profile(test, roles, true, nullptr, options_.threads, path));
  return {};
}

Status TrainRun::keep() {
  if (request_.bank.empty()) return {};
  LEEWAY_CHECK(progress(0.95, "saving"));
  std::vector<models::VersionFile> files;
  files.push_back({"reference.lwp", [&](const std::string& path) { return write_reference(path); }});
  const models::Bank bank(request_.bank);
  LEEWAY_TRY(const models::VersionInfo version,
             models::Bank(request_.bank).add(training_->model, record(), std::move(files), request_.now));
  report_.version = version.label();
  report_.version_id = version.id;
  report_.path = version.path;
  return {};
}

void TrainRun::suggest() {
  if (report_.version.empty()) return;
  const std::string bank = quoted_for_shell(request_.bank);
  if (report_.tuning.candidates.empty()) report_.next.push_back(request_.command + " --tune 20");
  report_.next.push_back(fmt::format("leeway models promote {} champion --bank {}", report_.version, bank));
  report_.next.push_back(
      fmt::format("leeway predict NEW.csv -m {} --bank {} --keep all -o scored.csv", report_.version, bank));
  report_.next.push_back(fmt::format("leeway check {}/reference.lwp scored.csv", quoted_for_shell(report_.path)));
}

}   // namespace

Result<TrainReport> run_train(const TrainRequest& request) { return TrainRun(request).run(); }

}   // namespace leeway
