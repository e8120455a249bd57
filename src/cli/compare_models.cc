#include "cli/compare_models.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

#include "base/text.h"
#include "stats/auc.h"

namespace leeway::cli {
namespace {

using models::Metric;
using models::Scores;
using models::Version;

constexpr double z95 = 1.959963984540054;

std::string number(double value) { return std::isfinite(value) ? short_number(value, 4) : "-"; }
std::string signed_number(double value) { return (value > 0 ? "+" : "") + number(value); }
std::string with_interval(const Metric& m) {
  return std::isfinite(m.low) && std::isfinite(m.high)
             ? fmt::format("{} [{}, {}]", number(m.value), number(m.low), number(m.high))
             : number(m.value);
}

/// Nothing for what the lines tell already.
void add_if_different(std::vector<ComparedLine>& lines, std::string what, std::string first, std::string second) {
  if (first != second && std::ranges::find(lines, what, &ComparedLine::what) == lines.end())
    lines.push_back({std::move(what), std::move(first), std::move(second), ""});
}

std::vector<std::string> names_of(const models::Model& model) {
  std::vector<std::string> names;
  for (const auto& column : model.encoder().columns()) names.push_back(column.name);
  std::ranges::sort(names);
  return names;
}

/// Columns that only the first has, in words.
std::string beyond(const std::vector<std::string>& first, const std::vector<std::string>& second) {
  std::vector<std::string> only;
  std::ranges::set_difference(first, second, std::back_inserter(only));
  return only.empty() ? "-" : join_words(only);
}

/// Scores of the rows whose outcome is known, and the outcome.
struct Known {
  std::vector<double> first, second, outcome;
  int64_t disagreements = 0;
};

double mean_loss(const std::vector<double>& value, const std::vector<double>& outcome, double (*loss)(double, double)) {
  double sum = 0;
  for (size_t i = 0; i < value.size(); ++i) sum += loss(value[i], outcome[i]);
  return sum / static_cast<double>(value.size());
}

double log_loss(double p, double y) {
  const double kept = std::clamp(p, 1e-15, 1 - 1e-15);
  return y > 0 ? -std::log(kept) : -std::log1p(-kept);
}
double squared(double value, double y) { return (value - y) * (value - y); }

ComparedLine line(std::string what, double first, double second) {
  return {std::move(what), number(first), number(second), signed_number(second - first)};
}

std::vector<ComparedLine> binary_lines(const Known& known) {
  std::vector<uint8_t> labels(known.outcome.begin(), known.outcome.end());
  const auto paired = stats::paired_auc(known.first, known.second, labels);
  ComparedLine auc = line("roc_auc", paired.first.value(), paired.second.value());
  const double change = -paired.difference();
  if (std::isfinite(paired.se()))
    auc.difference = fmt::format("{} [{}, {}]", signed_number(change), number(change - z95 * paired.se()),
                                 number(change + z95 * paired.se()));
  return {std::move(auc),
          line("log_loss", mean_loss(known.first, known.outcome, log_loss),
               mean_loss(known.second, known.outcome, log_loss)),
          {"decided differently", "", "",
           percent(static_cast<double>(known.disagreements) / static_cast<double>(known.outcome.size()))}};
}

/// The outcome as the model's task has it: 0 or 1, a class number, or a value; NaN where unknown.
double outcome_of(const models::ModelFacts& facts, const Column& label, size_t row) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  if (!label.is_valid(row)) return unknown;
  if (facts.task == Task::regression) return label.number(row);
  const std::string text = label.text(row);
  if (facts.task == Task::binary) return text == facts.positive ? 1 : 0;
  const auto found = std::ranges::find(facts.classes, text);
  return found == facts.classes.end() ? unknown : static_cast<double>(found - facts.classes.begin());
}

}  // namespace

std::vector<ComparedLine> compare_records(const Version& first, const Version& second) {
  const auto &a = first.model.facts(), &b = second.model.facts();
  std::vector<ComparedLine> lines;
  const bool tested = std::ranges::any_of(first.record.metrics, [](const Metric& m) { return m.data == "test"; });
  for (const Metric& metric : first.record.metrics) {
    if (tested && metric.data != "test") continue;
    const auto& others = second.record.metrics;
    const auto other =
        std::ranges::find_if(others, [&](const Metric& m) { return m.name == metric.name && m.data == metric.data; });
    if (other == others.end()) continue;
    lines.push_back({fmt::format("{} ({})", metric.name, metric.data), with_interval(metric), with_interval(*other),
                     signed_number(other->value - metric.value)});
  }
  add_if_different(lines, "task", std::string(leeway::name(a.task)), std::string(leeway::name(b.task)));
  add_if_different(lines, "algorithm", a.algorithm, b.algorithm);
  add_if_different(lines, "trees", grouped(static_cast<int64_t>(first.model.booster().trees().trees())),
                   grouped(static_cast<int64_t>(second.model.booster().trees().trees())));
  add_if_different(lines, "calibration", std::string(name(first.model.calibration().kind)),
                   std::string(name(second.model.calibration().kind)));
  add_if_different(lines, "threshold", number(first.model.threshold()), number(second.model.threshold()));
  add_if_different(lines, "training rows", grouped(a.training_rows), grouped(b.training_rows));
  add_if_different(lines, "training data", a.training_fingerprint, b.training_fingerprint);
  add_if_different(lines, "seed", std::to_string(a.seed), std::to_string(b.seed));
  add_if_different(lines, "columns only here", beyond(names_of(first.model), names_of(second.model)),
                   beyond(names_of(second.model), names_of(first.model)));
  for (const auto& [name, value] : first.record.choices)
    for (const auto& [other_name, other] : second.record.choices)
      if (name == other_name) add_if_different(lines, name, value, other);
  return lines;
}

Result<SameRows> compare_on(const Version& first, const Version& second, std::span<const Column> raw,
                            const Column& label, int threads) {
  const auto& facts = first.model.facts();
  if (facts.task != second.model.facts().task || facts.classes != second.model.facts().classes)
    return fail(Code::invalid_argument, "the two models do not predict the same thing");
  models::ScoreOptions options;
  options.threads = threads;
  LEEWAY_TRY(const Scores a, first.model.score(raw, options));
  LEEWAY_TRY(const Scores b, second.model.score(raw, options));
  Known known;
  for (size_t r = 0; r < a.rows; ++r) {
    const double outcome = outcome_of(facts, label, r);
    if (!std::isfinite(outcome)) continue;
    known.outcome.push_back(outcome);
    const bool value = facts.task != Task::multiclass;
    known.first.push_back(value ? a.value[r] : static_cast<double>(a.prediction[r]));
    known.second.push_back(value ? b.value[r] : static_cast<double>(b.prediction[r]));
    known.disagreements += facts.task != Task::regression && a.prediction[r] != b.prediction[r];
  }
  if (known.outcome.empty())
    return fail(Code::invalid_argument, fmt::format("column '{}' holds no outcome", printable(label.name())));
  SameRows out{static_cast<int64_t>(known.outcome.size()), {}};
  if (facts.task == Task::binary) out.lines = binary_lines(known);
  if (facts.task == Task::regression)
    out.lines = {line("rmse", std::sqrt(mean_loss(known.first, known.outcome, squared)),
                      std::sqrt(mean_loss(known.second, known.outcome, squared)))};
  if (facts.task == Task::multiclass) {
    const auto right = [](double predicted, double y) { return predicted == y ? 1.0 : 0.0; };
    out.lines = {
        line("accuracy", mean_loss(known.first, known.outcome, right), mean_loss(known.second, known.outcome, right)),
        {"decided differently", "", "",
         percent(static_cast<double>(known.disagreements) / static_cast<double>(known.outcome.size()))}};
  }
  return out;
}

}  // namespace leeway::cli
