#include "checks/fairness/levels.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace leeway::fairness {
namespace {

/// A column of thousands of small groups is an identifier: the counts of parity say all there is to say of it.
constexpr std::ptrdiff_t most_hidden_named = 20;

std::string too_few_rows(const FairnessOptions& options) {
  return fmt::format("not enough data: fewer than {} rows or {} cases", options.min_rows, options.min_cases);
}

InputCounts counts_of(const GroupSide& side, size_t group, Needs needs) {
  const GroupCounts& counts = side.counts[group];
  InputCounts out{.rows = counts.rows()};
  if (needs != Needs::score_and_outcome)
    out.used = counts.sum(cells_of(needs == Needs::decision ? Rate::selection : Rate::accuracy).cases);
  else if (!side.samples.empty()) out.used = side.samples[group].rows();
  out.missing = out.rows - out.used;
  return out;
}

/// From stored bins each level is known to within its bracket, and a difference of two to within both.
void add_bracket(Measurement& m, const GroupLevels& levels) {
  double half = 0;
  for (const leeway::Level& level : levels)
    if (level.bracket) half = std::max(half, (level.bracket->upper - level.bracket->lower) / 2);
  if (half > 0 && m.computed())
    m.bracket = Estimate{undefined, std::max(0.0, m.value.value - 2 * half), m.value.value + 2 * half};
}

}  // namespace

GroupLevels rate_levels(const GroupSide& side, Rate rate, const FairnessOptions& options) {
  const auto shown = rates_of(side, rate, options);
  if (!shown.missing.empty()) return {};
  GroupLevels out(side.counts.size(), leeway::Level::failed(too_few_rows(options)));
  for (size_t i = 0; i < shown.groups.size(); ++i) {
    const Fraction& p = shown.numbers[i];
    out[shown.groups[i]] = leeway::Level::of_proportion(p.events, p.cases, {});
    out[shown.groups[i]].details.push_back({"cases", static_cast<double>(p.cases)});
  }
  return out;
}

GroupLevels metric_levels(const GroupSide& side, const performance::BinaryMetric& metric, bool both_classes,
                          const FairnessOptions& options) {
  const performance::BinaryOptions binary{.calibration_bins = options.calibration_bins};
  const performance::BinarySample* no_reference = nullptr;
  GroupLevels out;
  for (size_t g = 0; g < side.samples.size(); ++g) {
    const performance::BinarySample& sample = side.samples[g];
    const int64_t cases = both_classes ? std::min(sample.positives(), sample.negatives()) : sample.rows();
    if (side.counts[g].rows() < options.min_rows || cases < options.min_cases)
      out.push_back(leeway::Level::failed(too_few_rows(options)));
    else out.push_back(performance::levels(metric, sample, binary, no_reference).front());
  }
  return out;
}

void add_levels(const GroupedData& data, const MethodInfo& info, Needs needs, const GroupLevels& current,
                const GroupLevels& reference, std::vector<Measurement>& out) {
  const auto failed = [](const leeway::Level& level) { return !level.computed(); };
  const bool name_hidden = std::ranges::count_if(current, failed) <= most_hidden_named;
  for (size_t g = 0; g < current.size(); ++g) {
    if (data.current.counts[g].rows() == 0 || (failed(current[g]) && !name_hidden)) continue;
    const auto then = reference.empty() ? std::span<const leeway::Level>{} : std::span(&reference[g], 1);
    const InputCounts rows_then = data.reference ? counts_of(*data.reference, g, needs) : InputCounts{};
    auto measured = compare(info, {data.column, data.slice(g)}, then, rows_then, std::span(&current[g], 1),
                            counts_of(data.current, g, needs));
    std::ranges::move(measured, std::back_inserter(out));
  }
}

void add_rate_levels(const GroupedData& data, const MethodInfo& info, Rate rate, const FairnessOptions& options,
                     std::vector<Measurement>& out) {
  const Needs needs = cells_of(rate).needs_labels ? Needs::decision_and_outcome : Needs::decision;
  add_levels(data, info, needs, rate_levels(data.current, rate, options),
             data.reference ? rate_levels(*data.reference, rate, options) : GroupLevels{}, out);
}

SideNumbers<Estimated> estimated(const GroupLevels& levels, std::string_view missing, const FairnessOptions& options) {
  constexpr double two_sided_critical = 1.9599639845400542;
  SideNumbers<Estimated> out;
  for (size_t g = 0; g < levels.size(); ++g) {
    if (!levels[g].computed()) continue;
    const Estimate& e = levels[g].estimate;
    // A standard error of 0 (an AUC of 1, say) is an artefact; the interval knows better.
    const double se = e.se > 0 ? e.se : std::max(e.upper - e.value, e.value - e.lower) / two_sided_critical;
    if (!std::isfinite(e.value) || !std::isfinite(se)) continue;
    out.groups.push_back(g);
    out.numbers.push_back({e.value, se});
  }
  // One reason for all groups is better than "fewer than two groups".
  const auto same = [&](const leeway::Level& level) { return level.not_computable == levels.front().not_computable; };
  if (out.groups.empty() && std::ranges::all_of(levels, same))
    out.missing = levels.empty() ? missing : levels.front().not_computable;
  if (out.groups.size() > options.max_groups) out = {{}, {}, too_many_groups(options)};
  return out;
}

std::string_view no_score_or_outcome(const GroupSide& side) {
  return side.labelled ? "there is no score" : "there are no outcomes yet";
}

void measure_score_parity(const GroupedData& data, const ScoreParity& method, const FairnessOptions& options,
                          FairnessMeasurements& out) {
  const auto levels_of = [&](const GroupSide& side) {
    return metric_levels(side, *method.metric, method.both_classes, options);
  };
  const GroupLevels current = levels_of(data.current);
  const GroupLevels reference = data.reference ? levels_of(*data.reference) : GroupLevels{};
  const auto numbers = estimated(current, no_score_or_outcome(data.current), options);
  const auto then =
      data.reference ? estimated(reference, no_score_or_outcome(*data.reference), options) : SideNumbers<Estimated>{};
  const ParityMethod parity{method.parity, Contrast::difference, Needs::score_and_outcome};
  measure_parity(data, parity, numbers, data.reference ? &then : nullptr, options, out);
  add_bracket(out.parity.back(), current);
  add_levels(data, *method.level, Needs::score_and_outcome, current, reference, out.levels);
}

}  // namespace leeway::fairness
