#include "checks/performance/binary/by_grade.h"
#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

Levels calibration_by_grade_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample* reference) {
  const GradeTable table = grades_of(sample, reference);
  Levels levels;
  for (size_t i = 0; i < table.grades.size(); ++i) {
    const stats::Grade& grade = table.grades[i];
    levels.push_back(Level::of_proportion(grade.defaults, grade.rows, "no labelled row has such a score"));
    levels.back().slice = table.names[i];
    if (grade.rows == 0) continue;
    const stats::GradeTest test = stats::test_grade(grade);
    levels.back().details = {{"rows", static_cast<double>(grade.rows)}, {"mean_score", grade.pd},
                             {"binomial_p", test.binomial}, {"jeffreys_p", test.jeffreys}};
  }
  return levels;
}

}  // namespace

constexpr BinaryMetric calibration_by_grade{
    .info = {
        .id = "calibration_by_grade",
        .title = "Event rate by grade",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::either,
        .scale = Scale::metric,
        .unit = "share",
        .measures = "The event rate in each tenth of the reference's scores; its details hold the mean score and the "
                    "one-sided binomial and Jeffreys p-values for a rate above it",
        .hypothesis = no_change,
        .guarantee = proportion_bounds,
        .misleads = "Events that share a cause (a downturn) make the p-values too small; correct for the number of "
                    "grades when singling one out",
        .cost = "O(n)",
        .source = "European Central Bank 2019, Instructions for reporting the validation results of internal models"},
    .needs = need::probabilities,
    .levels = calibration_by_grade_levels};

}  // namespace leeway::performance::binary
