#include "monitor/outcome_tasks.h"

#include <limits>
#include <set>

#include "checks/estimate/cbpe.h"

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

/// Each row's place in `classes`, or classes.size() for anything else.
std::vector<uint32_t> row_classes(const Column& column, const std::vector<std::string>& classes) {
  const Categories categories(column);
  const auto other = static_cast<uint32_t>(classes.size());
  std::vector<uint32_t> of_value;
  for (const auto& value : categories.values())
    of_value.push_back(static_cast<uint32_t>(std::find(classes.begin(), classes.end(), value) - classes.begin()));
  std::vector<uint32_t> out(column.size(), other);
  for (size_t row = 0; row < out.size(); ++row)
    if (categories.codes()[row] < of_value.size()) out[row] = of_value[categories.codes()[row]];
  return out;
}

std::vector<double> losses(const OutcomeData& data, const std::vector<std::string>& classes) {
  const auto known = [&](const Column& column) {
    auto codes = row_classes(column, classes);
    std::replace(codes.begin(), codes.end(), static_cast<uint32_t>(classes.size()), explain::unknown_class);
    return codes;
  };
  return explain::misclassified(known(*data.prediction), known(*data.label));
}

}  // namespace

void run_multiclass(const OutcomeSides& sides, OutcomeRun& out) {
  const auto classes = classes_of(sides);
  const auto rows_of = [&](const OutcomeData& data) -> std::optional<performance::MulticlassRows> {
    if (!data.has_output()) return std::nullopt;
    auto rows = performance::multiclass_rows(data.columns(), classes);
    return rows ? std::optional(std::move(*rows)) : std::nullopt;
  };
  const auto sample_of = [](const std::optional<performance::MulticlassRows>& rows, const OutcomeData& data)
      -> std::optional<performance::MulticlassSample> {
    if (!rows || !data.label) return std::nullopt;
    return performance::MulticlassSample::of_rows(*rows);
  };
  const auto reference_rows = rows_of(sides.reference_data), current_rows = rows_of(sides.current_data);
  const auto reference = sample_of(reference_rows, sides.reference_data),
             current = sample_of(current_rows, sides.current_data);
  const Judge& judge = *sides.options.judge;
  run_metrics(performance::multiclass_metrics(), reference, current, performance::MulticlassOptions{}, sides,
              [&](const OutcomeData& data) { return sample_of(rows_of(data), data); }, out);
  run_quantities(business::multiclass_quantities(), reference_rows, current_rows, {}, judge, out);
  if (labels_wait(current_rows) && !sides.current_data.class_scores.empty()) {
    estimate::Options how;
    how.seed = sides.options.seed;
    keep(judge,
         estimate::estimate_multiclass(Subject{}, reference_rows ? &*reference_rows : nullptr, *current_rows, how),
         out.findings);
  }
  if (!reference || !current || !sides.reference_data.prediction || !sides.current_data.prediction) return;
  RowLosses all{explain::error_rate,
                losses(sides.reference_data, classes),
                losses(sides.current_data, classes),
                confidence(sides.reference_data),
                confidence(sides.current_data),
                row_classes(*sides.reference_data.prediction, classes),
                row_classes(*sides.current_data.prediction, classes),
                classes};
  all.group_names.emplace_back("another class");
  out.losses = std::move(all);
}

}  // namespace leeway
