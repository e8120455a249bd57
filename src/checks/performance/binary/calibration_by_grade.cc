#include "checks/performance/binary/by_grade.h"
#include "checks/performance/metrics.h"
#include "stats/multiple_testing.h"

namespace leeway::performance::binary {
namespace {

/// Of events that share a cause. Supervisors' formulas have 0.03 to 0.24, estimates from default rates mostly less.
constexpr double asset_correlation = 0.05;

Levels calibration_by_grade_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample* reference) {
  const GradeTable table = grades_of(sample, reference);
  std::vector<stats::GradeTest> tests;
  std::vector<double> binomial, jeffreys;
  for (const stats::Grade& grade : table.grades) {
    tests.push_back(stats::test_grade(grade));
    binomial.push_back(tests.back().binomial);
    jeffreys.push_back(tests.back().jeffreys);
  }
  binomial = stats::holm(binomial);
  jeffreys = stats::holm(jeffreys);
  Levels levels;
  for (size_t i = 0; i < table.grades.size(); ++i) {
    const stats::Grade& grade = table.grades[i];
    levels.push_back(Level::of_proportion(grade.defaults, grade.rows, "no labelled row has such a score"));
    levels.back().slice = table.names[i];
    if (grade.rows == 0) continue;
    levels.back().details = {{"rows", static_cast<double>(grade.rows)},
                             {"mean_score", grade.pd},
                             {"binomial_p", tests[i].binomial},
                             {"jeffreys_p", tests[i].jeffreys},
                             {"binomial_p_holm", binomial[i]},
                             {"jeffreys_p_holm", jeffreys[i]},
                             {"asset_correlation", asset_correlation},
                             {"vasicek_p", stats::vasicek_tail(grade, asset_correlation)}};
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
                    "one-sided binomial and Jeffreys p-values for a rate above it, as they are and by Holm for all "
                    "grades together, and Vasicek's with an asset correlation",
        .hypothesis = no_change,
        .guarantee = proportion_bounds,
        .misleads = "Events that share a cause (a downturn) make the binomial and Jeffreys p-values too small: see "
                    "Vasicek's; single a grade out by the p-values for all together",
        .cost = "O(n)",
        .source = "European Central Bank 2019, Instructions for reporting the validation results of internal models; "
                  "Vasicek 2002 (loan portfolio value); Holm 1979"},
    .needs = need::probabilities,
    .levels = calibration_by_grade_levels};

}  // namespace leeway::performance::binary
