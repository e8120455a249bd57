#include "checks/fairness/subgroup_search.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/fairness/comparison.h"
#include "checks/fairness/conjunctions.h"
#include "checks/fairness/parity.h"
#include "stats/distributions.h"
#include "stats/means.h"
#include "stats/proportions.h"
#include "stats/simultaneous.h"

namespace leeway::fairness {
namespace {

constexpr std::string_view alike = "membership in no combination of attributes is related to the rate (permutation)";
constexpr std::string_view search_guarantee =
    "The chance that any conjunction is called different although none is, is at most the p-value shown: max-T over "
    "all conjunctions searched, exact up to the random draws. The bounds hold for all of them together with 95 % "
    "confidence.";
constexpr std::string_view overlapping =
    "Conjunctions overlap: one strong group makes its parts and its opposite conspicuous too. Conjunctions with few "
    "cases are not searched.";
constexpr std::string_view search_cost = "O(n + permutations · cells · attribute sets)";
constexpr std::string_view search_source =
    "Westfall & Young 1993, ISBN 978-0-471-55761-6; Kearns et al. 2018, arXiv 1711.05144 (why intersections matter)";

constexpr MethodInfo subgroup_selection_rate{
    .id = "subgroup_selection_rate",
    .title = "Selection rate of a subgroup against the rest",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::either,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Selection rate of a conjunction of attributes less that of all other rows.",
    .hypothesis = alike,
    .guarantee = search_guarantee,
    .misleads = overlapping,
    .cost = search_cost,
    .source = search_source,
};

constexpr MethodInfo subgroup_true_positive_rate{
    .id = "subgroup_true_positive_rate",
    .title = "True positive rate of a subgroup against the rest",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::either,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "True positive rate of a conjunction of attributes less that of all other rows.",
    .hypothesis = alike,
    .guarantee = search_guarantee,
    .misleads = overlapping,
    .cost = search_cost,
    .source = search_source,
};

constexpr MethodInfo subgroup_false_positive_rate{
    .id = "subgroup_false_positive_rate",
    .title = "False positive rate of a subgroup against the rest",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::either,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "False positive rate of a conjunction of attributes less that of all other rows.",
    .hypothesis = alike,
    .guarantee = search_guarantee,
    .misleads = overlapping,
    .cost = search_cost,
    .source = search_source,
};

constexpr MethodInfo subgroup_accuracy{
    .id = "subgroup_accuracy",
    .title = "Accuracy of a subgroup against the rest",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::either,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "Accuracy of a conjunction of attributes less that of all other rows.",
    .hypothesis = alike,
    .guarantee = search_guarantee,
    .misleads = overlapping,
    .cost = search_cost,
    .source = search_source,
};

constexpr MethodInfo subgroup_mean_residual{
    .id = "subgroup_mean_residual",
    .title = "Mean residual of a subgroup against the rest",
    .family = Family::fairness,
    .version = 1,
    .orientation = Orientation::either,
    .scale = Scale::metric,
    .unit = "share",
    .measures =
        "Observed rate of positives less mean score in a conjunction of attributes, less the same of all other rows.",
    .hypothesis = "membership in no combination of attributes is related to the residual (permutation)",
    .guarantee = search_guarantee,
    .misleads = overlapping,
    .cost = search_cost,
    .source =
        "Westfall & Young 1993, ISBN 978-0-471-55761-6; Kim, Ghorbani & Zou 2019, arXiv 1805.12317 (multiaccuracy)",
};

constexpr const MethodInfo* methods[] = {&subgroup_selection_rate, &subgroup_true_positive_rate,
                                         &subgroup_false_positive_rate, &subgroup_accuracy, &subgroup_mean_residual};
constexpr struct {
  const MethodInfo* info;
  Rate rate;
} rate_searches[] = {{&subgroup_selection_rate, Rate::selection},
                     {&subgroup_true_positive_rate, Rate::true_positive},
                     {&subgroup_false_positive_rate, Rate::false_positive},
                     {&subgroup_accuracy, Rate::accuracy}};

/// Beyond this the permutations would take many seconds, over cells of a handful of rows.
constexpr size_t most_cells = 5000;

/// A conjunction against the rest.
struct Contrasted {
  Estimate difference;  ///< Bounds at the critical value.
  double se;
  double inside, rest;  ///< The two means.
  double cases;         ///< Inside.
  std::string words;
};

/// One rate of every cell of one side.
class CellRates {
 public:
  CellRates(const GroupSide& side, Rate rate) {
    for (const GroupCounts& counts : side.counts) {
      const Fraction f = fraction(counts, rate);
      events_.push_back(f.events);
      cases_.push_back(f.cases);
      total_ = {total_.events + f.events, total_.cases + f.cases};
    }
  }

  CellValues values() const { return {cases_, {{1.0, events_}}}; }

  Contrasted contrast(const Conjunction& conjunction, double critical) const {
    const Fraction inside{conjunction.sum<int64_t>(events_), conjunction.sum<int64_t>(cases_)};
    const Fraction rest{total_.events - inside.events, total_.cases - inside.cases};
    const auto bounds = stats::miettinen_nurminen_difference(
        static_cast<double>(inside.events), static_cast<double>(inside.cases), static_cast<double>(rest.events),
        static_cast<double>(rest.cases), stats::normal_cdf(critical));
    const double se = std::hypot(smoothed(inside, Contrast::difference).se, smoothed(rest, Contrast::difference).se);
    return {{inside.rate() - rest.rate(), bounds.lower, bounds.upper},
            se,
            inside.rate(),
            rest.rate(),
            static_cast<double>(inside.cases),
            in_words(inside) + " against " + in_words(rest)};
  }

 private:
  std::vector<int64_t> events_, cases_;
  Fraction total_;
};

/// Residuals (outcome less score) of every cell of one side. The permutation sees them rounded to the mean of their
/// level, eight levels of the score within each outcome: a valid statistic of its own, practically the exact one.
class CellResiduals {
 public:
  explicit CellResiduals(const GroupSide& side) : exact_(side.counts.size()), cases_(side.counts.size()) {
    levels_.assign(2 * score_levels, {0, std::vector<int64_t>(side.counts.size())});
    const GroupRows& rows = *side.source->rows;
    std::vector<stats::MeanVariance> of_level(levels_.size());
    for (size_t i = 0; i < rows.rows; ++i) {
      if (rows.labels[i] >= unknown || !(rows.scores[i] >= 0 && rows.scores[i] <= 1)) continue;
      const double residual = rows.labels[i] - rows.scores[i];
      const auto step = std::min(score_levels - 1, static_cast<size_t>(rows.scores[i] * score_levels));
      const size_t level = rows.labels[i] * score_levels + step, cell = side.codes[i];
      exact_[cell].add(residual);
      of_level[level].add(residual);
      ++levels_[level].counts[cell];
      ++cases_[cell];
    }
    for (size_t level = 0; level < levels_.size(); ++level)
      if (of_level[level].n() > 0) levels_[level].value = of_level[level].mean();
  }

  CellValues values() const { return {cases_, levels_}; }
  int64_t cases() const { return std::accumulate(cases_.begin(), cases_.end(), int64_t{0}); }

  Contrasted contrast(const Conjunction& conjunction, double critical) const {
    stats::MeanVariance inside, rest;
    for (size_t cell = 0; cell < exact_.size(); ++cell)
      (std::ranges::binary_search(conjunction.cells, cell) ? inside : rest).merge(exact_[cell]);
    const double difference = inside.mean() - rest.mean(), se = std::hypot(inside.se(), rest.se());
    return {{difference, difference - critical * se, difference + critical * se, se},
            se,
            inside.mean(),
            rest.mean(),
            static_cast<double>(inside.n()),
            short_number(inside.mean()) + " against " + short_number(rest.mean())};
  }

 private:
  static constexpr size_t score_levels = 8;
  std::vector<stats::MeanVariance> exact_;
  std::vector<int64_t> cases_;
  std::vector<ValueLevel> levels_;
};

/// Reports the most conspicuous conjunctions of `now`; `then` may be null.
template <class Cells>
void search(const Cells& now, const Cells* then, const GroupedData& data, const std::vector<Conjunction>& all,
            const Measurement& blank, const FairnessOptions& options, std::vector<Measurement>& out) {
  const ConjunctionSearch searched(now.values(), all, options.search_support);
  if (searched.size() == 0) return;
  const auto statistics = searched.statistics();
  std::vector<double> sizes;
  for (const double t : statistics) sizes.push_back(std::fabs(t));
  auto maxima = searched.maxima(stream_for(options, *blank.method, data.column), options.permutations, options.threads);
  const auto p = stats::adjusted_p_values(sizes, maxima);
  const double critical = stats::critical_value(maxima, bound_confidence);
  std::vector<size_t> order(statistics.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](size_t i) { return sizes[i]; });
  order.resize(std::min(order.size(), options.search_results));
  for (const size_t i : order) {
    const Conjunction& conjunction = searched.conjunction(i);
    const Contrasted seen = now.contrast(conjunction, critical);
    Measurement m = blank;
    m.subject.slice = in_words(conjunction, data);
    set_value(m, seen.difference);
    m.p_value = p[i];
    m.note = seen.words;
    m.details = {{"cases", seen.cases},  {"inside", seen.inside},
                 {"rest", seen.rest},    {"statistic", statistics[i]},
                 {"critical", critical}, {"searched", static_cast<double>(searched.size())}};
    if (then) {
      const Contrasted before = then->contrast(conjunction, critical);
      if (before.cases >= static_cast<double>(options.search_support)) {
        m.reference = before.difference;
        add_change(m, seen.difference.value - before.difference.value, std::hypot(seen.se, before.se), critical);
      }
    }
    out.push_back(std::move(m));
  }
}

/// Whether a side has scores between 0 and 1 and outcomes.
bool has_residuals(const GroupRows& rows) {
  const auto outside = [](double score) { return score < 0 || score > 1; };
  return !rows.scores.empty() && !rows.labels.empty() && std::ranges::none_of(rows.scores, outside);
}

InputCounts usable(const GroupSide& side, const CellResiduals& residuals) {
  return {.rows = side.rows, .used = residuals.cases(), .missing = side.rows - residuals.cases()};
}

}  // namespace

void search_subgroups(const GroupRows* reference, const GroupRows& current, const FairnessOptions& options,
                      std::vector<Measurement>& out) {
  std::vector<size_t> every(current.columns.size());
  std::iota(every.begin(), every.end(), size_t{0});
  const OrderedRows now_rows{&current, {}}, then_rows{reference, {}};
  const GroupedData cells = group_by(reference ? &then_rows : nullptr, now_rows, every);
  if (cells.groups.size() > most_cells) {
    Measurement m = blank(subgroup_selection_rate, cells, Needs::decision);
    m.not_computable =
        fmt::format("more than {} combinations of the attributes occur; cut them into bands", most_cells);
    out.push_back(std::move(m));
    return;
  }
  const auto all = conjunctions(cells, options.search_depth);
  for (const auto& [info, rate] : rate_searches) {
    const Needs needs = cells_of(rate).needs_labels ? Needs::decision_and_outcome : Needs::decision;
    const CellRates now(cells.current, rate);
    std::optional<CellRates> then;
    if (cells.reference) then.emplace(*cells.reference, rate);
    search(now, then ? &*then : nullptr, cells, all, blank(*info, cells, needs), options, out);
  }
  if (!has_residuals(current)) return;
  const CellResiduals now(cells.current);
  std::optional<CellResiduals> then;
  if (reference && has_residuals(*reference)) then.emplace(*cells.reference);
  Measurement m = blank(subgroup_mean_residual, cells, Needs::score_and_outcome);
  m.current_rows = usable(cells.current, now);
  if (then) m.reference_rows = usable(*cells.reference, *then);
  search(now, then ? &*then : nullptr, cells, all, m, options, out);
}

std::span<const MethodInfo* const> subgroup_methods() { return methods; }

}  // namespace leeway::fairness
