// Anderson-Darling: squared differences of the distribution functions, weighted towards the tails.

#include "checks/drift/binned.h"
#include "stats/anderson_darling.h"

namespace leeway::drift {
namespace {

constexpr int64_t fewest = 4;

void measure_anderson_darling(DriftInput& input, const DriftOptions& options, Measurement& out) {
  auto* rows = input.from<NumericRows>();
  if (!rows) {
    out.not_computable = texts::needs_rows;
    return;
  }
  const stats::RankedPair& pair = rows->ranked();
  if (pair.n + pair.m < fewest) {
    out.not_computable = "the statistic needs at least four values in all";
    return;
  }
  out.value.value = pair.anderson_darling;
  out.by_chance = 1;
  if (!options.p_value) return;
  const auto test = stats::anderson_darling_test(pair);
  out.details = {{"standardised", test.standardised}};
  out.p_value = test.p.p;
  out.log_p = test.p.log_p;
}

}  // namespace

extern const DriftMethod anderson_darling;
constexpr DriftMethod anderson_darling{
    .info = {.id = "anderson_darling",
             .title = "Anderson-Darling statistic",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::none,
             .unit = "",
             .measures =
                 "A²: squared differences of the two distribution functions, weighted by 1/(H(1-H)) so that the "
                 "tails count as much as the middle; mid-rank version. A test, not a distance: 1 is its mean "
                 "when nothing moved, and it grows with the number of rows.",
             .hypothesis = "current and reference values come from one distribution",
             .guarantee = "The p-value is asymptotic and not clipped: from the standardised statistic and the exact "
                          "limit law, or with ties from the law given the ties. Rows independent.",
             .misleads = "It has no effect size: with many rows it finds trifles. Judge by ks or wasserstein.",
             .cost = "O(n log n + m)",
             .source = "Scholz & Stephens 1987, doi:10.1080/01621459.1987.10478517"},
    .accepts = numeric_only,
    .needs = Needs::values,
    .measure = measure_anderson_darling,
};

}  // namespace leeway::drift
