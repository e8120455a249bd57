#include "monitor/outcome_rows.h"

#include <algorithm>
#include <cmath>

#include "checks/performance/label_coverage.h"

namespace leeway {
namespace {

Status read_if(const Side& side, const std::string& name, std::optional<Column>& out) {
  if (name.empty() || !side.has_rows(name)) return {};
  LEEWAY_TRY(out, side.read(name));
  return {};
}

/// 1 for `positive`, 0 for `negative`, 2 for anything else, by the value's text, each distinct value looked at once.
std::vector<uint8_t> row_classes(const Column& column, const performance::BinaryClasses& classes) {
  const Categories categories(column);
  std::vector<uint8_t> of_value(categories.values().size(), fairness::unknown);
  for (size_t v = 0; v < of_value.size(); ++v) {
    if (categories.values()[v] == classes.positive) of_value[v] = 1;
    if (categories.values()[v] == classes.negative) of_value[v] = 0;
  }
  std::vector<uint8_t> out(column.size(), fairness::unknown);
  for (size_t row = 0; row < out.size(); ++row)
    if (categories.codes()[row] < of_value.size()) out[row] = of_value[categories.codes()[row]];
  return out;
}

/// Scores of the other class: the complement of probabilities, else the same order backwards.
void turn(std::vector<double>& scores) {
  const bool probabilities = std::none_of(scores.begin(), scores.end(), [](double p) { return p < 0 || p > 1; });
  for (double& score : scores) score = probabilities ? 1 - score : -score;
}

}  // namespace

Result<OutcomeData> OutcomeData::read(const Side& side, const Roles& roles) {
  OutcomeData out;
  const ColumnRoles& columns = roles.columns;
  LEEWAY_CHECK(read_if(side, columns.score, out.score));
  LEEWAY_CHECK(read_if(side, columns.prediction, out.prediction));
  LEEWAY_CHECK(read_if(side, columns.label.column, out.label));
  LEEWAY_CHECK(read_if(side, columns.time, out.time));
  LEEWAY_CHECK(read_if(side, columns.label.known_at, out.known_at));
  LEEWAY_CHECK(read_if(side, columns.stratum, out.stratum));
  for (const auto& [name, column] : columns.scores) {
    if (!side.has_rows(column)) continue;
    LEEWAY_TRY(auto scores, side.read(column));
    out.class_scores.push_back(std::move(scores));
  }
  if (out.class_scores.size() != columns.scores.size()) out.class_scores.clear();
  for (const auto& name : columns.groups) {
    if (!side.has_rows(name)) continue;
    LEEWAY_TRY(auto group, side.read(name));
    out.groups.emplace_back(name, std::move(group));
  }
  return out;
}

OutcomeData OutcomeData::gather(std::span<const uint32_t> rows) const {
  OutcomeData out;
  const auto pick = [&](const std::optional<Column>& from, std::optional<Column>& to) {
    if (from) to = from->gather(rows);
  };
  pick(score, out.score);
  pick(prediction, out.prediction);
  pick(label, out.label);
  pick(time, out.time);
  pick(known_at, out.known_at);
  pick(stratum, out.stratum);
  for (const auto& column : class_scores) out.class_scores.push_back(column.gather(rows));
  for (const auto& [name, column] : groups) out.groups.emplace_back(name, column.gather(rows));
  return out;
}

std::optional<int64_t> OutcomeData::latest() const {
  if (!time || time->type() != Type::time) return std::nullopt;
  std::optional<int64_t> out;
  for (size_t row = 0; row < time->size(); ++row)
    if (time->is_valid(row)) out = std::max(out.value_or(time->integers()[row]), time->integers()[row]);
  return out;
}

std::vector<uint32_t> OutcomeData::forget_immature_labels(int64_t as_of, int64_t matures_after) {
  if (!label || !time || time->type() != Type::time) return {};
  auto immature = performance::immature_labels(*label, *time, as_of, matures_after);
  labels_so_far = label;
  if (!immature.empty()) label = label->without(immature);
  return immature;
}

size_t OutcomeData::rows() const {
  for (const auto* column : {&score, &prediction, &label, &time})
    if (*column) return (*column)->size();
  if (!class_scores.empty()) return class_scores.front().size();
  return groups.empty() ? 0 : groups.front().second.size();
}

performance::OutcomeColumns OutcomeData::columns() const {
  performance::OutcomeColumns out;
  if (score) out.score = &*score;
  if (prediction) out.prediction = &*prediction;
  if (label) out.label = &*label;
  for (const auto& column : class_scores) out.class_scores.push_back(&column);
  return out;
}

std::vector<double> row_numbers(const Column& column) {
  std::vector<double> out(column.size());
  for (size_t row = 0; row < out.size(); ++row) out[row] = column.number(row);
  return out;
}

std::vector<double> row_labels(const Column& column, const performance::BinaryClasses& classes) {
  const auto labels = row_classes(column, classes);
  std::vector<double> out(labels.size());
  for (size_t row = 0; row < out.size(); ++row) out[row] = labels[row] == fairness::unknown ? undefined : labels[row];
  return out;
}

GroupData::GroupData(const OutcomeData& data, const Favourable& favourable, std::vector<uint32_t> strata)
    : strata_(std::move(strata)) {
  rows.rows = data.rows();
  if (data.score) scores_ = row_numbers(*data.score);
  if (data.label) labels_ = row_classes(*data.label, favourable.classes);
  if (data.prediction) {
    selected_ = row_classes(*data.prediction, favourable.classes);
  } else if (data.score) {
    selected_.resize(scores_.size(), fairness::unknown);
    for (size_t row = 0; row < scores_.size(); ++row)
      if (std::isfinite(scores_[row])) selected_[row] = (scores_[row] >= favourable.threshold) != favourable.below;
  }
  if (favourable.below) turn(scores_);
  categories_.reserve(data.groups.size());
  for (const auto& [name, column] : data.groups) {
    const Categories& categories = categories_.emplace_back(column);
    rows.columns.push_back({name, categories.codes(), categories.values(), {}});
  }
  rows.selected = selected_;
  rows.labels = labels_;
  rows.scores = scores_;
  if (!strata_.empty()) rows.stratum_name = data.stratum->name();
  rows.strata = strata_;
}

}  // namespace leeway
