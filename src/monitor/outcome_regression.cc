#include "monitor/outcome_tasks.h"

namespace leeway {
namespace {

using performance::RegressionRows;
using performance::RegressionSample;

std::optional<RegressionRows> rows_of(const OutcomeData& data) {
  if (!data.has_output()) return std::nullopt;
  auto rows = performance::regression_rows(data.columns());
  return rows ? std::optional(std::move(*rows)) : std::nullopt;
}

std::optional<RegressionSample> sample_of(const std::optional<RegressionRows>& rows, const OutcomeData& data) {
  if (!rows || !data.label) return std::nullopt;
  return RegressionSample::of_rows(*rows);
}

const Column& output(const OutcomeData& data) { return data.prediction ? *data.prediction : *data.score; }

std::vector<double> losses(const OutcomeData& data) {
  return explain::absolute_errors(row_numbers(output(data)), row_numbers(*data.label));
}

}  // namespace

void run_regression(const OutcomeSides& sides, OutcomeRun& out) {
  const auto reference_rows = rows_of(sides.reference_data), current_rows = rows_of(sides.current_data);
  const auto reference = sample_of(reference_rows, sides.reference_data),
             current = sample_of(current_rows, sides.current_data);
  run_metrics(performance::regression_metrics(), reference, current, performance::RegressionOptions{}, sides,
              [](const OutcomeData& data) { return sample_of(rows_of(data), data); }, out);
  run_quantities(business::regression_quantities(), reference_rows, current_rows, {}, *sides.options.judge, out);
  if (sides.reference_data.has_output() && sides.current_data.has_output())
    keep_score_shift(output(sides.reference_data), output(sides.current_data), out);
  if (!reference || !current) return;
  out.losses = RowLosses{explain::mean_absolute_error,
                         losses(sides.reference_data),
                         losses(sides.current_data),
                         row_numbers(output(sides.reference_data)),
                         row_numbers(output(sides.current_data)),
                         {},
                         {},
                         {}};
}

}  // namespace leeway
