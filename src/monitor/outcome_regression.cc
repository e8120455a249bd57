#include "monitor/outcome_tasks.h"

namespace leeway {
namespace {

std::optional<performance::RegressionSample> sample_of(const OutcomeData& data) {
  if (!data.label || !data.has_output()) return std::nullopt;
  auto rows = performance::regression_rows(data.columns());
  if (!rows) return std::nullopt;
  return performance::RegressionSample::of_rows(*rows);
}

const Column& output(const OutcomeData& data) { return data.prediction ? *data.prediction : *data.score; }

std::vector<double> losses(const OutcomeData& data) {
  return explain::absolute_errors(row_numbers(output(data)), row_numbers(*data.label));
}

}  // namespace

void run_regression(const OutcomeSides& sides, OutcomeRun& out) {
  const auto reference = sample_of(sides.reference_data), current = sample_of(sides.current_data);
  run_metrics(performance::regression_metrics(), reference, current, performance::RegressionOptions{}, sides, sample_of, out);
  if (!reference || !current) return;
  out.losses = RowLosses{explain::mean_absolute_error, losses(sides.reference_data), losses(sides.current_data),
                         row_numbers(output(sides.reference_data)), row_numbers(output(sides.current_data)), {}, {}, {}};
}

}  // namespace leeway
