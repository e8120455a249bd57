#include "checks/fairness/comparison.h"

#include <algorithm>
#include <cmath>

#include "stats/distributions.h"
#include "stats/hypergeometric.h"
#include "stats/proportions.h"
#include "stats/simultaneous.h"

namespace leeway::fairness {
namespace {

struct Counts {
  double x1, n1, x2, n2;
  Counts(const Fraction& a, const Fraction& b)
      : x1(static_cast<double>(a.events)),
        n1(static_cast<double>(a.cases)),
        x2(static_cast<double>(b.events)),
        n2(static_cast<double>(b.cases)) {}
};

stats::Interval score_interval(const Counts& c, Contrast contrast, double critical) {
  const double confidence = stats::normal_cdf(critical);
  return contrast == Contrast::difference ? stats::miettinen_nurminen_difference(c.x1, c.n1, c.x2, c.n2, confidence)
                                          : stats::miettinen_nurminen_ratio(c.x1, c.n1, c.x2, c.n2, confidence);
}

/// Decreasing in `value`: the score statistic of the hypothesis that the contrast equals `value`.
double score(const Counts& c, Contrast contrast, double value) {
  return contrast == Contrast::difference ? stats::miettinen_nurminen_difference_z(c.x1, c.n1, c.x2, c.n2, value)
                                          : stats::miettinen_nurminen_ratio_z(c.x1, c.n1, c.x2, c.n2, value);
}

stats::Interval normal_interval(const Estimated& a, const Estimated& b, Contrast contrast, double critical) {
  const double half = critical * std::hypot(a.se, b.se);
  if (contrast == Contrast::difference) return {a.value - b.value - half, a.value - b.value + half};
  const double ratio = a.value / b.value, factor = std::exp(half);
  return {ratio / factor, ratio * factor};
}

/// A two-sided pair of bounds of a - b (or a/b) turned into bounds of |a - b| (or of the smaller ratio).
Estimate folded(double value, const stats::Interval& simultaneous, const stats::Interval& plain, Contrast contrast) {
  if (contrast == Contrast::difference)
    return {std::fabs(value), std::max({0.0, simultaneous.lower, -simultaneous.upper}),
            std::max(plain.upper, -plain.lower)};
  return {std::min(value, 1 / value), std::min(plain.lower, 1 / plain.upper),
          std::min({1.0, simultaneous.upper, 1 / simultaneous.lower})};
}

template <class Group, class ValueOf>
WorstPair extremes(std::span<const Group> groups, Contrast contrast, ValueOf value_of) {
  const auto [low, high] = std::minmax_element(
      groups.begin(), groups.end(), [&](const Group& a, const Group& b) { return value_of(a) < value_of(b); });
  WorstPair worst;
  worst.low = static_cast<size_t>(low - groups.begin());
  worst.high = static_cast<size_t>(high - groups.begin());
  worst.value.value =
      contrast == Contrast::difference ? value_of(*high) - value_of(*low) : value_of(*low) / value_of(*high);
  return worst;
}

/// Compares every pair.
template <class Group, class ValueOf>
WorstPair worst_of_all(std::span<const Group> groups, Contrast contrast, double critical, ValueOf value_of) {
  WorstPair worst = extremes(groups, contrast, value_of);
  const bool difference = contrast == Contrast::difference;
  Estimate& e = worst.value;
  e.lower = e.upper = difference ? 0 : 1;
  for (size_t a = 0; a < groups.size(); ++a)
    for (size_t b = a + 1; b < groups.size(); ++b) {
      const Estimate pair = compare(groups[a], groups[b], contrast, critical);
      e.lower = difference ? std::max(e.lower, pair.lower) : std::min(e.lower, pair.lower);
      e.upper = difference ? std::max(e.upper, pair.upper) : std::min(e.upper, pair.upper);
    }
  return worst;
}

/// How far below and above its value a mean of two rates may lie.
struct Reach {
  double below, above;
};
Reach reach(const MeanRate& group, double critical) {
  const double confidence = stats::normal_cdf(critical);
  const auto wilson = [&](const Fraction& p) {
    return stats::wilson(static_cast<double>(p.events), static_cast<double>(p.cases), confidence);
  };
  const auto first = wilson(group.first), second = wilson(group.second);
  const double a = group.first.rate(), b = group.second.rate();
  return {std::hypot(a - first.lower, b - second.lower) / 2, std::hypot(first.upper - a, second.upper - b) / 2};
}

stats::Interval hybrid_interval(const MeanRate& a, const MeanRate& b, double critical) {
  const Reach of_a = reach(a, critical), of_b = reach(b, critical);
  const double difference = a.value() - b.value();
  return {difference - std::hypot(of_a.below, of_b.above), difference + std::hypot(of_a.above, of_b.below)};
}

}  // namespace

double gap(std::span<const Fraction> groups) {
  return extremes(groups, Contrast::difference, [](const Fraction& p) { return p.rate(); }).value.value;
}

double ratio(std::span<const Fraction> groups) {
  return extremes(groups, Contrast::ratio, [](const Fraction& p) { return p.rate(); }).value.value;
}

WorstPair worst_pair(std::span<const Fraction> groups, Contrast contrast, double critical, double plain) {
  WorstPair worst = extremes(groups, contrast, [](const Fraction& p) { return p.rate(); });
  Estimate& e = worst.value;
  if (std::isnan(e.value)) return worst;
  const Estimate first = compare(groups[worst.low], groups[worst.high], contrast, critical, plain);
  e.lower = first.lower;
  e.upper = first.upper;
  // One evaluation of the score at the bound so far tells whether a pair would move it; few do.
  for (size_t a = 0; a < groups.size(); ++a)
    for (size_t b = 0; b < groups.size(); ++b) {
      if (a == b) continue;
      const Counts counts(groups[a], groups[b]);
      const bool difference = contrast == Contrast::difference;
      const double at_lower = score(counts, contrast, e.lower), at_upper = score(counts, contrast, e.upper);
      const bool moves_lower = difference ? at_lower > critical : at_lower < plain;
      const bool moves_upper = difference ? at_upper > -plain : at_upper < -critical;
      if (moves_lower) {
        const double bound = score_interval(counts, contrast, difference ? critical : plain).lower;
        e.lower = difference ? std::max(e.lower, bound) : std::min(e.lower, bound);
      }
      if (moves_upper) {
        const double bound = score_interval(counts, contrast, difference ? plain : critical).upper;
        e.upper = difference ? std::max(e.upper, bound) : std::min(e.upper, bound);
      }
    }
  return worst;
}

WorstPair worst_pair(std::span<const Estimated> groups, Contrast contrast, double critical) {
  return worst_of_all(groups, contrast, critical, [](const Estimated& level) { return level.value; });
}

WorstPair worst_pair(std::span<const MeanRate> groups, Contrast contrast, double critical) {
  return worst_of_all(groups, contrast, critical, [](const MeanRate& mean) { return mean.value(); });
}

Estimate compare(const Fraction& a, const Fraction& b, Contrast contrast, double critical, double plain) {
  const Counts counts(a, b);
  const double value = contrast == Contrast::difference ? a.rate() - b.rate() : a.rate() / b.rate();
  return folded(value, score_interval(counts, contrast, critical), score_interval(counts, contrast, plain), contrast);
}

Estimate compare(const Estimated& a, const Estimated& b, Contrast contrast, double critical) {
  const double value = contrast == Contrast::difference ? a.value - b.value : a.value / b.value;
  return folded(value, normal_interval(a, b, contrast, critical), normal_interval(a, b, contrast, plain_critical),
                contrast);
}

Estimate compare(const MeanRate& a, const MeanRate& b, Contrast contrast, double critical) {
  return folded(a.value() - b.value(), hybrid_interval(a, b, critical), hybrid_interval(a, b, plain_critical),
                contrast);
}

WorstDifference worst_difference(std::span<const PairDifference> pairs, double critical) {
  WorstDifference out{{0, 0, 0}, &pairs.front()};
  for (const PairDifference& pair : pairs) {
    const double size = std::fabs(pair.difference.value), se = pair.difference.se;
    if (size > std::fabs(out.pair->difference.value)) out.pair = &pair;
    out.value.lower = std::max(out.value.lower, size - critical * se);
    out.value.upper = std::max(out.value.upper, size + plain_critical * se);
  }
  out.value.value = std::fabs(out.pair->difference.value);
  return out;
}

Estimated smoothed(const Fraction& group, Contrast contrast) {
  const auto cases = static_cast<double>(group.cases);
  const double p = (static_cast<double>(group.events) + 0.5) / (cases + 1);
  return {group.rate(),
          contrast == Contrast::difference ? std::sqrt(p * (1 - p) / cases) : std::sqrt((1 - p) / (p * cases))};
}

Estimated smoothed(const MeanRate& group, Contrast contrast) {
  const Estimated first = smoothed(group.first, contrast), second = smoothed(group.second, contrast);
  return {group.value(), std::hypot(first.se, second.se) / 2};
}

std::vector<double> standard_errors(std::span<const Fraction> groups, Contrast contrast) {
  std::vector<double> out;
  for (const Fraction& group : groups) out.push_back(smoothed(group, contrast).se);
  return out;
}

PermutedTables::PermutedTables(std::span<const std::vector<Fraction>> tables)
    : seen_(tables.begin(), tables.end()), tables_(seen_) {}

const std::vector<std::vector<Fraction>>& PermutedTables::permuted(Random& random) {
  for (auto& table : tables_) {
    int64_t events = 0;
    sizes_.clear();
    for (const Fraction& group : table) {
      sizes_.push_back(group.cases);
      events += group.events;
    }
    counts_.resize(table.size());
    stats::draw_marks(random, sizes_, events, counts_);
    for (size_t g = 0; g < table.size(); ++g) table[g].events = counts_[g];
  }
  return tables_;
}

NullGap PermutedTables::summary(double seen, std::span<double> draws, bool higher_is_worse) {
  NullGap out;
  double sum = 0;
  size_t as_bad = 0;
  for (double& draw : draws) {
    sum += draw;
    as_bad += higher_is_worse ? draw >= seen : draw <= seen;
    if (!higher_is_worse) draw = -draw;
  }
  const auto count = static_cast<double>(draws.size());
  out.mean = sum / count;
  out.p_value = (1 + static_cast<double>(as_bad)) / (1 + count);
  const double quantile = stats::critical_value(draws, bound_confidence);
  out.quantile = higher_is_worse ? quantile : -quantile;
  return out;
}

}  // namespace leeway::fairness
