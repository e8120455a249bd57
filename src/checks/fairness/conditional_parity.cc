// Selection compared between groups among rows of the same stratum: whether what the stratum stands for (a grade, a
// product, a region) explains a difference of selection rates.

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "checks/fairness/parity.h"
#include "checks/fairness/registry.h"
#include "checks/fairness/texts.h"
#include "stats/hypergeometric.h"
#include "stats/simultaneous.h"

namespace leeway::fairness {
namespace {

constexpr MethodInfo conditional_parity_difference{
    .id = "conditional_parity_difference",
    .title = "Conditional parity difference",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures =
        "Largest Mantel-Haenszel difference of selection rates between two groups, each compared within strata.",
    .hypothesis = "within every stratum all groups are selected at the same rate (permutation within strata)",
    .guarantee =
        "As demographic parity, with Sato's variance, which holds for few large and for many small strata; "
        "simultaneous over pairs by Bonferroni.",
    .misleads =
        "One number for all strata hides differences of opposite sign. A stratum that is itself a result of unfair "
        "treatment explains it away.",
    .cost = "O(n + permutations · strata · groups²)",
    .source = "Sato, Greenland & Robins 1989, doi:10.2307/2531509; Mantel & Haenszel 1959, doi:10.1093/jnci/22.4.719",
};

constexpr const MethodInfo* methods[] = {&conditional_parity_difference};

/// Work that the permutations may take: strata · pairs · permutations.
constexpr size_t permutation_budget = 200'000'000;

/// The shown groups of one stratum.
using Stratum = std::vector<Fraction>;  // by place among the shown groups; cases 0 where it has none

struct Strata {
  std::vector<size_t> groups;
  std::vector<Stratum> strata;
  std::string missing;
};

Strata strata_of(const GroupSide& side, const FairnessOptions& options) {
  const auto shown = rates_of(side, Rate::selection, options);
  Strata out{shown.groups, {}, shown.missing};
  if (!side.source || side.source->rows->strata.empty()) out.missing = "no column to hold fixed is named";
  if (!out.missing.empty()) return out;
  const GroupRows& rows = *side.source->rows;
  std::vector<size_t> place(side.counts.size(), SIZE_MAX);
  for (size_t i = 0; i < out.groups.size(); ++i) place[out.groups[i]] = i;
  std::unordered_map<uint32_t, size_t> numbers;
  for (size_t i = 0; i < rows.rows; ++i) {
    const size_t group = place[side.codes[i]];
    if (group == SIZE_MAX || rows.selected[i] >= unknown) continue;
    const auto [at, added] = numbers.try_emplace(rows.strata[i], out.strata.size());
    if (added) out.strata.emplace_back(out.groups.size());
    Fraction& cell = out.strata[at->second][group];
    ++cell.cases;
    cell.events += rows.selected[i];
  }
  // A stratum with rows of one group compares nothing.
  std::erase_if(out.strata, [](const Stratum& s) {
    return std::count_if(s.begin(), s.end(), [](const Fraction& p) { return p.cases > 0; }) < 2;
  });
  return out;
}

/// Common difference of a - b over the strata in which both occur; NaN if there is none. Its variance is at least what
/// half an event in each group would give, so that two groups without any are not taken for surely equal.
Estimated mantel_haenszel(const std::vector<Stratum>& strata, size_t a, size_t b) {
  double weights = 0, weighted = 0, p_sum = 0, q_sum = 0;
  for (const Stratum& stratum : strata) {
    const auto x1 = static_cast<double>(stratum[a].events), n1 = static_cast<double>(stratum[a].cases);
    const auto x2 = static_cast<double>(stratum[b].events), n2 = static_cast<double>(stratum[b].cases);
    if (n1 == 0 || n2 == 0) continue;
    const double n = n1 + n2;
    weights += n1 * n2 / n;
    weighted += (x1 * n2 - x2 * n1) / n;
    p_sum += (n1 * n1 * x2 - n2 * n2 * x1 + n1 * n2 * (n2 - n1) / 2) / (n * n);
    q_sum += (x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * n);
  }
  const double difference = weighted / weights;
  return {difference, std::sqrt(std::max(0.25, difference * p_sum + q_sum)) / weights};
}

std::vector<PairDifference> all_pairs(const Strata& strata) {
  std::vector<PairDifference> out;
  for (size_t a = 0; a < strata.groups.size(); ++a)
    for (size_t b = a + 1; b < strata.groups.size(); ++b) {
      const Estimated difference = mantel_haenszel(strata.strata, a, b);
      if (!std::isnan(difference.value)) out.push_back({strata.groups[a], strata.groups[b], difference});
    }
  return out;
}

double largest_difference(const Strata& strata) {
  double largest = 0;
  for (size_t a = 0; a < strata.groups.size(); ++a)
    for (size_t b = a + 1; b < strata.groups.size(); ++b) {
      const double difference = std::fabs(mantel_haenszel(strata.strata, a, b).value);
      if (difference > largest) largest = difference;
    }
  return largest;
}

/// Selections moved about within each stratum.
NullGap permuted_within_strata(const Strata& seen, size_t pairs, Random random, int permutations) {
  const auto affordable = static_cast<int>(permutation_budget / (seen.strata.size() * pairs));
  std::vector<double> draws(static_cast<size_t>(std::clamp(affordable, 99, permutations)));
  Strata table = seen;
  std::vector<int64_t> sizes(seen.groups.size()), counts(seen.groups.size());
  for (double& draw : draws) {
    for (Stratum& stratum : table.strata) {
      int64_t events = 0;
      for (size_t g = 0; g < stratum.size(); ++g) {
        sizes[g] = stratum[g].cases;
        events += stratum[g].events;
      }
      stats::draw_marks(random, sizes, events, counts);
      for (size_t g = 0; g < stratum.size(); ++g) stratum[g].events = counts[g];
    }
    draw = largest_difference(table);
  }
  return PermutedTables::summary(largest_difference(seen), draws, true);
}

void measure(const GroupedData& data, const FairnessOptions& options, FairnessMeasurements& out) {
  // Holding nothing fixed is the default, not a failure to report.
  if (!data.current.source || data.current.source->rows->strata.empty()) return;
  const Strata now = strata_of(data.current, options);
  Measurement m = blank(conditional_parity_difference, data, Needs::decision);
  const auto pairs = all_pairs(now);
  if (pairs.empty()) {
    m.not_computable = now.missing.empty() ? "no two groups with enough rows share a stratum" : now.missing;
    add_support(m, data, now.groups);
    out.parity.push_back(std::move(m));
    return;
  }
  const double critical = stats::bonferroni_critical_value(pairs.size(), bound_confidence);
  const auto [value, worst] = worst_difference(pairs, critical);
  set_value(m, value);
  const bool a_is_lower = worst->difference.value < 0;
  m.note = data.groups[a_is_lower ? worst->a : worst->b] + " against " + data.groups[a_is_lower ? worst->b : worst->a] +
           " at equal " + data.current.source->rows->stratum_name;
  add_support(m, data, now.groups);
  m.details.push_back({"strata", static_cast<double>(now.strata.size())});
  m.details.push_back({"critical", critical});
  add_null(m, permuted_within_strata(now, pairs.size(), stream_for(options, conditional_parity_difference, data.column),
                                     options.permutations));
  if (data.reference) add_pair_reference(m, *worst, all_pairs(strata_of(*data.reference, options)), critical);
  out.parity.push_back(std::move(m));
}

}  // namespace

constinit const FairnessFamily conditional_parity{methods, measure};

}  // namespace leeway::fairness
