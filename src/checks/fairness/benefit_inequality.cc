#include "checks/fairness/benefit_inequality.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "checks/fairness/parity.h"
#include "checks/fairness/registry.h"
#include "checks/fairness/texts.h"
#include "stats/bootstrap.h"
#include "stats/distributions.h"
#include "stats/hypergeometric.h"

namespace leeway::fairness {
namespace {

constexpr std::string_view bootstrap_guarantee =
    "Bias-corrected and accelerated Poisson bootstrap of the counts; each bound holds with 95 % confidence in large "
    "samples.";
constexpr std::string_view chi_square_guarantee =
    "Bounds from the non-central chi-square law of the between-group sum of squares; each holds with 95 % confidence "
    "for groups of some tens of rows, also when all groups are alike.";
constexpr std::string_view favourable_only =
    "Takes being selected for a benefit. A single number: the same value can come from errors in either direction.";
constexpr std::string_view biased_upwards =
    "Positive even when all groups are alike: compare with what chance gives at these sizes.";
constexpr std::string_view speicher =
    "Speicher et al. 2018, doi:10.1145/3219819.3220046; Efron 1987, doi:10.1080/01621459.1987.10478410";

constexpr MethodInfo generalised_entropy{
    .id = "generalised_entropy",
    .title = "Generalised entropy index",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures =
        "Half the squared coefficient of variation (alpha = 2) of the benefits of all rows: 0 for a false negative, "
        "1 for a right decision, 2 for a false positive.",
    .hypothesis = "",
    .guarantee = bootstrap_guarantee,
    .misleads = favourable_only,
    .cost = "O(n)",
    .source = speicher,
};

constexpr MethodInfo theil_index{
    .id = "theil_index",
    .title = "Theil index",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "nats",
    .measures =
        "Mean of (b/mean) ln(b/mean) over all rows (alpha = 1), the benefit b being 0 for a false negative, 1 for a "
        "right decision, 2 for a false positive.",
    .hypothesis = "",
    .guarantee = bootstrap_guarantee,
    .misleads = favourable_only,
    .cost = "O(n)",
    .source = speicher,
};

constexpr MethodInfo between_group_entropy{
    .id = "between_group_entropy",
    .title = "Generalised entropy between groups",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "The generalised entropy (alpha = 2) that is left when every row has the mean benefit of its group.",
    .hypothesis = "benefits are alike in all groups (permutation of the group labels)",
    .guarantee = chi_square_guarantee,
    .misleads = biased_upwards,
    .cost = texts::group_cost,
    .source = "Speicher et al. 2018, doi:10.1145/3219819.3220046",
};

constexpr MethodInfo between_group_theil{
    .id = "between_group_theil",
    .title = "Theil index between groups",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "nats",
    .measures = "The Theil index that is left when every row has the mean benefit of its group.",
    .hypothesis = "benefits are alike in all groups (permutation of the group labels)",
    .guarantee = chi_square_guarantee,
    .misleads = biased_upwards,
    .cost = texts::group_cost,
    .source = "Speicher et al. 2018, doi:10.1145/3219819.3220046",
};

constexpr const MethodInfo* whole_methods[] = {&generalised_entropy, &theil_index};
constexpr const MethodInfo* between_methods[] = {&between_group_entropy, &between_group_theil};

/// What one person contributes, as a function of the benefit over the mean benefit.
using Term = double (*)(double ratio);
double entropy_term(double ratio) { return (ratio * ratio - 1) / 2; }
double theil_term(double ratio) { return ratio == 0 ? 0 : ratio * std::log(ratio); }

constexpr struct {
  const MethodInfo* whole;
  const MethodInfo* between;
  Term term;
} indices[] = {{&generalised_entropy, &between_group_entropy, entropy_term},
               {&theil_index, &between_group_theil, theil_term}};

/// Rows of benefit 0, 1 and 2, three counts for each group.
std::array<int64_t, 3> benefits(const GroupCounts& counts) {
  return {counts.false_negatives(), counts.true_positives() + counts.true_negatives(), counts.false_positives()};
}

/// Over people: each count is people of one benefit. NaN if nobody benefits.
double index_of_people(std::span<const double> counts, Term term) {
  const double people = counts[0] + counts[1] + counts[2], mean = (counts[1] + 2 * counts[2]) / people;
  double sum = 0;
  for (size_t b = 0; b < 3; ++b) sum += counts[b] * term(static_cast<double>(b) / mean);
  return sum / people;
}

/// Over groups, each with its mean benefit.
double index_between(std::span<const double> counts, Term term) {
  double people = 0, benefit_sum = 0, sum = 0;
  for (size_t g = 0; g < counts.size(); g += 3) {
    people += counts[g] + counts[g + 1] + counts[g + 2];
    benefit_sum += counts[g + 1] + 2 * counts[g + 2];
  }
  for (size_t g = 0; g < counts.size(); g += 3) {
    const double size = counts[g] + counts[g + 1] + counts[g + 2];
    if (size > 0) sum += size * term((counts[g + 1] + 2 * counts[g + 2]) / size * people / benefit_sum);
  }
  return sum / people;
}

Estimate bootstrapped(std::span<const int64_t> counts, const stats::CellStatistic& statistic, const Random& random,
                      int replicates) {
  const auto bootstrap = stats::poisson_bootstrap(counts, statistic, random, replicates);
  const auto bounds = bootstrap.bca(bound_confidence);
  return {bootstrap.estimate, bounds.lower, bounds.upper, bootstrap.se()};
}

/// Bounds of the index between groups, from the counts as index_between() takes them. With σ² the variance within
/// groups, T = 2 n GE(2) μ²/σ² = Σ n_g (μ_g - μ)²/σ² is non-central chi-square with groups - 1 degrees of freedom,
/// which also holds where the true index is 0 and a bootstrap would never reach it. κ widens it where the groups that
/// differ most vary most. Other indices are GE(2) to second order and scale with it.
Estimate bounded_between(std::span<const int64_t> counts, Term term) {
  const std::vector<double> cells(counts.begin(), counts.end());
  double people = 0, benefit_sum = 0, within = 0, between = 0, widened = 0;
  for (size_t g = 0; g < cells.size(); g += 3) {
    people += cells[g] + cells[g + 1] + cells[g + 2];
    benefit_sum += cells[g + 1] + 2 * cells[g + 2];
  }
  const double mean = benefit_sum / people;
  for (size_t g = 0; g < cells.size(); g += 3) {
    const double size = cells[g] + cells[g + 1] + cells[g + 2], own = (cells[g + 1] + 2 * cells[g + 2]) / size;
    const double squares = cells[g + 1] + 4 * cells[g + 2] - size * own * own;
    within += squares;
    between += size * (own - mean) * (own - mean);
    widened += (own - mean) * (own - mean) * squares;
  }
  const double groups = static_cast<double>(cells.size()) / 3, value = index_between(cells, term);
  const double variance = std::max(within, 0.5) / (people - groups);
  const double kappa = between > 0 ? std::clamp(widened / (variance * between), 1.0 / 3, 3.0) : 1;
  const double statistic = between / variance / kappa, error = 1 - bound_confidence;
  const double entropy = between / (2 * people * mean * mean), scale = entropy > 0 ? value / entropy : 1;
  const auto index_at = [&](double noncentrality) {
    return scale * noncentrality * kappa * variance / (2 * people * mean * mean);
  };
  Estimate out{value, index_at(stats::noncentrality_lower(statistic, groups - 1, error)),
               index_at(stats::noncentrality_upper(statistic, groups - 1, error))};
  // Of a non-central chi-square at its estimated noncentrality.
  out.se = index_at(std::sqrt(2 * (groups - 1) + 4 * std::max(0.0, statistic - (groups - 1))));
  return out;
}

/// Benefits dealt out anew among the groups, whose sizes stay.
NullGap permuted_benefits(std::span<const int64_t> counts, Term term, Random random, int permutations) {
  const size_t groups = counts.size() / 3;
  int64_t total[3] = {};
  std::vector<int64_t> sizes(groups), twos(groups), left(groups), zeros(groups);
  for (size_t g = 0; g < groups; ++g)
    for (size_t b = 0; b < 3; ++b) {
      total[b] += counts[3 * g + b];
      sizes[g] += counts[3 * g + b];
    }
  std::vector<double> cells(counts.begin(), counts.end()), draws(static_cast<size_t>(permutations));
  const double seen = index_between(cells, term);
  for (double& draw : draws) {
    stats::draw_marks(random, sizes, total[2], twos);
    for (size_t g = 0; g < groups; ++g) left[g] = sizes[g] - twos[g];
    stats::draw_marks(random, left, total[0], zeros);
    for (size_t g = 0; g < groups; ++g) {
      cells[3 * g] = static_cast<double>(zeros[g]);
      cells[3 * g + 1] = static_cast<double>(left[g] - zeros[g]);
      cells[3 * g + 2] = static_cast<double>(twos[g]);
    }
    draw = index_between(cells, term);
  }
  return PermutedTables::summary(seen, draws, true);
}

/// Counts of the given groups, three for each.
std::vector<int64_t> benefit_cells(const GroupSide& side, std::span<const size_t> groups) {
  std::vector<int64_t> out;
  for (const size_t group : groups)
    for (const int64_t count : benefits(side.counts[group])) out.push_back(count);
  return out;
}

std::vector<int64_t> all_benefits(const GroupSide& side) {
  std::vector<int64_t> out(3);
  for (const GroupCounts& counts : side.counts)
    for (size_t b = 0; b < 3; ++b) out[b] += benefits(counts)[b];
  return out;
}

void add_reference_value(Measurement& m, const Estimate& reference) {
  constexpr double two_sided = 1.9599639845400542;
  if (std::isnan(reference.value)) return;
  m.reference = reference;
  add_change(m, m.value.value - reference.value, std::hypot(m.value.se, reference.se), two_sided);
}

void measure_between(const GroupedData& data, const FairnessOptions& options, FairnessMeasurements& out) {
  const auto shown = rates_of(data.current, Rate::accuracy, options);
  for (const auto& [whole, info, index] : indices) {
    const Term term = index;
    Measurement m = blank(*info, data, Needs::decision_and_outcome);
    const Random random = stream_for(options, *info, data.column);
    const auto cells = benefit_cells(data.current, shown.groups);
    if (!shown.missing.empty()) m.not_computable = shown.missing;
    else if (shown.groups.size() < 2) m.not_computable = too_few_groups(options);
    else set_value(m, bounded_between(cells, term));
    if (m.computed() && std::isnan(m.value.value))
      m.not_computable = "nobody has a benefit: every decision is a false negative";
    add_support(m, data, shown.groups);
    if (m.computed()) {
      add_null(m, permuted_benefits(cells, term, random, options.permutations));
      const auto then = data.reference ? rates_of(*data.reference, Rate::accuracy, options) : SideNumbers<Fraction>{};
      if (then.groups.size() >= 2)
        add_reference_value(m, bounded_between(benefit_cells(*data.reference, then.groups), term));
    }
    out.parity.push_back(std::move(m));
  }
}

}  // namespace

void measure_inequality(const GroupedData& data, const FairnessOptions& options, std::vector<Measurement>& out) {
  for (const auto& [info, between, index] : indices) {
    const Term term = index;
    const stats::CellStatistic statistic = [term](std::span<const double> counts) {
      return index_of_people(counts, term);
    };
    Measurement m = blank(*info, data, Needs::decision_and_outcome);
    m.subject.column.clear();
    const Random random = stream_for(options, *info, {});
    const auto missing = rates_of(data.current, Rate::accuracy, options).missing;
    if (!missing.empty()) m.not_computable = missing;
    else if (m.current_rows.used < options.min_rows) m.not_computable = "not enough data";
    else set_value(m, bootstrapped(all_benefits(data.current), statistic, random.split(0), options.bootstrap));
    if (m.computed() && std::isnan(m.value.value))
      m.not_computable = "nobody has a benefit: every decision is a false negative";
    if (m.computed() && data.reference && m.reference_rows.used >= options.min_rows)
      add_reference_value(m,
                          bootstrapped(all_benefits(*data.reference), statistic, random.split(2), options.bootstrap));
    out.push_back(std::move(m));
  }
}

std::span<const MethodInfo* const> inequality_methods() { return whole_methods; }

constinit const FairnessFamily benefit_inequality{between_methods, measure_between};

}  // namespace leeway::fairness
