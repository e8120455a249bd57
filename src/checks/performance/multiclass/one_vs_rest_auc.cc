#include <vector>

#include "checks/performance/bounded.h"
#include "checks/performance/metrics.h"
#include "stats/auc.h"
#include "stats/multiclass_auc.h"

namespace leeway::performance::multiclass {
namespace {

Levels macro(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  const stats::AverageAuc auc = stats::one_vs_rest_auc(sample.scores(), sample.labels(), sample.classes().size());
  Level level = share_like(auc.value, auc.se, static_cast<double>(sample.rows()));
  level.details = {{"classes", static_cast<double>(auc.classes)}};
  return {level};
}

Level class_level(const MulticlassSample& sample, size_t label) {
  std::vector<double> scores;
  std::vector<uint8_t> is_class;
  for (size_t i = 0; i < sample.labels().size(); ++i) {
    scores.push_back(sample.scores()[i * sample.classes().size() + label]);
    is_class.push_back(sample.labels()[i] == label);
  }
  const stats::Auc auc = stats::auc(scores, is_class);
  if (auc.positives == 0) return Level::failed("no labelled row is of the class");
  return Level::of(auc.value(), stats::auc_interval(auc), auc.se());
}

Levels by_class(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  Levels levels;
  for (size_t label = 0; label < sample.classes().size(); ++label) {
    levels.push_back(class_level(sample, label));
    levels.back().slice = "class = " + sample.classes()[label];
    levels.back().details.push_back({"rows", static_cast<double>(sample.confusion().actual(label))});
  }
  return levels;
}

}  // namespace

constexpr MulticlassMetric one_vs_rest_auc{
    .info = {
        .id = "one_vs_rest_auc",
        .title = "AUC of each class against the rest, mean",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The unweighted mean over the classes of the AUC of the class's score against all other rows",
        .hypothesis = no_change,
        .guarantee = "DeLong-type standard error on the logit scale, for independent rows, given the numbers of rows "
                     "per class",
        .misleads = "Moves when the mix of the other classes moves",
        .cost = "O(classes · n log n)",
        .source = "Provost & Domingos 2003, doi:10.1023/A:1024099825458"},
    .needs = need::scores | need::two_classes,
    .levels = macro};

constexpr MulticlassMetric one_vs_rest_auc_by_class{
    .info = {
        .id = "one_vs_rest_auc_by_class",
        .title = "AUC against the rest, by class",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "For each class the AUC of its score against all other rows",
        .hypothesis = no_change,
        .guarantee = "As the AUC of a binary task",
        .misleads = "Moves when the mix of the other classes moves",
        .cost = "O(classes · n)",
        .source = "DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595"},
    .needs = need::scores | need::two_classes,
    .levels = by_class};

}  // namespace leeway::performance::multiclass
