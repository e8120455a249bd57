#include "cli/scored_columns.h"

#include <fmt/format.h>
#include <set>

namespace leeway::cli {
namespace {

using models::Scores;

std::vector<double> strided(const std::vector<double>& values, size_t rows, size_t width, size_t at) {
  std::vector<double> out(rows);
  for (size_t r = 0; r < rows; ++r) out[r] = values[r * width + at];
  return out;
}

/// The output whose margin is explained: the only one, or that of the predicted class.
size_t explained(const Scores& scores, size_t row) { return scores.outputs == 1 ? 0 : scores.prediction[row]; }

std::vector<Column> decisions(const models::Model& model, const Scores& scores) {
  std::vector<Column> out;
  const Task task = model.facts().task;
  if (task == Task::regression) {
    out.push_back(Column::of_reals("prediction", scores.value));
  } else if (task == Task::binary) {
    out.push_back(Column::of_reals("score", scores.value));
    out.push_back(
        Column::of_integers("prediction", Type::integer, {scores.prediction.begin(), scores.prediction.end()}));
    std::vector<uint32_t> codes;
    for (const auto level : scores.risk) codes.push_back(static_cast<uint32_t>(level));
    std::vector<std::string> names;
    for (int level = 0; level < 5; ++level) names.emplace_back(name(static_cast<models::RiskLevel>(level)));
    out.push_back(Column::of_codes("risk_level", std::move(codes), std::move(names)));
  } else {
    const auto& classes = model.facts().classes;
    for (size_t k = 0; k < classes.size(); ++k)
      out.push_back(Column::of_reals("score_" + classes[k], strided(scores.value, scores.rows, scores.outputs, k)));
    out.push_back(Column::of_codes("prediction", scores.prediction, classes));
  }
  return out;
}

std::vector<Column> contribution_columns(const models::Model& model, const Scores& scores) {
  const auto columns = model.encoder().columns();
  const size_t width = columns.size() + 1;
  std::vector<double> margins(scores.rows);
  std::vector<std::vector<double>> parts(width, std::vector<double>(scores.rows));
  for (size_t r = 0; r < scores.rows; ++r) {
    const size_t row = r * scores.outputs + explained(scores, r);
    margins[r] = scores.margin[row];
    for (size_t c = 0; c < width; ++c) parts[c][r] = scores.contributions[row * width + c];
  }
  std::vector<Column> out = {Column::of_reals("margin", std::move(margins))};
  for (size_t c = 0; c < width; ++c)
    out.push_back(Column::of_reals("contribution_" + (c + 1 < width ? columns[c].name : "base"), std::move(parts[c])));
  return out;
}

std::vector<Column> reason_columns(const models::Model& model, const models::EncodedBatch& batch, const Scores& scores,
                                   size_t count) {
  std::vector<std::vector<std::string>> texts(count, std::vector<std::string>(scores.rows));
  std::vector<Validity> valid(count, Validity(scores.rows, false));
  for (size_t r = 0; r < scores.rows; ++r) {
    const auto reasons = model.reasons(batch, scores, r, count, explained(scores, r));
    for (size_t i = 0; i < reasons.size(); ++i) {
      texts[i][r] = reasons[i].text;
      valid[i].set(r, true);
    }
  }
  std::vector<Column> out;
  for (size_t i = 0; i < count; ++i)
    out.push_back(Column::of_text(fmt::format("reason_{}", i + 1), texts[i], std::move(valid[i])));
  return out;
}

}  // namespace

ScoredTable scored_table(const models::Model& model, const std::string& version, const models::EncodedBatch& batch,
                         const Scores& scores, ScoredTable kept, bool contributions, size_t reasons) {
  std::vector<Column> made = decisions(model, scores);
  made.push_back(Column::of_codes("model_version", std::vector<uint32_t>(scores.rows, 0), {version}));
  if (contributions) std::ranges::move(contribution_columns(model, scores), std::back_inserter(made));
  if (reasons > 0) std::ranges::move(reason_columns(model, batch, scores, reasons), std::back_inserter(made));
  std::set<std::string> taken;
  for (const Column& column : made) taken.insert(column.name());
  ScoredTable out;
  std::vector<Field> fields;
  for (size_t i = 0; i < kept.columns.size(); ++i) {
    Field field = kept.schema[i];
    while (taken.contains(field.name)) field.name = "input_" + field.name;
    taken.insert(field.name);
    out.columns.push_back(kept.columns[i].renamed(field.name));
    fields.push_back(std::move(field));
  }
  for (Column& column : made) {
    fields.push_back({column.name(), column.type(), "", false});
    out.columns.push_back(std::move(column));
  }
  out.schema = Schema(std::move(fields));
  return out;
}

}  // namespace leeway::cli
