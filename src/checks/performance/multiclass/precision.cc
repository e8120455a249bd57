#include "checks/performance/metrics.h"
#include "checks/performance/multiclass/averages.h"

namespace leeway::performance::multiclass {
namespace {

Levels macro(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  return {macro_average(sample, precision_quotient)};
}

Levels micro(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  return {micro_average(sample)};
}

Levels weighted(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  return {weighted_average(sample, precision_quotient)};
}

Levels by_class(const MulticlassSample& sample, const MulticlassOptions&, const MulticlassSample*) {
  return per_class(sample, precision_quotient);
}

}  // namespace

constexpr MulticlassMetric precision_macro{
    .info = {
        .id = "precision_macro",
        .title = "Precision, macro average",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The unweighted mean over the classes of the share of rows predicted as the class that are of it",
        .hypothesis = no_change,
        .guarantee = "Delta method for multinomial counts on the logit scale; Wilson's interval at 0 and 1; rows "
                     "must be independent",
        .misleads = "A class with few rows weighs as much as a large one and brings its noise along",
        .cost = "O(n + classes²)",
        .source = "van Rijsbergen 1979, Information Retrieval, chapter 7"},
    .needs = 0,
    .levels = macro};

constexpr MulticlassMetric precision_micro{
    .info = {
        .id = "precision_micro",
        .title = "Precision, micro average",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "Precision over all classes together, which for one label a row is the accuracy",
        .hypothesis = no_change,
        .guarantee = proportion_bounds,
        .misleads = "Ruled by the large classes",
        .cost = "O(n)",
        .source = proportion_bounds_source},
    .needs = 0,
    .levels = micro};

constexpr MulticlassMetric precision_weighted{
    .info = {
        .id = "precision_weighted",
        .title = "Precision, weighted average",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The mean over the classes, weighted with their rows, of the share of rows predicted as the "
                    "class that are of it",
        .hypothesis = no_change,
        .guarantee = "Delta method for multinomial counts on the logit scale; Wilson's interval at 0 and 1; rows "
                     "must be independent",
        .misleads = "Moves when the class shares move",
        .cost = "O(n + classes²)",
        .source = "van Rijsbergen 1979, Information Retrieval, chapter 7"},
    .needs = 0,
    .levels = weighted};

constexpr MulticlassMetric precision_by_class{
    .info = {
        .id = "precision_by_class",
        .title = "Precision by class",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::lower_is_worse,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "For each class the share of rows predicted as the class that are of it",
        .hypothesis = no_change,
        .guarantee = proportion_bounds,
        .misleads = "Falls for rare classes though the model is unchanged",
        .cost = "O(n + classes²)",
        .source = proportion_bounds_source},
    .needs = 0,
    .levels = by_class};

}  // namespace leeway::performance::multiclass
