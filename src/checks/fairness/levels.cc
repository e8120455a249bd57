#include "checks/fairness/levels.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "stats/proportions.h"

namespace leeway::fairness {
namespace {

constexpr double two_sided_critical = 1.9599639845400542;

Estimate level(const Proportion& p) {
  const auto events = static_cast<double>(p.events), cases = static_cast<double>(p.cases);
  const auto interval = stats::proportion_interval(events, cases);
  return {p.rate(), interval.lower, interval.upper};
}
const Estimate& level(const Estimate& estimate) { return estimate; }

Estimate change(const Proportion& now, const Proportion& then) {
  const auto interval = stats::miettinen_nurminen_difference(static_cast<double>(now.events), static_cast<double>(now.cases),
                                                             static_cast<double>(then.events), static_cast<double>(then.cases));
  return {now.rate() - then.rate(), interval.lower, interval.upper};
}
Estimate change(const Estimate& now, const Estimate& then) {
  const double difference = now.value - then.value, se = std::hypot(now.se, then.se);
  return {difference, difference - two_sided_critical * se, difference + two_sided_critical * se, se};
}

double cases_of(const Proportion& p) { return static_cast<double>(p.cases); }
double cases_of(const Estimate&) { return undefined; }

template <class Number>
const Number* number_of(const SideNumbers<Number>& side, size_t group) {
  const auto at = std::lower_bound(side.groups.begin(), side.groups.end(), group);
  return at != side.groups.end() && *at == group ? &side.numbers[static_cast<size_t>(at - side.groups.begin())] : nullptr;
}

InputCounts of_group(const GroupSide& side, size_t group, Needs needs) {
  const GroupCounts& counts = side.counts[group];
  InputCounts out{.rows = counts.rows()};
  out.used = needs == Needs::score_and_outcome
                 ? (side.scored.empty() ? 0 : static_cast<int64_t>(side.scored[group].scores.size()))
                 : counts.sum(cells_of(needs == Needs::decision ? Rate::selection : Rate::accuracy).cases);
  out.missing = out.rows - out.used;
  return out;
}

}  // namespace

template <class Number>
void measure_levels(const GroupedData& data, const MethodInfo& info, Needs needs, const SideNumbers<Number>& current,
                    const SideNumbers<Number>* reference, const FairnessOptions& options, std::vector<Measurement>& out) {
  if (!current.missing.empty()) return;
  for (size_t g = 0; g < data.groups.size(); ++g) {
    if (data.current.counts[g].rows() == 0) continue;
    Measurement m;
    m.method = &info;
    m.subject = {data.column, data.slice(g)};
    m.confidence = stats::bound_confidence;
    m.current_rows = of_group(data.current, g, needs);
    if (data.reference) m.reference_rows = of_group(*data.reference, g, needs);
    const Number* now = number_of(current, g);
    const Number* then = reference ? number_of(*reference, g) : nullptr;
    if (!now) {
      m.not_computable = fmt::format("not enough data: fewer than {} rows or {} cases", options.min_rows, options.min_cases);
    } else {
      m.current = level(*now);
      if (const double cases = cases_of(*now); !std::isnan(cases)) m.details.push_back({"cases", cases});
      if (then) {
        m.reference = level(*then);
        m.value = change(*now, *then);
      }
    }
    out.push_back(std::move(m));
  }
}

template void measure_levels(const GroupedData&, const MethodInfo&, Needs, const SideNumbers<Proportion>&,
                             const SideNumbers<Proportion>*, const FairnessOptions&, std::vector<Measurement>&);
template void measure_levels(const GroupedData&, const MethodInfo&, Needs, const SideNumbers<Estimate>&,
                             const SideNumbers<Estimate>*, const FairnessOptions&, std::vector<Measurement>&);

void measure_rate_levels(const GroupedData& data, const MethodInfo& info, Rate rate, const FairnessOptions& options,
                         std::vector<Measurement>& out) {
  const Needs needs = cells_of(rate).needs_labels ? Needs::decision_and_outcome : Needs::decision;
  const auto current = rates_of(data.current, rate, options);
  if (!data.reference) return measure_levels<Proportion>(data, info, needs, current, nullptr, options, out);
  const auto reference = rates_of(*data.reference, rate, options);
  measure_levels(data, info, needs, current, &reference, options, out);
}

SideNumbers<Level> as_levels(const SideNumbers<Estimate>& side) {
  SideNumbers<Level> out{side.groups, {}, side.missing};
  for (const Estimate& estimate : side.numbers) out.numbers.push_back({estimate.value, estimate.se});
  return out;
}

}  // namespace leeway::fairness
