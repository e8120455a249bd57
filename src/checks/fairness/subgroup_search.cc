#include "checks/fairness/subgroup_search.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/threads.h"
#include "checks/fairness/comparison.h"
#include "checks/fairness/parity.h"
#include "stats/distributions.h"
#include "stats/hypergeometric.h"
#include "stats/proportions.h"
#include "stats/simultaneous.h"

namespace leeway::fairness {
namespace {

constexpr std::string_view alike = "membership in no combination of attributes is related to the rate (permutation)";
constexpr std::string_view search_guarantee =
    "The chance that any conjunction is called different although none is, is at most the p-value shown: max-T over all "
    "conjunctions searched, exact up to the random draws. The bounds hold for all of them together with 95 % confidence.";
constexpr std::string_view overlapping =
    "Conjunctions overlap: one strong group makes its parts and its opposite conspicuous too. Conjunctions with few cases "
    "are not searched.";
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

constexpr const MethodInfo* methods[] = {&subgroup_selection_rate, &subgroup_true_positive_rate,
                                         &subgroup_false_positive_rate, &subgroup_accuracy};
constexpr struct {
  const MethodInfo* info;
  Rate rate;
} searches[] = {{&subgroup_selection_rate, Rate::selection},
                {&subgroup_true_positive_rate, Rate::true_positive},
                {&subgroup_false_positive_rate, Rate::false_positive},
                {&subgroup_accuracy, Rate::accuracy}};

/// Permutations that one task of the thread pool does.
constexpr size_t batch = 50;

/// A conjunction as the finest cells that it is made of.
struct Conjunction {
  std::vector<size_t> attributes;
  std::vector<size_t> cells;   ///< ascending
};

/// All conjunctions of up to `depth` attributes that occur, fewer attributes first. Of two with the same rows only the
/// one with fewer attributes: they are one hypothesis.
std::vector<Conjunction> conjunctions(const GroupedData& cells, size_t depth) {
  std::vector<Conjunction> out;
  std::set<std::vector<size_t>> known;
  for (const auto& attributes : attribute_sets(cells.attributes.size(), depth)) {
    std::map<std::vector<uint32_t>, std::vector<size_t>> by_value;
    for (size_t cell = 0; cell < cells.groups.size(); ++cell) {
      std::vector<uint32_t> value;
      for (const size_t a : attributes) value.push_back(cells.members[cell][a]);
      by_value[value].push_back(cell);
    }
    for (auto& [value, members] : by_value)
      if (known.insert(members).second) out.push_back({attributes, std::move(members)});
  }
  return out;
}

/// Conjunctions with enough cases of one rate, ready for the same statistic many times over:
/// T = (x/n - (X-x)/(N-n)) / sqrt(S² (1/n + 1/(N-n))) = slope · x - offset, with x events of n cases in the conjunction,
/// X of N in all, and S² = N/(N-1) · (X/N)(1 - X/N), which no permutation changes. Under permutation T has mean 0 and
/// variance 1 exactly.
class Search {
 public:
  Search(std::span<const GroupCounts> cells, Rate rate, const std::vector<Conjunction>& all, int64_t support) {
    for (const GroupCounts& counts : cells) {
      const Fraction p = fraction(counts, rate);
      cases_.push_back(p.cases);
      events_.push_back(p.events);
    }
    const int64_t cases = std::accumulate(cases_.begin(), cases_.end(), int64_t{0});
    total_ = {std::accumulate(events_.begin(), events_.end(), int64_t{0}), cases};
    if (total_.events == 0 || total_.events == cases) return;
    const auto n_all = static_cast<double>(cases), x_all = static_cast<double>(total_.events);
    const double deviation = std::sqrt(x_all * (n_all - x_all) / (n_all * (n_all - 1)));
    for (const Conjunction& conjunction : all) {
      const int64_t in = sum(cases_, conjunction.cells);
      if (in < support || cases - in < support) continue;
      const auto n = static_cast<double>(in), rest = n_all - n;
      const double spread = std::sqrt(1 / n + 1 / rest);
      candidates_.push_back({&conjunction, spread / deviation, x_all / rest / (deviation * spread)});
    }
  }

  size_t size() const { return candidates_.size(); }
  const Conjunction& conjunction(size_t i) const { return *candidates_[i].conjunction; }
  /// Of the conjunction; the rest has what is left of total().
  Fraction proportion_of(size_t i) const {
    return {sum(events_, conjunction(i).cells), sum(cases_, conjunction(i).cells)};
  }
  const Fraction& total() const { return total_; }

  std::vector<double> statistics() const {
    std::vector<double> out(size());
    for (size_t i = 0; i < size(); ++i) out[i] = statistic(i, events_);
    return out;
  }

  /// The largest |T| of each permutation.
  std::vector<double> maxima(const Random& random, int permutations, int threads) const {
    std::vector<double> out(static_cast<size_t>(permutations));
    parallel_for((out.size() + batch - 1) / batch, threads, [&](size_t task) {
      Random stream = random.split(task);
      std::vector<int64_t> events(cases_.size());
      for (size_t r = task * batch; r < std::min(out.size(), (task + 1) * batch); ++r) {
        stats::draw_marks(stream, cases_, total_.events, events);
        for (size_t i = 0; i < size(); ++i) out[r] = std::max(out[r], std::fabs(statistic(i, events)));
      }
    });
    return out;
  }

 private:
  struct Candidate {
    const Conjunction* conjunction;
    double slope, offset;
  };

  static int64_t sum(std::span<const int64_t> values, std::span<const size_t> cells) {
    int64_t total = 0;
    for (const size_t cell : cells) total += values[cell];
    return total;
  }
  double statistic(size_t i, std::span<const int64_t> events) const {
    const Candidate& c = candidates_[i];
    return c.slope * static_cast<double>(sum(events, c.conjunction->cells)) - c.offset;
  }

  std::vector<int64_t> cases_, events_;
  Fraction total_;
  std::vector<Candidate> candidates_;
};

std::string in_words(const Conjunction& conjunction, const GroupedData& cells) {
  std::string out;
  for (const size_t a : conjunction.attributes) {
    const Attribute& attribute = cells.attributes[a];
    out.append(out.empty() ? "" : " and ").append(attribute.name).append(" = ");
    out.append(attribute.groups[cells.members[conjunction.cells.front()][a]]);
  }
  return out;
}

Estimate difference(const Fraction& in, const Fraction& rest, double critical) {
  const auto bounds = stats::miettinen_nurminen_difference(
      static_cast<double>(in.events), static_cast<double>(in.cases), static_cast<double>(rest.events),
      static_cast<double>(rest.cases), stats::normal_cdf(critical));
  return {in.rate() - rest.rate(), bounds.lower, bounds.upper};
}

Fraction rest_of(const Fraction& total, const Fraction& in) { return {total.events - in.events, total.cases - in.cases}; }

void add_reference(Measurement& m, const Search& then, const Conjunction& conjunction, const Fraction& in_now,
                   const Fraction& rest_now, double critical) {
  for (size_t i = 0; i < then.size(); ++i) {
    if (&then.conjunction(i) != &conjunction) continue;
    const Fraction in = then.proportion_of(i), rest = rest_of(then.total(), in);
    m.reference = difference(in, rest, critical);
    double variance = 0;
    for (const Fraction& p : {in_now, rest_now, in, rest}) variance += std::pow(smoothed(p, Contrast::difference).se, 2);
    add_change(m, m.value.value - (in.rate() - rest.rate()), std::sqrt(variance), critical);
  }
}

void report(const Search& now, const Search* then, const GroupedData& cells, const Measurement& blank,
            const FairnessOptions& options, std::vector<Measurement>& out) {
  const auto statistics = now.statistics();
  std::vector<double> sizes;
  for (const double t : statistics) sizes.push_back(std::fabs(t));
  auto maxima = now.maxima(stream_for(options, *blank.method, cells.column), options.permutations, options.threads);
  const auto p = stats::adjusted_p_values(sizes, maxima);
  const double critical = stats::critical_value(maxima, bound_confidence);
  std::vector<size_t> order(statistics.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return sizes[a] > sizes[b]; });
  order.resize(std::min(order.size(), options.search_results));
  for (const size_t i : order) {
    const Fraction in = now.proportion_of(i), rest = rest_of(now.total(), in);
    Measurement m = blank;
    m.subject.slice = in_words(now.conjunction(i), cells);
    set_value(m, difference(in, rest, critical));
    m.p_value = p[i];
    m.note = in_words(in) + " against " + in_words(rest);
    m.details = {{"cases", static_cast<double>(in.cases)}, {"rate", in.rate()},   {"rest", rest.rate()},
                 {"statistic", statistics[i]},             {"critical", critical}, {"searched", static_cast<double>(now.size())}};
    if (then) add_reference(m, *then, now.conjunction(i), in, rest, critical);
    out.push_back(std::move(m));
  }
}

}  // namespace

void search_subgroups(const GroupRows* reference, const GroupRows& current, const FairnessOptions& options,
                      std::vector<Measurement>& out) {
  std::vector<size_t> every(current.columns.size());
  std::iota(every.begin(), every.end(), size_t{0});
  const OrderedRows now_rows{&current, {}}, then_rows{reference, {}};
  const GroupedData cells = group_by(reference ? &then_rows : nullptr, now_rows, every);
  const auto all = conjunctions(cells, options.search_depth);
  for (const auto& [info, rate] : searches) {
    const Search now(cells.current.counts, rate, all, options.search_support);
    if (now.size() == 0) continue;
    std::optional<Search> then;
    if (cells.reference) then.emplace(cells.reference->counts, rate, all, options.search_support);
    const Needs needs = cells_of(rate).needs_labels ? Needs::decision_and_outcome : Needs::decision;
    report(now, then ? &*then : nullptr, cells, blank(*info, cells, needs), options, out);
  }
}

std::span<const MethodInfo* const> subgroup_methods() { return methods; }

}  // namespace leeway::fairness
