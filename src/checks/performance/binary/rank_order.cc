#include <cmath>

#include "checks/performance/binary/by_grade.h"
#include "checks/performance/metrics.h"

namespace leeway::performance::binary {
namespace {

Levels rank_order_levels(const BinarySample& sample, const BinaryOptions&, const BinarySample* reference) {
  const GradeTable table = grades_of(sample, reference);
  const stats::RankOrder order = stats::test_rank_order(table.grades);
  if (!std::isfinite(order.z)) return {Level::failed("there are fewer than two grades with rows")};
  Level level = Level::of(order.inversions, {});
  level.details = {{"trend_z", order.z}, {"trend_p", order.p.p}, {"grades", static_cast<double>(table.grades.size())}};
  return {level};
}

}  // namespace

constexpr BinaryMetric rank_order{
    .info = {
        .id = "rank_order",
        .title = "Inversions of the rank order of grades",
        .family = Family::performance,
        .version = 1,
        .orientation = Orientation::higher_is_worse,
        .scale = Scale::metric,
        .unit = "inversions",
        .measures = "How often the event rate falls from one tenth of the reference's scores to the next; its details "
                    "hold the Cochran-Armitage test of a linear trend",
        .hypothesis = "",
        .guarantee = "None as a level: neighbouring grades with few rows swap by chance",
        .misleads = "Counts a swap of two nearly equal grades like any other",
        .cost = "O(n)",
        .source = "Armitage 1955, doi:10.2307/3001775"},
    .needs = need::probabilities | need::two_classes,
    .levels = rank_order_levels};

}  // namespace leeway::performance::binary
