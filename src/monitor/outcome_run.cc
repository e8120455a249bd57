#include "monitor/outcome_run.h"

#include "monitor/outcome_tasks.h"

namespace leeway {

Result<OutcomeRun> run_outcomes(const Side& reference, const Side& current, const OutcomeRunOptions& options) {
  OutcomeRun out;
  LEEWAY_TRY(auto reference_data, OutcomeData::read(reference, *options.roles));
  LEEWAY_TRY(auto current_data, OutcomeData::read(current, *options.roles));
  const OutcomeSides sides{reference, current, std::move(reference_data), std::move(current_data), options};
  switch (options.roles->task) {
    case Task::binary: run_binary(sides, out); break;
    case Task::multiclass: run_multiclass(sides, out); break;
    case Task::regression: run_regression(sides, out); break;
    case Task::none: break;
  }
  out.windows.resize(options.windows.size());
  return out;
}

}  // namespace leeway
