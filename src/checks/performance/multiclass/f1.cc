#include "checks/performance/metrics.h"
#include "checks/performance/multiclass/averages.h"

namespace leeway::performance::multiclass {
namespace {

Levels macro(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  return {macro_average(sample, f1_quotient)};
}

Levels micro(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  return {micro_average(sample)};
}

Levels weighted(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  return {weighted_average(sample, f1_quotient)};
}

Levels by_class(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  return per_class(sample, f1_quotient);
}

}  // namespace

constexpr MulticlassMetric f1_macro{
    .info = {
        .id = "f1_macro",
        .title = "F1 score, macro average",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The unweighted mean over the classes of the harmonic mean of the precision and the recall of "
                    "the class",
        .hypothesis = no_change,
        .guarantee = "Delta method for multinomial counts on the logit scale; Wilson's interval at 0 and 1; rows "
                     "must be independent",
        .misleads = "A class with few rows weighs as much as a large one and brings its noise along",
        .cost = "O(n + classes²)",
        .source = "van Rijsbergen 1979, Information Retrieval, chapter 7"},
    .needs = 0,
    .levels = macro};

constexpr MulticlassMetric f1_micro{
    .info = {
        .id = "f1_micro",
        .title = "F1 score, micro average",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "F1 score over all classes together, which for one label a row is the accuracy",
        .hypothesis = no_change,
        .guarantee = proportion_bounds,
        .misleads = "Ruled by the large classes",
        .cost = "O(n)",
        .source = proportion_bounds_source},
    .needs = 0,
    .levels = micro};

constexpr MulticlassMetric f1_weighted{
    .info = {
        .id = "f1_weighted",
        .title = "F1 score, weighted average",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The mean over the classes, weighted with their rows, of the harmonic mean of the precision and "
                    "the recall of the class",
        .hypothesis = no_change,
        .guarantee = "Delta method for multinomial counts on the logit scale; Wilson's interval at 0 and 1; rows "
                     "must be independent",
        .misleads = "Moves when the class shares move",
        .cost = "O(n + classes²)",
        .source = "van Rijsbergen 1979, Information Retrieval, chapter 7"},
    .needs = 0,
    .levels = weighted};

constexpr MulticlassMetric f1_by_class{
    .info = {
        .id = "f1_by_class",
        .title = "F1 score by class",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "For each class the harmonic mean of the precision and the recall of the class",
        .hypothesis = no_change,
        .guarantee = "As the F1 score of a binary task, class by class",
        .misleads = "Moves with the class shares",
        .cost = "O(n + classes²)",
        .source = "van Rijsbergen 1979, Information Retrieval, chapter 7"},
    .needs = 0,
    .levels = by_class};

}  // namespace leeway::performance::multiclass
