#include "server/scoring.h"

#include <algorithm>

namespace leeway::server {
namespace {

std::vector<double> strided(const std::vector<double>& values, size_t rows, size_t width, size_t at) {
  std::vector<double> out(rows);
  for (size_t row = 0; row < rows; ++row) out[row] = values[row * width + at];
  return out;
}

std::vector<Column> decisions(const models::ModelFacts& facts, const models::Scores& scores) {
  std::vector<Column> out;
  if (facts.task == Task::regression) {
    out.push_back(Column::of_reals("prediction", scores.value));
  } else if (facts.task == Task::multiclass) {
    for (size_t k = 0; k < facts.classes.size(); ++k)
      out.push_back(
          Column::of_reals("score_" + facts.classes[k], strided(scores.value, scores.rows, scores.outputs, k)));
    out.push_back(Column::of_codes("prediction", scores.prediction, facts.classes));
  } else {
    out.push_back(Column::of_reals("score", scores.value));
    out.push_back(
        Column::of_integers("prediction", Type::integer, {scores.prediction.begin(), scores.prediction.end()}));
  }
  return out;
}

}  // namespace

Result<ScoredRows> ScoredRows::make(std::shared_ptr<const models::Version> version, std::vector<Column> raw,
                                    const ScoringOptions& options) {
  auto columns = std::make_shared<const std::vector<Column>>(std::move(raw));
  LEEWAY_TRY(auto batch, version->model.encoder().bind(*columns));
  models::ScoreOptions how;
  how.contributions = options.contributions || options.reasons > 0;
  LEEWAY_TRY(auto scores, version->model.score(batch, how));
  ScoredRows rows(std::move(version), std::move(columns), std::move(batch));
  rows.scores_ = std::make_shared<const models::Scores>(std::move(scores));
  rows.options_ = options;
  return rows;
}

std::vector<Column> ScoredRows::logged() const {
  auto made = decisions(version_->model.facts(), *scores_);
  const auto taken = [&](const std::string& name) {
    return std::ranges::any_of(made, [&](const Column& column) { return column.name() == name; });
  };
  std::vector<Column> out;
  for (const auto& column : *raw_)
    out.push_back(taken(column.name()) ? column.renamed("input_" + column.name()) : column);
  std::ranges::move(made, std::back_inserter(out));
  return out;
}

void ScoredRows::write_reasons(JsonWriter& w, size_t row, size_t output) const {
  w.key("reasons");
  w.begin_array();
  for (const auto& reason : version_->model.reasons(batch_, *scores_, row, options_.reasons, output)) {
    w.begin_object();
    w.member("column", version_->model.encoder().columns()[reason.column].name);
    w.member("contribution", reason.contribution);
    w.member("text", reason.text);
    w.end_object();
  }
  w.end_array();
}

void ScoredRows::write_contributions(JsonWriter& w, size_t row, size_t output) const {
  const auto columns = version_->model.encoder().columns();
  const size_t at = (row * scores_->outputs + output) * (columns.size() + 1);
  w.member("margin", scores_->margin[row * scores_->outputs + output]);
  w.member("base", scores_->contributions[at + columns.size()]);
  w.key("contributions");
  w.begin_object();
  for (size_t c = 0; c < columns.size(); ++c) w.member(columns[c].name, scores_->contributions[at + c]);
  w.end_object();
}

void ScoredRows::write(JsonWriter& w, size_t row, const std::string* id) const {
  const auto& facts = version_->model.facts();
  const size_t output = scores_->outputs == 1 ? 0 : scores_->prediction[row];
  w.begin_object();
  if (id) w.member("id", *id);
  if (facts.task == Task::regression) {
    w.member("prediction", scores_->value[row]);
  } else if (facts.task == Task::multiclass) {
    w.member("prediction", facts.classes[output]);
    w.key("probabilities");
    w.begin_object();
    for (size_t k = 0; k < scores_->outputs; ++k)
      w.member(facts.classes[k], scores_->value[row * scores_->outputs + k]);
    w.end_object();
  } else {
    w.member("probability", scores_->value[row]);
    w.member("prediction", static_cast<int64_t>(scores_->prediction[row]));
    w.member("risk_level", models::name(scores_->risk[row]));
  }
  if (options_.reasons > 0) write_reasons(w, row, output);
  if (options_.contributions) write_contributions(w, row, output);
  w.end_object();
}

void ScoredRows::write_score(JsonWriter& w, size_t row) const {
  if (scores_->outputs == 1) return w.value(scores_->value[row]);
  w.begin_array();
  for (size_t k = 0; k < scores_->outputs; ++k) w.value(scores_->value[row * scores_->outputs + k]);
  w.end_array();
}

}  // namespace leeway::server
