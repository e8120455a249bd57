#include <algorithm>
#include <cmath>

#include "checks/performance/metrics.h"
#include "stats/auc.h"
#include "stats/distributions.h"

namespace leeway::performance::binary {
namespace {

double gini(const stats::Auc& auc) { return 2 * auc.value() - 1; }

/// Bounds of 1 - G/H from those of G and of H > 0, each distance squared and added on the scale of the ratio.
Level relative_drop(const stats::Auc& now, const stats::Auc& then) {
  const double from = gini(then), ratio = gini(now) / from;
  const stats::Interval to = stats::auc_interval(now), of = stats::auc_interval(then);
  const auto off = [&](double now_bound, double then_bound) {
    return std::hypot(2 * (now_bound - now.value()), 2 * ratio * (then_bound - then.value())) / from;
  };
  const double se = 2 * std::hypot(now.se(), ratio * then.se()) / from;
  const double drop = 1 - ratio;
  Level level = Level::of(drop, {drop - off(to.upper, ratio > 0 ? of.lower : of.upper),
                                 drop + off(to.lower, ratio > 0 ? of.upper : of.lower)}, se);
  const double fall = then.value() - now.value();
  const double both = fall / std::hypot(now.se(), then.se()), alone = fall / now.se();
  level.details = {{"statistic", both}, {"p", stats::normal_tail(both).p},
                   {"statistic_known_reference", alone}, {"p_known_reference", stats::normal_tail(alone).p}};
  return level;
}

Levels gini_drop_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample* reference) {
  if (!reference || reference->positives() == 0 || reference->negatives() == 0)
    return {Level::failed("there is no reference with both outcomes to have dropped from")};
  const stats::Auc then = stats::auc(reference->ranked());
  if (!(gini(then) > 0)) return {Level::failed("the reference's Gini coefficient is not above 0")};
  if (&sample == reference) return {Level::of(0, {0, 0}, 0)};
  return {relative_drop(stats::auc(sample.ranked()), then)};
}

}  // namespace

constexpr BinaryMetric gini_drop{
    .info = {
        .id = "gini_drop",
        .title = "Relative drop of the Gini coefficient",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "share of the reference's",
        .measures = "How much of the reference's Gini coefficient is lost: 1 - current/reference. Its details hold the "
                    "one-sided test of a fall, S = (AUC before - AUC now)/SE, with the sampling error of both sides "
                    "and, as supervisors' templates have it, with the reference's taken as known",
        .hypothesis = no_change,
        .guarantee = "95 % intervals from those of both AUCs, for independent rows; p is one-sided, for large samples",
        .misleads = "Of a reference that hardly separates, a small fall is a large share",
        .cost = "O(n)",
        .source = "European Central Bank 2019, Instructions for reporting the validation results of internal models"},
    .needs = need::scores | need::two_classes,
    .levels = gini_drop_levels};

}  // namespace leeway::performance::binary
