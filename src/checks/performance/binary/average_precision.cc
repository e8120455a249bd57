#include <cmath>
#include <vector>

#include "checks/performance/bounded.h"
#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

/// Σ over distinct scores (recall gained) x (precision there), with each negative counting `weight`.
double exact(const BinarySample& sample, double weight) {
  double sum = 0;
  int64_t above = sample.positives(), negatives_above = sample.negatives();
  sample.ranked().visit([&](double, int64_t n, int64_t p) {
    const auto positives = static_cast<double>(above);
    const double called = positives + weight * static_cast<double>(negatives_above);
    if (p > 0) sum += static_cast<double>(p) * (positives / called);
    above -= p;
    negatives_above -= n;
  });
  return sum / static_cast<double>(sample.positives());
}

struct Binned {
  double estimate, lower, upper;
};

/// From bins: the estimate mixes the classes evenly inside each, the limits put the positives last and first.
Binned binned(const BinarySample& sample) {
  Binned result{0, 0, 0};
  double above = static_cast<double>(sample.positives()), negatives_above = static_cast<double>(sample.negatives());
  sample.ranked().visit([&](double, int64_t n, int64_t p) {
    const auto q = static_cast<double>(n);
    const auto count = static_cast<double>(p);
    above -= count;
    negatives_above -= q;
    if (p == 0) return;
    const double rows_above = above + negatives_above;
    const double r = (count + q) / count, alpha = above + 0.5, beta = rows_above + r / 2;
    result.estimate += count / r + (alpha - beta / r) / r * std::log((beta + r * count) / beta);
    for (double k = 1; k <= count; ++k) {
      result.lower += (above + k) / (rows_above + q + k);
      result.upper += (above + k) / (rows_above + k);
    }
  });
  const auto positives = static_cast<double>(sample.positives());
  return {result.estimate / positives, result.lower / positives, result.upper / positives};
}

Levels average_precision_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample* reference) {
  const auto positives = static_cast<double>(sample.positives());
  const auto level_of = [&](double ap) { return share_like(ap, std::sqrt(ap * (1 - ap) / positives), positives); };
  Level level;
  if (sample.binned()) {
    const Binned ap = binned(sample);
    level = level_of(ap.estimate);
    level.bracket = stats::Interval{ap.lower, ap.upper};
  } else {
    level = level_of(exact(sample, 1));
  }
  level.details.push_back({"prevalence", sample.prevalence()});
  if (reference && reference->positives() > 0 && reference->negatives() > 0 && !sample.binned()) {
    const double odds = (1 - reference->prevalence()) / reference->prevalence();
    const double own_odds = (1 - sample.prevalence()) / sample.prevalence();
    level.details.push_back({"at_reference_prevalence", exact(sample, odds / own_odds)});
  }
  return {level};
}

}  // namespace

constexpr BinaryMetric average_precision{
    .info = {
        .id = "average_precision",
        .title = "Average precision",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The mean, over the positives, of the precision at their score; a random score has the prevalence",
        .hypothesis = no_change,
        .guarantee = "Interval on the logit scale with the number of positives as its size; conservative for small "
                     "prevalences (simulated coverage 95 to 99 %)",
        .misleads = "Falls with the prevalence though the model is unchanged: compare at_reference_prevalence",
        .cost = "O(n)",
        .source = "Boyd, Eng & Page 2013, doi:10.1007/978-3-642-40994-3_29"},
    .needs = need::scores | need::two_classes,
    .levels = average_precision_levels};

}  // namespace leeway::performance::binary
