#include "monitor/outcome_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/performance/label_coverage.h"
#include "checks/performance/maturity_curve.h"
#include "columns/sample.h"
#include "explain/decomposition.h"
#include "monitor/outcome_tasks.h"

namespace leeway {
namespace {

/// From the side with more old rows, which is mostly the reference.
void tell_maturity(const OutcomeSides& sides, int64_t as_of, int64_t horizon, LabelCoverage& told) {
  std::optional<performance::MaturityCurve> most;
  int64_t most_rows = 0;
  for (const auto* data : {&sides.reference_data, &sides.current_data}) {
    const auto is_time = [](const std::optional<Column>& column) { return column && column->type() == Type::time; };
    if (!data->label || !is_time(data->time) || !is_time(data->known_at)) continue;
    auto curve = performance::maturity_curve(*data->label, *data->time, *data->known_at, as_of, horizon);
    int64_t rows = 0;
    for (size_t i = 0; curve && i < curve->outcomes.size(); ++i) rows += curve->outcomes[i].rows;
    if (rows <= most_rows) continue;
    most_rows = rows;
    most = std::move(curve);
  }
  if (!most) return;
  for (auto& outcome : most->outcomes) {
    LabelCoverage::Maturity& one =
        told.maturity.emplace_back(LabelCoverage::Maturity{std::move(outcome.label), outcome.rows, {}});
    for (size_t a = 0; a < most->ages.size(); ++a)
      one.known.push_back({performance::duration_text(most->ages[a]), outcome.known[a]});
  }
}

/// Labels younger than they need to be final are set aside on both sides, and the coverage by age is told.
void mature(OutcomeSides& sides, OutcomeRun& out) {
  const auto latest = std::max(sides.reference_data.latest(), sides.current_data.latest());
  const auto matures_after = sides.options.roles->columns.label.matures_after;
  if (sides.current_data.label) {
    const Column* time = sides.current_data.time ? &*sides.current_data.time : nullptr;
    const auto coverage =
        performance::label_coverage(*sides.current_data.label, time, latest.value_or(0), matures_after);
    LabelCoverage told;
    told.known = coverage.known;
    told.unknown = coverage.unknown;
    if (matures_after) told.matures_after = performance::duration_text(*matures_after);
    told.provisional = coverage.provisional && matures_after.has_value();
    for (const auto& age : coverage.ages) told.ages.push_back({age.label, age.rows, age.known, age.mature});
    if (matures_after && latest && sides.options.roles->task != Task::regression)
      tell_maturity(sides, *latest, *matures_after, told);
    if (told.unknown > 0 || matures_after) out.labels = std::move(told);
  }
  if (!matures_after || !latest) return;
  out.young_reference = sides.reference_data.forget_immature_labels(*latest, *matures_after);
  out.young_current = sides.current_data.forget_immature_labels(*latest, *matures_after);
  if (const size_t young = out.young_reference.size() + out.young_current.size(); young > 0)
    out.remarks.push_back(fmt::format("{} labels are of rows younger than {} and were not used: they may still change.",
                                      grouped(static_cast<int64_t>(young)),
                                      performance::duration_text(*matures_after)));
}

/// Rows of an even sample, and their numbers.
std::vector<double> sampled(const Column& column, std::vector<uint32_t>& rows) {
  constexpr size_t most = 100'000;
  rows = evenly_spaced(column.size(), most);
  std::vector<double> out;
  out.reserve(rows.size());
  for (const uint32_t row : rows) out.push_back(column.number(row));
  return out;
}

}  // namespace

void keep_score_shift(const Column& reference, const Column& current, OutcomeRun& out) {
  auto shift = explain::explain_prediction_shift({}, row_numbers(reference), row_numbers(current));
  if (!shift || !(shift->total.lower > 0 || shift->total.upper < 0)) return;
  ScoreShift& kept = out.score_shift.emplace();
  kept.shift = std::move(*shift);
  kept.reference = sampled(reference, kept.reference_rows);
  kept.current = sampled(current, kept.current_rows);
}

Result<OutcomeRun> run_outcomes(const Side& reference, const Side& current, const OutcomeRunOptions& options) {
  OutcomeRun out;
  LEEWAY_TRY(auto reference_data, OutcomeData::read(reference, *options.roles));
  LEEWAY_TRY(auto current_data, OutcomeData::read(current, *options.roles));
  OutcomeSides sides{reference, current, std::move(reference_data), std::move(current_data), options};
  mature(sides, out);
  switch (options.roles->task) {
    case Task::binary: LEEWAY_CHECK(run_binary(sides, out)); break;
    case Task::multiclass: run_multiclass(sides, out); break;
    case Task::regression: run_regression(sides, out); break;
    case Task::none: break;
  }
  out.windows.resize(options.windows.size());
  return out;
}

}  // namespace leeway
