#include "checks/performance/bounded.h"
#include "checks/performance/metrics.h"
#include "stats/multiclass_auc.h"

namespace leeway::performance::multiclass {
namespace {

Levels hand_till_levels(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  const stats::AverageAuc auc = stats::hand_till_auc(sample.scores(), sample.labels(), sample.classes().size());
  Level level = share_like(auc.value, auc.se, static_cast<double>(sample.rows()));
  level.details = {{"classes", static_cast<double>(auc.classes)}};
  return {level};
}

}  // namespace

constexpr MulticlassMetric hand_till_auc{
    .info = {
        .id = "hand_till_auc",
        .title = "AUC over pairs of classes (Hand & Till)",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The mean, over ordered pairs of classes, of the chance that a row of the first has the higher "
                    "score for it",
        .hypothesis = no_change,
        .guarantee = "DeLong-type standard error on the logit scale, for independent rows",
        .misleads = "Classes without labelled rows take no part; a rare class weighs as much as a large one",
        .cost = "O(classes · n log n)",
        .source = "Hand & Till 2001, doi:10.1023/A:1010920819831"},
    .needs = need::scores | need::two_classes,
    .levels = hand_till_levels};

}  // namespace leeway::performance::multiclass
