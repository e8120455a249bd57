#include "monitor/outcome_tasks.h"

#include <limits>
#include <set>

namespace leeway {
namespace {

/// The classes of the configuration, else those of labels and predictions of both sides.
std::vector<std::string> classes_of(const OutcomeSides& sides) {
  std::vector<std::string> classes;
  for (const auto& [name, column] : sides.options.roles->columns.scores) classes.push_back(name);
  if (!classes.empty()) return classes;
  std::set<std::string> seen;
  for (const auto* data : {&sides.reference_data, &sides.current_data})
    for (const auto* column : {&data->label, &data->prediction})
      if (*column)
        if (const auto names = performance::class_names(**column)) seen.insert(names->begin(), names->end());
  return {seen.begin(), seen.end()};
}

/// Probability given to the predicted class: the score by which a change is split. Empty without class scores.
std::vector<double> confidence(const OutcomeData& data) {
  std::vector<double> out;
  for (const auto& column : data.class_scores) {
    const auto scores = row_numbers(column);
    if (out.empty()) out.assign(scores.size(), -std::numeric_limits<double>::infinity());
    for (size_t row = 0; row < scores.size(); ++row) out[row] = std::max(out[row], scores[row]);
  }
  return out;
}

/// 0/1 losses in the order of the columns' rows; needs a prediction column, so that no row falls out.
std::vector<double> losses(const OutcomeData& data, const std::vector<std::string>& classes) {
  const auto codes = [&](const Column& column) {
    const Categories categories(column);
    std::vector<uint32_t> of_value(categories.values().size(), explain::unknown_class);
    for (size_t v = 0; v < of_value.size(); ++v) {
      const auto at = std::find(classes.begin(), classes.end(), categories.values()[v]);
      if (at != classes.end()) of_value[v] = static_cast<uint32_t>(at - classes.begin());
    }
    std::vector<uint32_t> out(column.size(), explain::unknown_class);
    for (size_t row = 0; row < out.size(); ++row)
      if (categories.codes()[row] < of_value.size()) out[row] = of_value[categories.codes()[row]];
    return out;
  };
  return explain::misclassified(codes(*data.prediction), codes(*data.label));
}

}  // namespace

void run_multiclass(const OutcomeSides& sides, OutcomeRun& out) {
  const auto classes = classes_of(sides);
  const auto sample_of = [&](const OutcomeData& data) -> std::optional<performance::MulticlassSample> {
    if (!data.label || !data.has_output()) return std::nullopt;
    auto rows = performance::multiclass_rows(data.columns(), classes);
    if (!rows) return std::nullopt;
    return performance::MulticlassSample::of_rows(*rows);
  };
  const auto reference = sample_of(sides.reference_data), current = sample_of(sides.current_data);
  run_metrics(performance::multiclass_metrics(), reference, current, performance::MulticlassOptions{}, sides, sample_of, out);
  if (!reference || !current || !sides.reference_data.prediction || !sides.current_data.prediction) return;
  out.losses = RowLosses{explain::error_rate, losses(sides.reference_data, classes), losses(sides.current_data, classes),
                         confidence(sides.reference_data), confidence(sides.current_data)};
}

}  // namespace leeway
