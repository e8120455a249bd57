// How often each group's positives are found and its negatives wrongly selected.

#include <algorithm>
#include <cmath>

#include "checks/fairness/levels.h"
#include "checks/fairness/registry.h"
#include "checks/fairness/texts.h"
#include "stats/distributions.h"
#include "stats/simultaneous.h"

namespace leeway::fairness {
namespace {

constexpr std::string_view same_rate =
    "the rate is the same in all groups (permutation of the group labels within the label class)";
constexpr std::string_view labels_may_be_unfair =
    "The recorded outcomes may themselves be biased, or known only for those who were selected.";
constexpr std::string_view events_near_zero =
    "With rates near 0 small differences make small ratios; see the difference too.";

constexpr MethodInfo true_positive_rate{
    .id = "group_true_positive_rate",
    .title = "True positive rate",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Share of a group's positives that are selected.",
    .hypothesis = "",
    .guarantee = texts::level_guarantee,
    .misleads = labels_may_be_unfair,
    .cost = "O(n)",
    .source = "Wilson 1927, doi:10.1080/01621459.1927.10502953; Jeffreys below 40 rows",
};

constexpr MethodInfo false_positive_rate{
    .id = "group_false_positive_rate",
    .title = "False positive rate",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Share of a group's negatives that are selected.",
    .hypothesis = "",
    .guarantee = texts::level_guarantee,
    .misleads = labels_may_be_unfair,
    .cost = "O(n)",
    .source = "Wilson 1927, doi:10.1080/01621459.1927.10502953; Jeffreys below 40 rows",
};

constexpr MethodInfo equal_opportunity_difference{
    .id = "equal_opportunity_difference",
    .title = "Equal opportunity difference",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Largest difference of true positive rates between two groups.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = labels_may_be_unfair,
    .cost = texts::group_cost,
    .source = "Hardt, Price & Srebro 2016, arXiv 1610.02413; Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211",
};

constexpr MethodInfo equal_opportunity_ratio{
    .id = "equal_opportunity_ratio",
    .title = "Equal opportunity ratio",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "Smallest ratio of one group's true positive rate to another's.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = labels_may_be_unfair,
    .cost = texts::group_cost,
    .source = texts::score_sources,
};

constexpr MethodInfo false_positive_ratio{
    .id = "false_positive_ratio",
    .title = "False positive rate ratio",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "Smallest ratio of one group's false positive rate to another's.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = events_near_zero,
    .cost = texts::group_cost,
    .source = texts::score_sources,
};

constexpr MethodInfo false_negative_ratio{
    .id = "false_negative_ratio",
    .title = "False negative rate ratio",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "",
    .measures = "Smallest ratio of one group's false negative rate to another's.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = events_near_zero,
    .cost = texts::group_cost,
    .source = texts::score_sources,
};

constexpr MethodInfo equalised_odds{
    .id = "equalised_odds",
    .title = "Equalised odds, worst case",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "The larger of the greatest differences of true and of false positive rates between two groups.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = labels_may_be_unfair,
    .cost = texts::group_cost,
    .source = "Hardt, Price & Srebro 2016, arXiv 1610.02413; the same number as Fairlearn's equalized_odds_difference",
};

constexpr MethodInfo equalised_odds_mean{
    .id = "equalised_odds_mean",
    .title = "Equalised odds, mean",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "The mean of the greatest differences of true and of false positive rates between two groups.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = "One large difference hides behind one small; see the worst case.",
    .cost = texts::group_cost,
    .source = "Hardt, Price & Srebro 2016, arXiv 1610.02413; as Fairlearn's equalized_odds_difference with agg='mean'",
};

constexpr MethodInfo average_odds_difference{
    .id = "average_odds_difference",
    .title = "Average odds difference",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::higher_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Largest difference between two groups of the mean of true and false positive rate.",
    .hypothesis = same_rate,
    .guarantee = texts::score_guarantee,
    .misleads = "Gaps of opposite sign cancel; see equalised odds.",
    .cost = texts::group_cost,
    .source =
        "Bellamy et al. 2019 (AIF360), doi:10.1147/JRD.2019.2942287; bounds: Zou & Donner 2008, "
        "doi:10.1002/sim.3095",
};

constexpr const MethodInfo* methods[] = {&equal_opportunity_difference, &equal_opportunity_ratio, &equalised_odds,
                                         &equalised_odds_mean,          &average_odds_difference, &false_positive_ratio,
                                         &false_negative_ratio,         &true_positive_rate,      &false_positive_rate};

constexpr struct {
  ParityMethod method;
  Rate rate;
} parities[] = {
    {{&equal_opportunity_difference, Contrast::difference, Needs::decision_and_outcome}, Rate::true_positive},
    {{&equal_opportunity_ratio, Contrast::ratio, Needs::decision_and_outcome}, Rate::true_positive},
    {{&false_positive_ratio, Contrast::ratio, Needs::decision_and_outcome}, Rate::false_positive},
    {{&false_negative_ratio, Contrast::ratio, Needs::decision_and_outcome}, Rate::false_negative},
};

/// True and false positive rates of the groups that have enough cases for both.
struct Odds {
  std::vector<size_t> groups;
  std::vector<std::vector<Fraction>> rates;
  std::string missing;

  /// Standard errors, a family per rate: their rows are disjoint, so the errors are independent.
  std::vector<std::vector<double>> errors() const {
    std::vector<std::vector<double>> out;
    for (const auto& rate : rates) out.push_back(standard_errors(rate, Contrast::difference));
    return out;
  }
};

Odds odds_of(const GroupSide& side, const FairnessOptions& options) {
  const auto positives = rates_of(side, Rate::true_positive, options);
  const auto negatives = rates_of(side, Rate::false_positive, options);
  Odds out{common_groups(positives.groups, negatives.groups), {}, positives.missing};
  out.rates = {numbers_of(positives, out.groups), numbers_of(negatives, out.groups)};
  return out;
}

/// A weighted sum of the greatest gaps of the two rates, with the pairs that show them.
struct OddsGap {
  Estimate value;
  double weights[2];
  WorstPair pairs[2];
};

OddsGap worst_case(const Odds& odds, double critical) {
  OddsGap out{};
  for (size_t r = 0; r < 2; ++r) out.pairs[r] = worst_pair(odds.rates[r], Contrast::difference, critical);
  const Estimate &tpr = out.pairs[0].value, &fpr = out.pairs[1].value;
  out.weights[tpr.value >= fpr.value ? 0 : 1] = 1;
  out.value = {std::max(tpr.value, fpr.value), std::max(tpr.lower, fpr.lower), std::max(tpr.upper, fpr.upper)};
  return out;
}

OddsGap mean_of_both(const Odds& odds, double critical) {
  // Both plain bounds must hold at once; the two are independent, hence the square root.
  static const double plain = stats::normal_quantile(std::sqrt(bound_confidence));
  OddsGap out{};
  for (size_t r = 0; r < 2; ++r) {
    out.weights[r] = 0.5;
    out.pairs[r] = worst_pair(odds.rates[r], Contrast::difference, critical, plain);
  }
  const Estimate &tpr = out.pairs[0].value, &fpr = out.pairs[1].value;
  out.value = {(tpr.value + fpr.value) / 2, (tpr.lower + fpr.lower) / 2, (tpr.upper + fpr.upper) / 2};
  return out;
}

double worst_gap(std::span<const std::vector<Fraction>> tables) { return std::max(gap(tables[0]), gap(tables[1])); }
double mean_gap(std::span<const std::vector<Fraction>> tables) { return (gap(tables[0]) + gap(tables[1])) / 2; }

struct OddsMethod {
  const MethodInfo* info;
  OddsGap (*measure)(const Odds&, double critical);
  double (*statistic)(std::span<const std::vector<Fraction>>);
};
constexpr OddsMethod odds_methods[] = {{&equalised_odds, worst_case, worst_gap},
                                       {&equalised_odds_mean, mean_of_both, mean_gap}};

/// The change of the same pairs; its bounds add those of the two rates, which hold together by max-T.
void add_odds_change(Measurement& m, const OddsGap& seen, const Odds& now, const Odds& then, const Random& random) {
  const auto common = common_groups(now.groups, then.groups);
  double change = 0, se = 0;
  std::vector<std::vector<double>> errors(2);
  for (size_t r = 0; r < 2; ++r) {
    const auto a = numbers_of<Fraction>({now.groups, now.rates[r], {}}, common);
    const auto b = numbers_of<Fraction>({then.groups, then.rates[r], {}}, common);
    for (size_t g = 0; g < common.size(); ++g)
      errors[r].push_back(std::hypot(smoothed(a[g], Contrast::difference).se, smoothed(b[g], Contrast::difference).se));
    if (seen.weights[r] == 0) continue;
    const auto place = [&](size_t at) {
      return static_cast<size_t>(std::lower_bound(common.begin(), common.end(), now.groups[at]) - common.begin());
    };
    const size_t high = place(seen.pairs[r].high), low = place(seen.pairs[r].low);
    for (const auto& [at, in_now] : {std::pair{high, seen.pairs[r].high}, {low, seen.pairs[r].low}})
      if (at == common.size() || common[at] != now.groups[in_now]) return;
    change += seen.weights[r] * (a[high].rate() - a[low].rate() - (b[high].rate() - b[low].rate()));
    se += seen.weights[r] * std::hypot(errors[r][high], errors[r][low]);
  }
  add_change(m, change, se, stats::pairwise_critical_value(errors, bound_confidence, random));
}

std::string odds_in_words(const GroupedData& data, const Odds& odds, const OddsGap& seen) {
  std::string out;
  constexpr std::string_view names[] = {"true positive rate: ", "false positive rate: "};
  for (size_t r = 0; r < 2; ++r) {
    if (seen.weights[r] == 0) continue;
    const auto words = [&](size_t at) { return in_words(data.groups[odds.groups[at]], odds.rates[r][at]); };
    out.append(out.empty() ? "" : "; ").append(names[r]);
    out.append(words(seen.pairs[r].low) + " against " + words(seen.pairs[r].high));
  }
  return out;
}

void measure_odds(const GroupedData& data, const OddsMethod& method, const FairnessOptions& options,
                  FairnessMeasurements& out) {
  Measurement m = blank(*method.info, data, Needs::decision_and_outcome);
  const Odds now = odds_of(data.current, options);
  if (now.groups.size() < 2) {
    m.not_computable = now.missing.empty() ? too_few_groups(options) : now.missing;
    add_support(m, data, now.groups);
    out.parity.push_back(std::move(m));
    return;
  }
  const Random random = stream_for(options, *method.info, data.column);
  const double critical = stats::pairwise_critical_value(now.errors(), bound_confidence, random.split(0));
  const OddsGap seen = method.measure(now, critical);
  set_value(m, seen.value);
  m.note = odds_in_words(data, now, seen);
  add_support(m, data, now.groups);
  m.details.push_back({"critical", critical});
  add_null(m, PermutedTables(now.rates).null(method.statistic, true, random.split(1), options.permutations));
  if (data.reference) {
    const Odds then = odds_of(*data.reference, options);
    if (then.groups.size() >= 2) {
      const double critical_then = stats::pairwise_critical_value(then.errors(), bound_confidence, random.split(2));
      m.reference = method.measure(then, critical_then).value;
      add_odds_change(m, seen, now, then, random.split(3));
    }
  }
  out.parity.push_back(std::move(m));
}

SideNumbers<MeanRate> average_odds(const GroupSide& side, const FairnessOptions& options) {
  const Odds odds = odds_of(side, options);
  SideNumbers<MeanRate> out{odds.groups, {}, odds.missing};
  for (size_t g = 0; g < odds.groups.size(); ++g) out.numbers.push_back({odds.rates[0][g], odds.rates[1][g]});
  return out;
}

void measure(const GroupedData& data, const FairnessOptions& options, FairnessMeasurements& out) {
  for (const auto& [method, rate] : parities) measure_rate_parity(data, method, rate, options, out);
  for (const OddsMethod& method : odds_methods) measure_odds(data, method, options, out);
  constexpr ParityMethod average{&average_odds_difference, Contrast::difference, Needs::decision_and_outcome};
  measure_both_sides(data, average, [&](const GroupSide& side) { return average_odds(side, options); }, options, out);
  add_rate_levels(data, true_positive_rate, Rate::true_positive, options, out.levels);
  add_rate_levels(data, false_positive_rate, Rate::false_positive, options, out.levels);
}

}  // namespace

constinit const FairnessFamily error_rate_parity{methods, measure};

}  // namespace leeway::fairness
