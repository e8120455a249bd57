#include "monitor/train_metrics.h"

#include <fmt/format.h>

#include "checks/performance/registry.h"

namespace leeway {
namespace {

/// The rows' outputs and outcome, gathered.
struct Gathered {
  Column label;
  std::vector<Column> outputs;

  Gathered(const TrainData& data, const ScoredRows& scored, std::span<const uint32_t> rows)
      : label(data.label.gather(rows)) {
    for (const Column& output : scored.outputs) outputs.push_back(output.gather(rows));
  }
};

/// Calls use(metrics, sample, options) with those of the task.
template <class Use>
void with_sample(const TrainData& data, const ScoredRows& scored, std::span<const uint32_t> rows, Use&& use) {
  const Gathered part(data, scored, rows);
  performance::OutcomeColumns columns;
  columns.label = &part.label;
  if (data.roles.task == Task::multiclass) {
    for (const Column& output : part.outputs) columns.class_scores.push_back(&output);
    if (const auto outcome = performance::multiclass_rows(columns, data.table.classes))
      use(performance::multiclass_metrics(), performance::MulticlassSample::of_rows(*outcome),
          performance::MulticlassOptions{});
  } else if (data.roles.task == Task::regression) {
    columns.prediction = &part.outputs.front();
    if (const auto outcome = performance::regression_rows(columns))
      use(performance::regression_metrics(), performance::RegressionSample::of_rows(*outcome),
          performance::RegressionOptions{});
  } else {
    columns.score = &part.outputs.front();
    performance::BinaryOptions how;
    how.threshold = scored.threshold;
    if (const auto outcome = performance::binary_rows(columns, data.classes))
      use(performance::binary_metrics(), performance::BinarySample::of_rows(*outcome), how);
  }
}

}   // namespace

ScoredRows scored_rows(const models::Model& model, const models::Scores& scores) {
  ScoredRows out;
  out.threshold = model.threshold();
  const models::ModelFacts& facts = model.facts();
  for (size_t k = 0; k < scores.outputs; ++k) {
    std::vector<double> values(scores.rows);
    for (size_t row = 0; row < scores.rows; ++row) values[row] = scores.value[row * scores.outputs + k];
    const std::string name = facts.task == Task::regression   ? "prediction"
                             : facts.task == Task::multiclass ? "score_" + facts.classes[k]
                                                              : "score";
    out.outputs.push_back(Column::of_reals(name, std::move(values)));
  }
  return out;
}

std::vector<Measurement> measure_rows(const TrainData& data, const ScoredRows& scored, std::span<const uint32_t> rows) {
  std::vector<Measurement> out;
  with_sample(data, scored, rows, [&](const auto& metrics, const auto& sample, const auto& how) {
    out = performance::measure_all(metrics, Subject{}, nullptr, sample, how);
  });
  return out;
}

Measurement measure_rows(const TrainData& data, const ScoredRows& scored, std::span<const uint32_t> rows,
                         std::string_view id) {
  Measurement out;
  with_sample(data, scored, rows, [&](const auto& metrics, const auto& sample, const auto& how) {
    for (const auto* metric : metrics)
      if (metric->info.id == id) out = performance::measure(*metric, Subject{}, nullptr, sample, how).front();
  });
  return out;
}

std::string_view headline_metric(Task task) {
  return task == Task::regression ? "mae" : task == Task::multiclass ? "hand_till_auc" : "roc_auc";
}

}   // namespace leeway
