#include "checks/fairness/parity.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "stats/simultaneous.h"

namespace leeway::fairness {
namespace {

const Estimated& level_of(const Estimated& level, Contrast) { return level; }
template <class Rates>
Estimated level_of(const Rates& group, Contrast contrast) {
  return smoothed(group, contrast);
}

template <class Number>
std::vector<double> errors_of(std::span<const Number> groups, Contrast contrast) {
  std::vector<double> out;
  for (const Number& group : groups) out.push_back(level_of(group, contrast).se);
  return out;
}

/// Of all pairs of one family.
double critical_of(std::vector<double> errors, const Random& random) {
  const std::vector<double> families[] = {std::move(errors)};
  return stats::pairwise_critical_value(families, bound_confidence, random);
}

NullGap null_of(std::span<const Fraction> groups, Contrast contrast, const Random& random, int draws) {
  const std::vector<Fraction> tables[] = {{groups.begin(), groups.end()}};
  PermutedTables permuted(tables);
  if (contrast == Contrast::difference)
    return permuted.null([](const auto& t) { return gap(t.front()); }, true, random, draws);
  return permuted.null([](const auto& t) { return ratio(t.front()); }, false, random, draws);
}

/// Levels that differ by their errors alone.
NullGap null_of(std::span<const Estimated> groups, Contrast contrast, const Random& random, int draws) {
  const bool difference = contrast == Contrast::difference;
  const auto [low, high] = std::minmax_element(
      groups.begin(), groups.end(), [](const Estimated& a, const Estimated& b) { return a.value < b.value; });
  const double seen = difference ? high->value - low->value : low->value / high->value;
  Random stream = random;
  std::vector<double> values(static_cast<size_t>(draws));
  for (double& value : values) {
    double smallest = INFINITY, largest = -INFINITY;
    for (const Estimated& level : groups) {
      const double error = level.se * stream.normal();
      smallest = std::min(smallest, error);
      largest = std::max(largest, error);
    }
    value = difference ? largest - smallest : std::exp(smallest - largest);
  }
  return PermutedTables::summary(seen, values, difference);
}

NullGap null_of(std::span<const MeanRate> groups, Contrast, const Random& random, int draws) {
  std::vector<std::vector<Fraction>> tables(2);
  for (const MeanRate& group : groups) {
    tables[0].push_back(group.first);
    tables[1].push_back(group.second);
  }
  const auto mean_gap = [](const auto& t) {
    double smallest = INFINITY, largest = -INFINITY;
    for (size_t g = 0; g < t[0].size(); ++g) {
      const double value = MeanRate{t[0][g], t[1][g]}.value();
      smallest = std::min(smallest, value);
      largest = std::max(largest, value);
    }
    return largest - smallest;
  };
  return PermutedTables(tables).null(mean_gap, true, random, draws);
}

/// Standard error of high - low, or of low/high, from those of the two groups.
double pair_error(const Estimated& low, const Estimated& high, Contrast contrast) {
  const double both = std::hypot(low.se, high.se);
  return contrast == Contrast::difference ? both : both * low.value / high.value;
}

double contrast_of(const Estimated& low, const Estimated& high, Contrast contrast) {
  return contrast == Contrast::difference ? high.value - low.value : low.value / high.value;
}

template <class Number>
void add_pair_change(Measurement& m, const SideNumbers<Number>& now, const SideNumbers<Number>& then,
                     const WorstPair& worst, Contrast contrast, const Random& random) {
  const auto common = common_groups(now.groups, then.groups);
  const auto a = numbers_of(now, common), b = numbers_of(then, common);
  const auto place = [&](size_t at) {
    return std::find(common.begin(), common.end(), now.groups[at]) - common.begin();
  };
  const size_t low = static_cast<size_t>(place(worst.low)), high = static_cast<size_t>(place(worst.high));
  if (low == common.size() || high == common.size()) return;
  std::vector<double> errors;
  for (size_t g = 0; g < common.size(); ++g)
    errors.push_back(std::hypot(level_of(a[g], contrast).se, level_of(b[g], contrast).se));
  const Estimated now_low = level_of(a[low], contrast), now_high = level_of(a[high], contrast);
  const Estimated then_low = level_of(b[low], contrast), then_high = level_of(b[high], contrast);
  add_change(m, contrast_of(now_low, now_high, contrast) - contrast_of(then_low, then_high, contrast),
             std::hypot(pair_error(now_low, now_high, contrast), pair_error(then_low, then_high, contrast)),
             critical_of(std::move(errors), random));
}

template <class Number>
void add_pairs(const Measurement& parity, const GroupedData& data, const ParityMethod& method,
               const SideNumbers<Number>& side, size_t against, double critical, std::vector<Measurement>& out) {
  for (size_t i = 0; i < side.groups.size(); ++i) {
    if (i == against) continue;
    Measurement m = parity;
    m.subject.slice = data.groups[side.groups[i]] + " against " + data.groups[side.groups[against]];
    m.reference.reset();
    m.by_chance.reset();
    m.p_value.reset();
    m.note = in_words(data.groups[side.groups[i]], side.numbers[i]) + " against " +
             in_words(data.groups[side.groups[against]], side.numbers[against]);
    set_value(m, compare(side.numbers[i], side.numbers[against], method.contrast, critical));
    const double a = level_of(side.numbers[i], method.contrast).value;
    const double b = level_of(side.numbers[against], method.contrast).value;
    const bool difference = method.contrast == Contrast::difference;
    m.details = {{difference ? "difference" : "ratio", difference ? a - b : a / b}, {"critical", critical}};
    if (std::isnan(m.value.value)) m.not_computable = "neither group has an event";
    out.push_back(std::move(m));
  }
}

}  // namespace

SideNumbers<Fraction> rates_of(const GroupSide& side, Rate rate, const FairnessOptions& options) {
  SideNumbers<Fraction> out;
  if (!side.decided) out.missing = "there is no decision: no prediction, and no threshold for the score";
  else if (cells_of(rate).needs_labels && !side.labelled) out.missing = "there are no outcomes yet";
  for (size_t g = 0; g < side.counts.size() && out.missing.empty(); ++g) {
    const Fraction p = fraction(side.counts[g], rate);
    if (side.counts[g].rows() < options.min_rows || p.cases < options.min_cases) continue;
    out.groups.push_back(g);
    out.numbers.push_back(p);
  }
  if (out.groups.size() > options.max_groups) out = {{}, {}, too_many_groups(options)};
  return out;
}

std::vector<size_t> common_groups(std::span<const size_t> a, std::span<const size_t> b) {
  std::vector<size_t> out;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

namespace {

InputCounts input_counts(const GroupSide& side, Needs needs) {
  InputCounts counts{.rows = side.rows};
  const uint16_t cells = cells_of(needs == Needs::decision ? Rate::selection : Rate::accuracy).cases;
  if (needs == Needs::score_and_outcome)
    for (const auto& sample : side.samples) counts.used += sample.rows();
  else
    for (const GroupCounts& group : side.counts) counts.used += group.sum(cells);
  counts.missing = counts.rows - counts.used;
  return counts;
}

}  // namespace

Measurement blank(const MethodInfo& info, const GroupedData& data, Needs needs) {
  Measurement m;
  m.method = &info;
  m.subject.column = data.column;
  m.confidence = bound_confidence;
  m.current_rows = input_counts(data.current, needs);
  if (data.reference) m.reference_rows = input_counts(*data.reference, needs);
  return m;
}

void add_support(Measurement& m, const GroupedData& data, std::span<const size_t> shown) {
  int64_t occurring = 0, hidden_rows = data.current.rows;
  for (const GroupCounts& counts : data.current.counts) occurring += counts.rows() > 0;
  for (const size_t group : shown) hidden_rows -= data.current.counts[group].rows();
  const int64_t hidden = occurring - static_cast<int64_t>(shown.size());
  m.details.push_back({"groups", static_cast<double>(shown.size())});
  m.details.push_back({"groups_hidden", static_cast<double>(hidden)});
  m.details.push_back({"rows_hidden", static_cast<double>(hidden_rows)});
  if (hidden > 0)
    m.note += fmt::format("{}{} with too few rows left out ({} rows)", m.note.empty() ? "" : "; ",
                          hidden == 1 ? "1 group" : fmt::format("{} groups", hidden), grouped(hidden_rows));
}

void add_null(Measurement& m, const NullGap& null) {
  m.by_chance = null.mean;
  m.p_value = null.p_value;
  m.details.push_back({"null_quantile", null.quantile});
}

void add_change(Measurement& m, double change, double se, double critical) {
  m.details.push_back({"change", change});
  m.details.push_back({"change_lower", change - critical * se});
  m.details.push_back({"change_upper", change + critical * se});
}

void add_pair_reference(Measurement& m, const PairDifference& worst, std::span<const PairDifference> then,
                        double critical) {
  if (then.empty()) return;
  m.reference = worst_difference(then, stats::bonferroni_critical_value(then.size(), bound_confidence)).value;
  for (const PairDifference& pair : then) {
    if (pair.a != worst.a || pair.b != worst.b) continue;
    const double sign = worst.difference.value < 0 ? -1 : 1;
    add_change(m, sign * (worst.difference.value - pair.difference.value),
               std::hypot(worst.difference.se, pair.difference.se), critical);
  }
}

void set_value(Measurement& m, const Estimate& value) {
  m.value = value;
  m.current = value;
}

std::string too_few_groups(const FairnessOptions& options) {
  return fmt::format("not enough data: fewer than two groups have {} rows and {} cases", options.min_rows,
                     options.min_cases);
}

std::string too_many_groups(const FairnessOptions& options) {
  return fmt::format("more than {} groups have enough rows; cut the attribute into bands", options.max_groups);
}

std::string in_words(const Fraction& number) {
  return fmt::format("{} ({} of {})", percent(number.rate()), grouped(number.events), grouped(number.cases));
}

std::string in_words(const std::string& group, const Fraction& number) { return group + " " + in_words(number); }

std::string in_words(const std::string& group, const Estimated& number) {
  return fmt::format("{} {}", group, short_number(number.value));
}

std::string in_words(const std::string& group, const MeanRate& number) {
  return fmt::format("{} {}", group, percent(number.value()));
}

Random stream_for(const FairnessOptions& options, const MethodInfo& info, std::string_view column) {
  return Random(options.seed).split(hash64(column, hash64(info.id)));
}

template <class Number>
void measure_parity(const GroupedData& data, const ParityMethod& method, const SideNumbers<Number>& current,
                    const SideNumbers<Number>* reference, const FairnessOptions& options, FairnessMeasurements& out) {
  Measurement m = blank(*method.info, data, method.needs);
  const auto refuse = [&](std::string reason) {
    m.not_computable = std::move(reason);
    add_support(m, data, current.groups);
    out.parity.push_back(std::move(m));
  };
  if (!current.missing.empty()) return refuse(current.missing);
  if (current.groups.size() < 2) return refuse(too_few_groups(options));
  const Random random = stream_for(options, *method.info, data.column);
  const double critical = critical_of(errors_of<Number>(current.numbers, method.contrast), random.split(0));
  const WorstPair worst = worst_pair(std::span<const Number>(current.numbers), method.contrast, critical);
  if (std::isnan(worst.value.value)) return refuse("no group has a single event");

  set_value(m, worst.value);
  const auto words = [&](size_t at) { return in_words(data.groups[current.groups[at]], current.numbers[at]); };
  m.note = words(worst.low) + " against " + words(worst.high);
  add_support(m, data, current.groups);
  m.details.push_back({"critical", critical});
  const std::span<const Number> numbers(current.numbers);
  add_null(m, null_of(numbers, method.contrast, random.split(1), options.permutations));
  if (reference && reference->missing.empty() && reference->groups.size() >= 2) {
    const double then = critical_of(errors_of<Number>(reference->numbers, method.contrast), random.split(2));
    const Estimate before = worst_pair(std::span<const Number>(reference->numbers), method.contrast, then).value;
    if (!std::isnan(before.value)) {
      m.reference = before;
      add_pair_change(m, current, *reference, worst, method.contrast, random.split(3));
    }
  }

  const auto chosen = std::find(current.groups.begin(), current.groups.end(), data.compared_with.value_or(SIZE_MAX));
  if (method.against == Against::highest) add_pairs(m, data, method, current, worst.high, critical, out.pairs);
  else if (chosen != current.groups.end())
    add_pairs(m, data, method, current, static_cast<size_t>(chosen - current.groups.begin()), critical, out.pairs);
  out.parity.push_back(std::move(m));
}

template void measure_parity(const GroupedData&, const ParityMethod&, const SideNumbers<Fraction>&,
                             const SideNumbers<Fraction>*, const FairnessOptions&, FairnessMeasurements&);
template void measure_parity(const GroupedData&, const ParityMethod&, const SideNumbers<MeanRate>&,
                             const SideNumbers<MeanRate>*, const FairnessOptions&, FairnessMeasurements&);
template void measure_parity(const GroupedData&, const ParityMethod&, const SideNumbers<Estimated>&,
                             const SideNumbers<Estimated>*, const FairnessOptions&, FairnessMeasurements&);

void measure_rate_parity(const GroupedData& data, const ParityMethod& method, Rate rate, const FairnessOptions& options,
                         FairnessMeasurements& out) {
  measure_both_sides(data, method, [&](const GroupSide& side) { return rates_of(side, rate, options); }, options, out);
}

}  // namespace leeway::fairness
