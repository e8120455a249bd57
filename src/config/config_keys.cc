#include "config/config_keys.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "config/units.h"

namespace leeway {

Status Assignment::refuse(std::string_view expected, std::string remedy) const {
  return fail(value.error(fmt::format("'{}' must be {}", printable(key), expected), std::move(remedy)));
}

Status Assignment::text(std::string& into) const {
  LEEWAY_TRY(into, value.string(key));
  return {};
}

Status Assignment::texts(std::vector<std::string>& into) const {
  into.clear();
  for (const auto& item : value.is_list() ? std::span(value.items()) : std::span(&value, 1)) {
    LEEWAY_TRY(auto text, item.string(key));
    into.push_back(std::move(text));
  }
  return {};
}

Status Assignment::number(double& into, double least) const {
  LEEWAY_TRY(const double read, value.number(key));
  if (!std::isfinite(read)) return refuse("a finite number");
  if (read < least) return refuse(fmt::format("{} or more", short_number(least)));
  into = read;
  return {};
}

Status Assignment::number(std::optional<double>& into, double least) const {
  double read = 0;
  LEEWAY_CHECK(number(read, least));
  into = read;
  return {};
}

Status Assignment::duration(std::optional<int64_t>& into) const {
  into = value.is_scalar() ? parse_duration(value.text()) : std::nullopt;
  if (!into) return refuse("a span of time", "Write a whole number and s, m, h, d or w: 12h, 1d, 2w.");
  return {};
}

namespace {

Status read_task(const Assignment& a) {
  a.config.task = a.value.is_scalar() ? task_of(a.value.text()) : std::nullopt;
  if (a.config.task) return {};
  const std::vector<std::string> tasks = {"binary", "multiclass", "regression", "none"};
  const std::string hint(trim(did_you_mean(a.value.text(), tasks)));
  return a.refuse(join_words(tasks, "or"), hint);
}

Status read_score_of_class(const Assignment& a) {
  auto& scores = a.config.columns.scores;
  scores.emplace_back(a.names[0], std::string());
  return a.text(scores.back().second);
}

Status read_false_alarms(const Assignment& a) {
  const auto rate = a.value.is_scalar() ? parse_yearly_rate(a.value.text()) : std::nullopt;
  if (!rate) return a.refuse("a rate", "Write for example '1 per year' or '2 per month'.");
  a.config.false_alarms_per_year = *rate;
  return {};
}

Status read_drift(const Assignment& a) {
  LEEWAY_CHECK(a.number(a.config.leeway.drift));
  return a.config.leeway.drift > 0 ? Status() : a.refuse("above 0");
}

Status read_column_drift(const Assignment& a) {
  double& into = a.config.leeway.columns[a.names[0]];
  LEEWAY_CHECK(a.number(into));
  return into > 0 ? Status() : a.refuse("above 0");
}

Status read_explain_cases(const Assignment& a) {
  LEEWAY_TRY(a.config.explain_cases, a.value.boolean(a.key));
  return {};
}

Status read_seed(const Assignment& a) {
  LEEWAY_TRY(const int64_t seed, a.value.integer(a.key));
  if (seed < 0) return a.refuse("0 or more");
  a.config.seed = static_cast<uint64_t>(seed);
  return {};
}

constexpr std::array rules = std::to_array<ConfigRule>({
    {{"model", "", "Name of the model, for headings, metrics and stored profiles."},
     [](const Assignment& a) { return a.text(a.config.model); }},
    {{"task", "", "What the model does: binary, multiclass, regression or none. Inferred when not set."}, read_task},

    {{"columns.id", "", "Column that names each row."},
     [](const Assignment& a) { return a.text(a.config.columns.id); }},
    {{"columns.time", "", "Column of the time of each row."},
     [](const Assignment& a) { return a.text(a.config.columns.time); }},
    {{"columns.score", "", "Column of the model's score or probability of the event."},
     [](const Assignment& a) { return a.text(a.config.columns.score); }},
    {{"columns.scores.*", "", "For several classes: class and the column of its probability."}, read_score_of_class},
    {{"columns.prediction", "", "Column of the predicted class or value."},
     [](const Assignment& a) { return a.text(a.config.columns.prediction); }},
    {{"columns.threshold", "", "A score at or above it predicts the event."},
     [](const Assignment& a) { return a.number(a.config.columns.threshold); }},
    {{"columns.label.column", "", "Column of the true outcome."},
     [](const Assignment& a) { return a.text(a.config.columns.label.column); }},
    {{"columns.label.positive", "", "Value of the outcome that is the event."},
     [](const Assignment& a) { return a.text(a.config.columns.label.positive); }},
    {{"columns.label.favourable", "",
      "Value of the outcome that is good for the person; the decision for it is held to the four-fifths rule."},
     [](const Assignment& a) { return a.text(a.config.columns.label.favourable); }},
    {{"columns.label.matures_after", "", "Time after a row until its outcome is final: 90d."},
     [](const Assignment& a) { return a.duration(a.config.columns.label.matures_after); }},
    {{"columns.label.known_at", "", "Column of the time at which the outcome became known."},
     [](const Assignment& a) { return a.text(a.config.columns.label.known_at); }},
    {{"columns.groups", "", "Sensitive columns, over which fairness is checked."},
     [](const Assignment& a) { return a.texts(a.config.columns.groups); }},
    {{"columns.stratum", "", "Column held fixed where groups are compared: a grade or a product that may differ."},
     [](const Assignment& a) { return a.text(a.config.columns.stratum); }},
    {{"columns.segments", "", "Columns that part the rows (region, product): the server keeps them as long as scores."},
     [](const Assignment& a) { return a.texts(a.config.columns.segments); }},
    {{"columns.weight", "", "Column of row weights: training heeds it, comparisons do not."},
     [](const Assignment& a) { return a.text(a.config.columns.weight); }},
    {{"columns.ignore", "", "Columns that are not looked at."},
     [](const Assignment& a) { return a.texts(a.config.columns.ignore); }},
    {{"columns.cyclic", "", "Numeric columns whose ends meet: hour, angle."},
     [](const Assignment& a) { return a.texts(a.config.columns.cyclic); }},
    {{"columns.categorical", "", "Columns of codes to be compared by category, whatever their type."},
     [](const Assignment& a) { return a.texts(a.config.columns.categorical); }},
    {{"columns.text", "", "Columns of free text."},
     [](const Assignment& a) { return a.texts(a.config.columns.text); }},
    {{"columns.numeric", "", "Columns to be compared as numbers, whatever their type."},
     [](const Assignment& a) { return a.texts(a.config.columns.numeric); }},

    {{"reference", "", "Reference data or a prepared profile; relative to the monitor file."},
     [](const Assignment& a) { return a.texts(a.config.reference); }},
    {{"window", "", "Span of time of one comparison: 1d. Not set: all rows together."},
     [](const Assignment& a) { return a.duration(a.config.window); }},

    {{"leeway.drift", "0.1", "How far a feature may drift, as a PSI: one scale for all methods."}, read_drift},
    {{"leeway.columns.*", "", "The same for one column."}, read_column_drift},
    {{"leeway.fairness.*", "", "By fairness metric: a least ratio or a greatest gap."},
     [](const Assignment& a) { return a.number(a.config.leeway.fairness[a.names[0]], 0); }},
    {{"leeway.quality.*", "", "By quality check: the greatest change, mostly of a share of rows."},
     [](const Assignment& a) { return a.number(a.config.leeway.quality[a.names[0]], 0); }},
    {{"leeway.*.min", "", "Least value of a metric: leeway.roc_auc.min."},
     [](const Assignment& a) { return a.number(a.config.leeway.metrics[a.names[0]].min); }},
    {{"leeway.*.max", "", "Greatest value of a metric."},
     [](const Assignment& a) { return a.number(a.config.leeway.metrics[a.names[0]].max); }},
    {{"leeway.*.change", "", "Greatest worsening of a metric against the reference."},
     [](const Assignment& a) { return a.number(a.config.leeway.metrics[a.names[0]].change, 0); }},

    {{"false_alarms", "1 per year", "Budget of false alarms over everything that is watched."}, read_false_alarms},
    {{"cost.false_negative", "0", "What a missed event costs."},
     [](const Assignment& a) { return a.number(a.config.cost.false_negative); }},
    {{"cost.false_positive", "0", "What a false alarm of the model costs."},
     [](const Assignment& a) { return a.number(a.config.cost.false_positive); }},
    {{"cost.true_negative", "0", "What a rightly predicted non-event costs (negative: gains)."},
     [](const Assignment& a) { return a.number(a.config.cost.true_negative); }},
    {{"cost.true_positive", "0", "What a rightly predicted event costs (negative: gains)."},
     [](const Assignment& a) { return a.number(a.config.cost.true_positive); }},
    {{"missing_values", "", "Texts in CSV files that mean missing, besides the empty field."},
     [](const Assignment& a) { return a.texts(a.config.missing_values); }},
    {{"policy", "leeway", "How a movement becomes a verdict; others are for comparison with other tools."},
     [](const Assignment& a) { return a.text(a.config.policy); }},
    {{"methods.numeric", "", "Drift methods of numeric columns."},
     [](const Assignment& a) { return a.texts(a.config.methods.types["numeric"]); }},
    {{"methods.categorical", "", "Drift methods of categorical columns."},
     [](const Assignment& a) { return a.texts(a.config.methods.types["categorical"]); }},
    {{"methods.cyclic", "", "Drift methods of cyclic columns."},
     [](const Assignment& a) { return a.texts(a.config.methods.types["cyclic"]); }},
    {{"methods.text", "", "Drift methods of text columns."},
     [](const Assignment& a) { return a.texts(a.config.methods.types["text"]); }},
    {{"methods.score", "", "Drift methods of the score."},
     [](const Assignment& a) { return a.texts(a.config.methods.types["score"]); }},
    {{"methods.joint", "", "Methods of all columns together, besides those always run: domain_classifier."},
     [](const Assignment& a) { return a.texts(a.config.methods.types["joint"]); }},
    {{"methods.columns.*", "", "Drift methods of one column."},
     [](const Assignment& a) { return a.texts(a.config.methods.columns[a.names[0]]); }},
    {{"explain.cases", "false", "Also split a change of performance by the features; trains a learner, some seconds."},
     read_explain_cases},
    {{"seed", "1", "Seed of everything random: the same seed, the same numbers."}, read_seed},
});

}  // namespace

std::span<const ConfigRule> config_rules() { return rules; }

std::vector<ConfigKey> config_keys() {
  std::vector<ConfigKey> keys;
  for (const auto& rule : rules) keys.push_back(rule.key);
  return keys;
}

}  // namespace leeway
