#pragma once
// The parts of run_outcomes, one per task.

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "checks/business/business.h"
#include "checks/performance/registry.h"
#include "monitor/outcome_run.h"

namespace leeway {

/// Both sides with their output and outcome columns read.
struct OutcomeSides {
  const Side& reference;
  const Side& current;
  OutcomeData reference_data, current_data;
  const OutcomeRunOptions& options;
};

/// Errors: a configuration that the labels contradict.
Status run_binary(const OutcomeSides& sides, OutcomeRun& out);
void run_multiclass(const OutcomeSides& sides, OutcomeRun& out);
void run_regression(const OutcomeSides& sides, OutcomeRun& out);

/// Keeps the change of the mean score in `out`, if it surely is one.
void keep_score_shift(const Column& reference, const Column& current, OutcomeRun& out);

/// Judges measurements and keeps the findings.
inline void keep(const Judge& judge, std::vector<Measurement> measurements, std::vector<Finding>& out) {
  for (auto& measurement : measurements) out.push_back(judge(std::move(measurement), false));
}

/// The metrics that windows are shown for: those with a leeway by default and those that the user gave one.
inline bool is_headline(std::string_view id, const MonitorConfig& config) {
  constexpr std::array headline = std::to_array<std::string_view>({"roc_auc", "kappa_multiclass", "mae"});
  return std::find(headline.begin(), headline.end(), id) != headline.end() ||
         config.leeway.metrics.contains(std::string(id));
}

/// Every metric of a task on both sides, and the headline ones in each window. `sample_of` makes the sample of some
/// columns, or nothing if they hold no outcome.
template <class Metrics, class Sample, class Options, class SampleOf>
void run_metrics(const Metrics& metrics, const std::optional<Sample>& reference, const std::optional<Sample>& current,
                 const Options& how, const OutcomeSides& sides, SampleOf&& sample_of, OutcomeRun& out) {
  const Judge& judge = *sides.options.judge;
  const Sample* from = reference ? &*reference : nullptr;
  if (current)
    for (const auto* metric : metrics)
      keep(judge, performance::measure(*metric, Subject{}, from, *current, how), out.findings);
  for (const auto& rows : sides.options.windows) {
    auto& findings = out.windows.emplace_back();
    const std::optional<Sample> window = sample_of(sides.current_data.gather(rows));
    if (!window) continue;
    for (const auto* metric : metrics)
      if (is_headline(metric->info.id, *sides.options.config))
        keep(judge, performance::measure(*metric, Subject{}, from, *window, how), findings);
  }
}

/// Every business quantity of a task. Either side's rows may be missing.
template <class Quantities, class Rows>
void run_quantities(const Quantities& quantities, const std::optional<Rows>& reference,
                    const std::optional<Rows>& current, const business::Options& how, const Judge& judge,
                    OutcomeRun& out) {
  if (!current) return;
  for (const auto* quantity : quantities)
    keep(judge, business::measure(*quantity, Subject{}, reference ? &*reference : nullptr, *current, how),
         out.findings);
}

/// Some usable rows wait for their outcome, so that an estimate is worth having.
template <class Rows>
bool labels_wait(const std::optional<Rows>& rows) {
  return rows && rows->labelled.used < rows->usable.used;
}

}  // namespace leeway
