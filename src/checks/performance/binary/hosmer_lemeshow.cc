#include <cmath>

#include "checks/performance/binary/by_grade.h"
#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

Levels hosmer_lemeshow_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample* reference) {
  const GradeTable table = grades_of(sample, reference);
  const stats::ChiSquareTest test = stats::hosmer_lemeshow(table.grades);
  const stats::PortfolioTest all = stats::test_portfolio(table.grades);
  if (std::isinf(test.statistic)) return {Level::failed("a grade whose score is exactly 0 or 1 was wrong")};
  if (test.df == 0) return {Level::failed("every grade's score is exactly 0 or 1")};
  Level level = Level::of(test.statistic / test.df, {});
  level.details = {{"statistic", test.statistic}, {"df", static_cast<double>(test.df)}, {"calibrated_p", test.p.p},
                   {"portfolio_z", all.z}, {"portfolio_p", all.p.p}};
  return {level};
}

}  // namespace

constexpr BinaryMetric hosmer_lemeshow{
    .info = {
        .id = "hosmer_lemeshow",
        .title = "Hosmer-Lemeshow statistic per degree of freedom",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "",
        .measures = "The mean over grades of the squared difference of observed and predicted events in standard "
                    "errors: about 1 for a calibrated score. Its details hold the test, with as many degrees of "
                    "freedom as grades since the scores are given, and that of all grades together",
        .hypothesis = "",
        .guarantee = "None as a level: it grows with the number of rows; the p-value in its details is asymptotic",
        .misleads = "With many rows it rejects calibration errors that do not matter: see calibration_error",
        .cost = "O(n)",
        .source = "Hosmer & Lemeshow 1980, doi:10.1080/03610928008827941"},
    .needs = need::probabilities,
    .levels = hosmer_lemeshow_levels};

}  // namespace leeway::performance::binary
