#include "monitor/check_run.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <mutex>

#include <fmt/format.h>

#include "base/text.h"
#include "base/threads.h"
#include "checks/drift/domain_classifier.h"
#include "explain/disde.h"
#include "explain/performance.h"
#include "explain/sentence.h"
#include "monitor/column_run.h"
#include "monitor/joint_run.h"
#include "monitor/outcome_run.h"
#include "monitor/profile_run.h"
#include "monitor/settings_check.h"
#include "monitor/side_roles.h"
#include "monitor/table_quality.h"
#include "monitor/windows.h"

namespace leeway {
namespace {

/// Working memory that threads hand to each other.
class ScratchPool {
 public:
  std::unique_ptr<ScanScratch> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<ScanScratch>();
    auto scratch = std::move(free_.back());
    free_.pop_back();
    return scratch;
  }
  void give(std::unique_ptr<ScanScratch> scratch) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(scratch));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<ScanScratch>> free_;
};

/// One run, step by step; each step reads what those before it left.
class CheckRun {
 public:
  explicit CheckRun(const CheckRequest& request)
      : request_(request), threads_(request.threads > 0 ? request.threads : default_threads()) {}

  Result<Report> run() {
    LEEWAY_CHECK(known_methods());
    progress(0, "opening");
    LEEWAY_CHECK(open_sides());
    LEEWAY_CHECK(settle());
    LEEWAY_CHECK(cut());
    progress(0.02, "outcomes");
    LEEWAY_CHECK(outcomes());
    LEEWAY_CHECK(columns());
    LEEWAY_CHECK(tables());
    progress(0.95, "explaining");
    explain();
    finish();
    return std::move(report_);
  }

 private:
  Status open_sides();
  Status settle();
  Status cut();
  Status outcomes();
  Status columns();
  Status known_methods() const;
  bool wants_classifier() const;
  std::optional<RowSample> rows_of_cases() const;
  void joint(std::vector<ColumnRun>& runs);
  Status tables();
  Status compare_rows(const std::vector<std::string>& names, const ColumnRunOptions& options, std::vector<ColumnRun>& runs);
  Status compare_profiles(const std::vector<std::string>& names, const ColumnRunOptions& options, std::vector<ColumnRun>& runs);
  void keep_column(ColumnRun& run);
  void note_text_columns();
  void keep_windows(std::vector<ColumnRun>& runs);
  void explain();
  void explain_performance();
  void explain_cases();
  void explain_score();
  void finish();
  ReportSide describe(const Side& side) const;
  void progress(double done, const std::string& what) const {
    if (request_.progress) request_.progress(done, what);
  }

  const CheckRequest& request_;
  const int threads_;
  std::optional<Side> reference_, current_;
  std::optional<Judge> judge_;
  Roles roles_;
  std::vector<TimeWindow> windows_;
  OutcomeRun outcomes_;
  std::vector<explain::BinnedFeature> features_;
  std::optional<RowSample> case_rows_;       ///< Rows with a loss, if the change is to be split by cases.
  std::vector<InputColumn> case_inputs_;     ///< At those.
  std::vector<std::string> like_ids_, numbers_as_text_;   ///< columns that look like these
  Report report_;
};

Status CheckRun::open_sides() {
  LEEWAY_CHECK(check_methods(request_.config, request_.methods));
  LEEWAY_CHECK(check_limits(request_.config));
  LEEWAY_TRY(judge_, Judge::make(request_.config, request_.policy));
  LEEWAY_TRY(reference_, Side::open(request_.reference));
  LEEWAY_TRY(current_, Side::open(request_.current));
  if (current_->is_profile() && !reference_->is_profile())
    return fail(Code::failed_precondition, "the current side is a profile and the reference is not, so their bins differ",
                "Profile the reference first (leeway profile REFERENCE -o ref.lwp), then the current data with --reference ref.lwp.");
  if (current_->is_profile() && current_->profile()->bins_id() != reference_->profile()->bins_id())
    return fail(Code::failed_precondition, "the two profiles were not made with the same bins",
                "Make the current profile with 'leeway profile DATA --reference REFERENCE.lwp'.");
  return {};
}

Status CheckRun::settle() {
  LEEWAY_TRY(roles_, settle_sides(*reference_, *current_, request_.config));
  LEEWAY_CHECK(check_columns(request_.config, roles_, reference_->schema(), current_->schema()));
  if (const Profile* profile = reference_->profile(); profile != nullptr && !profile->exact() && !current_->is_profile()) {
    // Without the reference's exact part the current rows are put on its bins, and the comparison has a proven bracket.
    LEEWAY_TRY(auto binned, build_profile(*current_, roles_, false, profile, threads_));
    current_ = Side::of(std::move(binned), current_->label());
    roles_.remarks.push_back("The reference profile holds no exact part, so distances are known to within a bracket (make one with: "
                             "leeway profile REFERENCE -o ref.lwp).");
  }
  for (const Side* side : {&*reference_, &*current_})
    if (side->data() != nullptr)
      for (const auto& note : side->data()->notes()) report_.notes.push_back(fmt::format("{}: {}", printable(side->label()), note));
  for (const auto& remark : roles_.remarks) report_.notes.push_back(remark);
  if (reference_->is_profile())
    report_.notes.push_back("A profile holds sums and no rows, so duplicate rows and ids, and the segments behind a change of "
                            "performance, are not looked for: give the reference's data in place of its profile to have them.");
  return {};
}

Status CheckRun::cut() {
  if (request_.window_length == 0) return {};
  if (current_->is_profile())
    return fail(Code::failed_precondition, "a profile cannot be cut into windows", "Give the current data, or make one profile per window.");
  const std::string& time = roles_.columns.time;
  if (time.empty() || !current_->has_rows(time))
    return fail(Code::invalid_argument, "--window needs a time column in the current data", "Name one with --set columns.time=NAME.");
  LEEWAY_TRY(const Column values, current_->read(time));
  LEEWAY_TRY(windows_, cut_windows(values, request_.window_length));
  return {};
}

Status CheckRun::outcomes() {
  OutcomeRunOptions options;
  options.roles = &roles_;
  options.config = &request_.config;
  options.judge = &*judge_;
  for (const auto& window : windows_) options.windows.push_back(window.rows);
  options.threads = threads_;
  options.seed = request_.seed;
  LEEWAY_TRY(outcomes_, run_outcomes(*reference_, *current_, options));
  return {};
}

Status CheckRun::columns() {
  std::vector<std::string> names;
  for (const Field& field : reference_->schema())
    if (current_->schema().find(field.name)) names.push_back(field.name);
  if (names.empty())
    return fail(Code::invalid_data, "the two sides have no column in common", "Are the files swapped for others, or is a header missing?");

  ColumnRunOptions options;
  options.roles = &roles_;
  options.config = &request_.config;
  options.judge = &*judge_;
  options.extra_methods = request_.methods;
  options.p_values = request_.p_values;
  options.bin_for_segments = outcomes_.losses.has_value();
  if (outcomes_.score_shift) options.score_shift = &*outcomes_.score_shift;
  options.young_reference = outcomes_.young_reference;
  options.young_current = outcomes_.young_current;
  for (const auto& window : windows_) options.windows.push_back(window.rows);

  if (wants_classifier()) options.samples.push_back(RowSample::of_tables(reference_->rows(), current_->rows()));
  case_rows_ = rows_of_cases();
  if (case_rows_) options.samples.push_back(*case_rows_);

  std::vector<ColumnRun> runs(names.size());
  if (auto done = current_->is_profile() ? compare_profiles(names, options, runs) : compare_rows(names, options, runs); !done) {
    Error error = done.error();
    if (error.file.empty() && reference_->is_profile()) error.file = reference_->label();
    return fail(std::move(error));
  }
  joint(runs);
  for (auto& run : runs) keep_column(run);
  note_text_columns();
  keep_windows(runs);
  return {};
}

Status CheckRun::known_methods() const {
  std::vector<std::string> names = {"all", std::string(drift::domain_classifier_info.id)};
  for (const auto* method : drift::methods()) names.emplace_back(method->info.id);
  for (const auto* method : drift::joint_methods()) names.emplace_back(method->info.id);
  for (const auto& id : request_.methods)
    if (std::ranges::find(names, id) == names.end())
      return fail(Code::invalid_argument, fmt::format("there is no drift method '{}'", printable(id)),
                  std::string(trim(did_you_mean(id, names))) + " 'leeway methods' lists them.");
  return {};
}

bool CheckRun::wants_classifier() const {
  const auto& told = request_.config.methods.types;
  const auto joint = told.find("joint");
  std::vector<std::string> wanted = request_.methods;
  if (joint != told.end()) wanted.insert(wanted.end(), joint->second.begin(), joint->second.end());
  return std::ranges::any_of(wanted, [](const auto& id) { return id == "all" || id == drift::domain_classifier_info.id; });
}

/// Rows whose loss is known, a sample of them on each side; nothing where the change is not to be split.
std::optional<RowSample> CheckRun::rows_of_cases() const {
  if (!request_.cases && !request_.config.explain_cases) return std::nullopt;
  if (!outcomes_.losses) return std::nullopt;
  const auto known = [](const std::vector<double>& losses) {
    std::vector<uint32_t> rows;
    for (size_t row = 0; row < losses.size(); ++row)
      if (std::isfinite(losses[row])) rows.push_back(static_cast<uint32_t>(row));
    return rows;
  };
  return RowSample::evenly(known(outcomes_.losses->reference), known(outcomes_.losses->current));
}

void CheckRun::joint(std::vector<ColumnRun>& runs) {
  std::vector<JointColumn> columns;
  std::vector<InputColumn> inputs;
  for (auto& run : runs) {
    if (run.joint) columns.push_back(std::move(*run.joint));
    if (run.inputs.empty()) continue;
    if (case_rows_) case_inputs_.push_back(std::move(run.inputs.back()));
    if (wants_classifier()) inputs.push_back(std::move(run.inputs.front()));
  }
  JointRun together = compare_jointly(*reference_, *current_, std::move(columns), request_.p_values);
  if (wants_classifier())
    together.measurements.push_back(compare_by_classifier(inputs, reference_->rows(), current_->rows(),
                                                          {request_.learner, request_.seed, request_.p_values}));
  for (auto& measurement : together.measurements) report_.findings.push_back((*judge_)(std::move(measurement), false));
  if (!together.remark.empty()) report_.notes.push_back(std::move(together.remark));
}

Status CheckRun::compare_profiles(const std::vector<std::string>& names, const ColumnRunOptions& options, std::vector<ColumnRun>& runs) {
  const LabelRole& label = roles_.columns.label;
  if (label.matures_after && std::find(names.begin(), names.end(), label.column) != names.end())
    report_.notes.push_back(fmt::format("The outcomes in {} are not compared: a profile does not know which of them can still "
                                        "change. Give the current data in place of its profile to have them compared.",
                                        printable(label.column)));
  ScanScratch scratch;
  for (size_t i = 0; i < names.size(); ++i) {
    LEEWAY_TRY(runs[i], run_column(*reference_->profile(), *current_->profile()->find(names[i]), options, scratch));
  }
  return {};
}

Status CheckRun::compare_rows(const std::vector<std::string>& names, const ColumnRunOptions& options, std::vector<ColumnRun>& runs) {
  std::vector<size_t> indices;
  for (const auto& name : names) indices.push_back(*current_->schema().find(name));
  std::atomic<size_t> done{0};
  ScratchPool pool;
  return current_->data()->for_each(indices, [&](size_t place, const Column& column) -> Status {
    auto scratch = pool.take();
    auto run = run_column(*reference_, column, options, *scratch);
    pool.give(std::move(scratch));
    if (!run) return std::unexpected(run.error());
    runs[place] = std::move(*run);
    progress(0.05 + 0.85 * static_cast<double>(++done) / static_cast<double>(names.size()), names[place]);
    return {};
  });
}

Status CheckRun::tables() {
  LEEWAY_TRY(auto measured, table_quality(*reference_, *current_, roles_, request_.p_values));
  for (auto& measurement : measured) report_.findings.push_back((*judge_)(std::move(measurement), false));
  return {};
}

void CheckRun::keep_column(ColumnRun& run) {
  std::move(run.findings.begin(), run.findings.end(), std::back_inserter(report_.findings));
  report_.columns.push_back(std::move(run.column));
  if (run.score_part) outcomes_.score_shift->shift.features.push_back(std::move(*run.score_part));
  if (run.shift) report_.explanation.columns.push_back(std::move(*run.shift));
  const Role role = roles_.of(report_.columns.back().name);
  if (run.bins && (role == Role::feature || role == Role::group || role == Role::segment)) features_.push_back(std::move(*run.bins));
  if (run.like_an_id) like_ids_.push_back(printable(report_.columns.back().name));
  if (run.numbers_as_text) numbers_as_text_.push_back(printable(report_.columns.back().name));
}

/// One line for all columns that are not compared as their names may promise.
void CheckRun::note_text_columns() {
  const auto named = [](std::vector<std::string> names) {
    constexpr size_t most_named = 5;
    const size_t more = names.size() > most_named ? names.size() - most_named : 0;
    names.resize(names.size() - more);
    if (more > 0) names.push_back(fmt::format("{} more", more));
    return join_words(names);
  };
  if (!like_ids_.empty())
    report_.notes.push_back(fmt::format("not compared = {} (nearly every row has its own value, as identifiers have; to compare: "
                                        "--set columns.categorical=[{}])", named(like_ids_), like_ids_.front()));
  if (!numbers_as_text_.empty())
    report_.notes.push_back(fmt::format("numbers written as text = {} (such as '12.3 %' or '1,5', which are compared as text if at all; make "
                                        "them numbers: --sql \"SELECT * REPLACE (replace({}, '%', '')::DOUBLE AS {}) FROM data\")",
                                        named(numbers_as_text_), numbers_as_text_.front(), numbers_as_text_.front()));
}

void CheckRun::keep_windows(std::vector<ColumnRun>& runs) {
  for (size_t w = 0; w < windows_.size(); ++w) {
    ReportWindow window{format_time(windows_[w].from), format_time(windows_[w].to), static_cast<int64_t>(windows_[w].rows.size()), {}};
    for (auto& run : runs)
      if (w < run.windows.size() && run.windows[w]) window.findings.push_back(std::move(*run.windows[w]));
    std::move(outcomes_.windows[w].begin(), outcomes_.windows[w].end(), std::back_inserter(window.findings));
    judge_->settle(window.findings);
    report_.windows.push_back(std::move(window));
  }
}

void CheckRun::explain_performance() {
  if (!outcomes_.losses) return;
  const RowLosses& losses = *outcomes_.losses;
  explain::SegmentOptions how;
  how.threads = threads_;
  auto why = explain::explain_performance(losses.metric, {losses.reference, losses.reference_score, losses.reference_group},
                                          {losses.current, losses.current_score, losses.current_group}, features_,
                                          losses.group_names, how);
  if (!why) return;
  report_.explanation.performance = std::move(why->split);
  report_.explanation.segments = std::move(why->segments);
  report_.explanation.sentence = std::move(why->sentence);
}

void CheckRun::explain_cases() {
  if (!request_.cases && !request_.config.explain_cases) return;
  if (!case_rows_ || request_.learner == nullptr) {
    report_.notes.push_back("The change was not split by the features: that needs the rows and outcomes of both sides.");
    return;
  }
  const RowLosses& losses = *outcomes_.losses;
  const auto at = [](const std::vector<double>& values, const std::vector<uint32_t>& rows) {
    std::vector<double> out;
    for (const uint32_t row : rows) out.push_back(values[row]);
    return out;
  };
  const auto before = at(losses.reference, case_rows_->reference), now = at(losses.current, case_rows_->current);
  const CaseFeatures features = encode_cases(case_inputs_);
  const auto [reference, current] = features.samples();
  auto split = explain::decompose_by_cases(losses.metric, *request_.learner, {reference, before}, {current, now},
                                           {.seed = request_.seed, .threads = threads_});
  if (split) report_.explanation.cases = std::move(*split);
  else report_.notes.push_back("The change was not split by the features: " + split.error().message + ".");
}

void CheckRun::explain_score() {
  constexpr size_t most_told = 20;
  if (!outcomes_.score_shift || outcomes_.score_shift->shift.features.empty()) return;
  PredictionShift& shift = outcomes_.score_shift->shift;
  const auto size = [](const AloneExplains& part) { return std::fabs(part.mix.value); };
  std::stable_sort(shift.features.begin(), shift.features.end(), [&](const auto& a, const auto& b) { return size(a) > size(b); });
  shift.features.resize(std::min(shift.features.size(), most_told));
  shift.sentence = explain::prediction_sentence(shift);
  report_.explanation.prediction = std::move(shift);
}

void CheckRun::explain() {
  explain_performance();
  explain_cases();
  explain_score();
  // Only columns whose verdict stands after the correction for multiplicity keep their explanation; worst first.
  std::move(outcomes_.findings.begin(), outcomes_.findings.end(), std::back_inserter(report_.findings));
  judge_->settle(report_.findings);
  std::vector<ColumnShift> kept;
  for (const Finding& finding : report_.findings) {
    if (!failed(finding.verdict) || finding.method().family != Family::drift) continue;
    auto& all = report_.explanation.columns;
    const auto at = std::find_if(all.begin(), all.end(), [&](const ColumnShift& s) { return s.column == finding.measurement.subject.column; });
    if (at == all.end()) continue;
    kept.push_back(std::move(*at));
    all.erase(at);
  }
  report_.explanation.columns = std::move(kept);
}

ReportSide CheckRun::describe(const Side& side) const {
  ReportSide out{side.label(), side.fingerprint(), side.is_profile(), side.rows(), static_cast<int64_t>(side.schema().size()), {}, {}};
  const std::string& time = roles_.columns.time;
  if (side.profile() != nullptr) {
    if (const auto span = side.profile()->time_span()) {
      out.from = format_time(span->first);
      out.to = format_time(span->second);
    }
  } else if (!time.empty() && side.has_rows(time)) {
    if (const auto values = side.read(time); values && values->type() == Type::time) {
      TimeSummary summary;
      summary.update(*values);
      if (summary.size() > 0) {
        out.from = format_time(summary.first());
        out.to = format_time(summary.last());
      }
    }
  }
  return out;
}

void CheckRun::finish() {
  for (auto& remark : outcomes_.remarks) report_.notes.push_back(std::move(remark));
  report_.command = request_.command;
  report_.tool_version = request_.tool_version;
  report_.model = request_.config.model;
  report_.task = std::string(name(roles_.task));
  report_.policy = std::string(judge_->name());
  report_.drift_leeway = judge_->rules().drift;
  report_.reference = describe(*reference_);
  report_.current = describe(*current_);
  report_.labels = std::move(outcomes_.labels);
  report_.calibration = std::move(outcomes_.calibration);
  report_.thresholds = std::move(outcomes_.thresholds);
}

}  // namespace

Result<Report> run_check(const CheckRequest& request) { return CheckRun(request).run(); }

}  // namespace leeway
