#include "columns/roles.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway {
namespace {

constexpr std::array role_names = std::to_array<std::string_view>(
    {"feature", "id", "time", "score", "prediction", "label", "group", "segment", "weight", "ignored"});
constexpr std::array task_names = std::to_array<std::string_view>({"none", "binary", "multiclass", "regression"});

// Names that tell a role by themselves, best first.
constexpr std::array score_names = std::to_array<std::string_view>(
    {"y_pred_proba", "predicted_probability", "pred_proba", "y_score", "y_proba", "y_prob", "probability", "proba",
     "prediction_probability", "prediction_score", "predicted_score", "model_score", "score", "prob"});
constexpr std::array prediction_names = std::to_array<std::string_view>(
    {"y_pred", "prediction", "predicted", "y_hat", "yhat", "predicted_label", "predicted_class", "predicted_value",
     "pred"});
constexpr std::array label_names = std::to_array<std::string_view>(
    {"y_true", "target", "label", "ground_truth", "true_label", "clf_target", "actual", "outcome", "y", "class"});
constexpr std::array id_names =
    std::to_array<std::string_view>({"id", "row_id", "rowid", "uuid", "record_id", "unnamed: 0", "index"});
constexpr std::array time_names = std::to_array<std::string_view>(
    {"timestamp", "event_time", "event_timestamp", "scored_at", "prediction_time", "datetime", "time", "date", "ts"});
constexpr std::array time_endings =
    std::to_array<std::string_view>({"timestamp", "datetime", "_time", "_date", "_at", "_ts", "_d"});
constexpr std::array group_names = std::to_array<std::string_view>(
    {"sex", "gender", "race", "ethnicity", "age_group", "age_band", "age_cat", "nationality", "religion", "disability",
     "foreign_worker"});
// Values of a label whose second member is the event.
constexpr std::array events = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"0", "1"}, {"-1", "1"}, {"false", "true"}, {"no", "yes"}, {"n", "y"}, {"f", "t"}, {"negative", "positive"}});

bool is_among(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool ends_with_any(std::string_view name, std::span<const std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return name.ends_with(ending); });
}

bool is_id_name(std::string_view name) {
  const std::string low = lower_ascii(name);
  return is_among(id_names, low) || low.ends_with("_id") || low.ends_with("_uuid") ||
         (name.size() > 2 && name.ends_with("Id") && name[name.size() - 3] >= 'a');
}

std::string quoted(std::string_view name) { return "'" + printable(name) + "'"; }

class Settler {
 public:
  Settler(const ColumnRoles& given, std::optional<Task> task, const Schema& reference, const Schema& current,
          const FactsOf& facts)
      : given_task_(task), facts_(facts) {
    roles_.columns = given;
    for (const auto& field : reference) fields_.push_back(field);
    for (const auto& field : current)
      if (!reference.find(field.name)) fields_.push_back(field);
  }

  Result<Roles> run() {
    LEEWAY_CHECK(check_names());
    LEEWAY_CHECK(check_exclusive());
    infer_score();
    infer_prediction();
    infer_label();
    infer_time();
    infer_id();
    LEEWAY_CHECK(settle_task());
    settle_positive();
    suggest_groups();
    list_features();
    return std::move(roles_);
  }

 private:
  Status check_names() const;
  Status check_exclusive() const;
  void infer_score();
  void infer_prediction();
  void infer_label();
  void infer_time();
  void infer_id();
  Status settle_task();
  Task task_of_label(const ColumnFacts& label) const;
  void settle_positive();
  void suggest_groups();
  void list_features();

  const Field* field(std::string_view name) const {
    const auto at = std::find_if(fields_.begin(), fields_.end(), [&](const Field& f) { return f.name == name; });
    return at == fields_.end() ? nullptr : &*at;
  }
  // The free column with the first of the names, in any case.
  const Field* by_name(std::span<const std::string_view> names) const {
    for (const auto name : names)
      for (const auto& candidate : fields_)
        if (lower_ascii(candidate.name) == name && is_free(candidate.name)) return &candidate;
    return nullptr;
  }
  bool is_free(std::string_view name) const { return roles_.of(name) == Role::feature && !is_told(name); }
  // Named by the user as a feature of a kind.
  bool is_told(std::string_view name) const {
    const auto& c = roles_.columns;
    for (const auto* names : {&c.cyclic, &c.categorical, &c.text, &c.numeric})
      if (std::find(names->begin(), names->end(), name) != names->end()) return true;
    return false;
  }
  void remark(std::string text) { roles_.remarks.push_back(std::move(text)); }
  void inferred(std::string_view role, std::string_view column, std::string_view why) {
    remark(fmt::format("{} = {} ({}; another: --set columns.{}=NAME)", role, printable(column), why, role));
  }

  std::optional<Task> given_task_;
  const FactsOf& facts_;
  std::vector<Field> fields_;  // the reference's, then those that only the current data have
  Roles roles_;
};

// ---- what was given -----------------------------------------------------------------------------------------------

Status Settler::check_names() const {
  const auto& c = roles_.columns;
  std::vector<std::pair<std::string_view, std::string_view>> named = {
      {"id", c.id}, {"time", c.time}, {"score", c.score}, {"prediction", c.prediction}, {"weight", c.weight}, {"stratum", c.stratum}, {"label.known_at", c.label.known_at},
      {"label", c.label.column}};
  for (const auto& [value, column] : c.scores) named.emplace_back("scores", column);
  const std::pair<std::string_view, const std::vector<std::string>*> lists[] = {
      {"groups", &c.groups}, {"segments", &c.segments},       {"ignore", &c.ignore}, {"cyclic", &c.cyclic},
      {"text", &c.text},     {"categorical", &c.categorical}, {"numeric", &c.numeric}};
  for (const auto& [role, names] : lists)
    for (const auto& column : *names) named.emplace_back(role, column);
  for (const auto& [role, column] : named) {
    if (column.empty() || field(column)) continue;
    std::vector<std::string> names;
    for (const auto& f : fields_) names.push_back(f.name);
    std::string remedy(trim(did_you_mean(column, names)));
    if (remedy.empty() && names.size() <= 30) remedy = fmt::format("Columns are {}.", join_words(names));
    return fail(Code::not_found, fmt::format("columns.{} names {}, which the data do not have", role, quoted(column)),
                remedy);
  }
  return {};
}

Status Settler::check_exclusive() const {
  const auto& c = roles_.columns;
  const std::pair<std::string_view, std::string_view> single[] = {
      {"id", c.id},         {"time", c.time},           {"score", c.score},
      {"weight", c.weight}, {"prediction", c.prediction}, {"label", c.label.column}};
  for (const auto& [role, column] : single)
    for (const auto& [other, same] : single)
      if (!column.empty() && column == same && role < other)
        return fail(Code::invalid_argument,
                    fmt::format("column {} is named both {} and {}", quoted(column), role, other),
                    "A column has one of these roles.");
  if (!c.score.empty() && !c.scores.empty())
    return fail(Code::invalid_argument, "both columns.score and columns.scores are set",
                "Use 'score' for a binary model and 'scores' for one with several classes.");
  return {};
}

// ---- guesses ------------------------------------------------------------------------------------------------------

void Settler::infer_score() {
  if (!roles_.columns.score.empty() || !roles_.columns.scores.empty()) return;
  const Field* found = by_name(score_names);
  for (const auto& candidate : fields_) {
    if (found) break;
    const std::string low = lower_ascii(candidate.name);
    if (is_free(candidate.name) && (low.ends_with("_proba") || low.ends_with("_probability"))) found = &candidate;
  }
  if (!found || !is_numeric(found->type)) return;
  roles_.columns.score = found->name;
  inferred("score", found->name, "by its name");
}

void Settler::infer_prediction() {
  if (!roles_.columns.prediction.empty()) return;
  const Field* found = by_name(prediction_names);
  if (!found || found->type == Type::time) return;
  roles_.columns.prediction = found->name;
  inferred("prediction", found->name, "by its name");
}

void Settler::infer_label() {
  if (!roles_.columns.label.column.empty()) return;
  const Field* found = by_name(label_names);
  for (const auto& candidate : fields_) {
    if (found) break;
    const std::string low = lower_ascii(candidate.name);
    if (is_free(candidate.name) && (low.ends_with("_gt") || low.ends_with("_target"))) found = &candidate;
  }
  if (!found || found->type == Type::time) return;
  const auto facts = facts_(found->name);
  // A class or outcome of many values is as likely a feature; a numeric target of many values is a regression's.
  const bool few = facts && !facts->values.empty();
  if (!few && (!is_numeric(found->type) || roles_.columns.prediction.empty())) return;
  roles_.columns.label.column = found->name;
  inferred("label", found->name, "by its name");
}

void Settler::infer_time() {
  if (!roles_.columns.time.empty()) return;
  std::vector<const Field*> ranked[3];
  for (const auto& candidate : fields_) {
    if (candidate.type != Type::time || !is_free(candidate.name)) continue;
    const std::string low = lower_ascii(candidate.name);
    ranked[is_among(time_names, low) ? 0 : ends_with_any(low, time_endings) ? 1 : 2].push_back(&candidate);
  }
  for (const auto& candidates : ranked) {
    if (candidates.empty()) continue;
    const Field* best = nullptr;
    for (const Field* candidate : candidates) {
      const auto facts = facts_(candidate->name);
      if (!best && facts && facts->missing == 0) best = candidate;
    }
    if (!best && candidates.size() == 1) best = candidates.front();
    if (&candidates == &ranked[2] && candidates.size() > 1) best = nullptr;
    if (!best) {
      remark(fmt::format("time: none chosen among {} columns of times (--set columns.time=NAME)", candidates.size()));
      return;
    }
    roles_.columns.time = best->name;
    inferred("time", best->name,
             candidates.size() == 1 ? "a column of times" : "the first column of times without gaps");
    return;
  }
}

void Settler::infer_id() {
  std::vector<const Field*> named;
  for (const auto& candidate : fields_)
    if (is_id_name(candidate.name) && candidate.type != Type::real && candidate.type != Type::boolean &&
        candidate.type != Type::time && is_free(candidate.name))
      named.push_back(&candidate);
  std::stable_sort(named.begin(), named.end(), [](const Field* a, const Field* b) {
    return is_among(id_names, lower_ascii(a->name)) > is_among(id_names, lower_ascii(b->name));
  });
  for (const Field* candidate : named) {
    const auto facts = facts_(candidate->name);
    if (!facts || facts->rows < 2) continue;
    // Duplicated ids are a fault to be found, so uniqueness cannot be asked of every row.
    const bool unique = static_cast<double>(facts->distinct) >= 0.9 * static_cast<double>(facts->rows);
    constexpr int64_t most_categories = 1000;
    if (unique && roles_.columns.id.empty()) {
      roles_.columns.id = candidate->name;
      inferred("id", candidate->name, "by its name, and nearly every row has its own");
    } else if (unique || facts->distinct > most_categories) {
      roles_.columns.ignore.push_back(candidate->name);
      remark(fmt::format("ignored = {} (an identifier of {} values; to compare it: --set columns.categorical=[{}])",
                         printable(candidate->name), grouped(facts->distinct), printable(candidate->name)));
    }
  }
}

// ---- the task -----------------------------------------------------------------------------------------------------

Task Settler::task_of_label(const ColumnFacts& label) const {
  const auto& c = roles_.columns;
  const Type type = field(c.label.column)->type;
  if (!c.scores.empty()) return Task::multiclass;
  if (label.distinct == 2 || (label.distinct < 2 && !c.score.empty())) return Task::binary;
  const bool few = !label.values.empty();
  if (type == Type::text) return few ? Task::multiclass : Task::none;
  const auto prediction = c.prediction.empty() ? std::nullopt : facts_(c.prediction);
  // Counts and codes look alike: with few values only the predictions tell them apart.
  if (few && prediction) return prediction->values.empty() ? Task::regression : Task::multiclass;
  return few ? Task::none : Task::regression;
}

Status Settler::settle_task() {
  const auto& c = roles_.columns;
  if (given_task_) {
    roles_.task = *given_task_;
    if (roles_.task != Task::multiclass && !c.scores.empty())
      return fail(Code::invalid_argument, fmt::format("columns.scores is set, but the task is {}", name(roles_.task)),
                  "Set task: multiclass, or name one score.");
    return {};
  }
  std::string why;
  if (!c.label.column.empty()) {
    if (const auto facts = facts_(c.label.column)) {
      roles_.task = task_of_label(*facts);
      why = fmt::format("the label has {} value{}", grouped(facts->distinct), facts->distinct == 1 ? "" : "s");
    }
  } else if (!c.scores.empty()) {
    roles_.task = Task::multiclass;
    why = "there is a score for each class";
  } else if (!c.score.empty()) {
    const auto facts = facts_(c.score);
    if (facts && facts->minimum >= 0 && facts->maximum <= 1) roles_.task = Task::binary;
    why = "the score lies between 0 and 1";
  }
  if (roles_.task == Task::none && !c.label.column.empty())
    remark(fmt::format("task: not clear ({}); without it no performance is computed (--set task=NAME)", why));
  else if (roles_.task != Task::none)
    remark(fmt::format("task = {} ({}; another: --set task=NAME)", name(roles_.task), why));
  return {};
}

void Settler::settle_positive() {
  auto& label = roles_.columns.label;
  if (roles_.task != Task::binary || label.column.empty() || !label.positive.empty()) return;
  const auto facts = facts_(label.column);
  if (!facts || facts->values.empty()) return;
  for (const auto& [negative, positive] : events) {
    const bool fits = std::all_of(facts->values.begin(), facts->values.end(), [&](const std::string& value) {
      const std::string low = lower_ascii(value);
      return low == negative || low == positive;
    });
    if (!fits) continue;
    label.positive = positive;
    for (const auto& value : facts->values)
      if (lower_ascii(value) == positive) label.positive = value;
    remark(fmt::format("label.positive = {} (another: --set columns.label.positive=VALUE)", printable(label.positive)));
    return;
  }
  remark(fmt::format("label.positive: not clear among {}; without it no performance is computed "
                     "(--set columns.label.positive=VALUE)",
                     printable(join_words(facts->values))));
}

// ---- the rest -----------------------------------------------------------------------------------------------------

void Settler::suggest_groups() {
  if (!roles_.columns.groups.empty() || roles_.columns.label.column.empty()) return;
  std::vector<std::string> likely;
  for (const auto& candidate : fields_)
    if (is_among(group_names, lower_ascii(candidate.name)) && is_free(candidate.name))
      likely.push_back(printable(candidate.name));
  if (likely.empty()) return;
  remark(fmt::format("groups: none set; fairness is not checked (for example --set columns.groups=[{}])",
                     fmt::join(likely, ",")));
}

void Settler::list_features() {
  for (const auto& candidate : fields_) {
    const Role role = roles_.of(candidate.name);
    if (role == Role::feature || role == Role::group || role == Role::segment)
      roles_.features.push_back(candidate.name);
  }
}

}  // namespace

std::string_view name(Role role) { return role_names[static_cast<size_t>(role)]; }
std::string_view name(Task task) { return task_names[static_cast<size_t>(task)]; }

std::optional<Task> task_of(std::string_view name) {
  for (size_t i = 0; i < task_names.size(); ++i)
    if (task_names[i] == name) return static_cast<Task>(i);
  return std::nullopt;
}

Role Roles::of(std::string_view column) const {
  const auto in = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), column) != names.end();
  };
  if (in(columns.ignore) || (!column.empty() && column == columns.label.known_at)) return Role::ignored;
  const std::pair<std::string_view, Role> single[] = {
      {columns.id, Role::id},         {columns.time, Role::time},
      {columns.score, Role::score},   {columns.prediction, Role::prediction},
      {columns.weight, Role::weight}, {columns.label.column, Role::label}};
  for (const auto& [name, role] : single)
    if (!name.empty() && name == column) return role;
  for (const auto& [value, name] : columns.scores)
    if (name == column) return Role::score;
  if (in(columns.groups)) return Role::group;
  if (in(columns.segments)) return Role::segment;
  return Role::feature;
}

Result<Roles> settle_roles(const ColumnRoles& given, std::optional<Task> task, const Schema& reference,
                           const Schema& current, const FactsOf& facts) {
  return Settler(given, task, reference, current, facts).run();
}

}  // namespace leeway
