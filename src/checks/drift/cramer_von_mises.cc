// Cramér-von Mises: the mean squared difference of the distribution functions.

#include "checks/drift/binned.h"
#include "stats/cramer_von_mises.h"

namespace leeway::drift {
namespace {

void measure_cramer_von_mises(DriftInput& input, const DriftOptions& options, Measurement& out) {
  auto* rows = input.from<NumericRows>();
  if (!rows) {
    out.not_computable = texts::needs_rows;
    return;
  }
  const stats::RankedPair& pair = rows->ranked();
  out.value.value = pair.cramer_von_mises;
  out.by_chance = (1 + 1 / static_cast<double>(pair.n + pair.m)) / 6;
  if (!options.p_value) return;
  const stats::PValue p = stats::cramer_von_mises_p_value(pair);
  out.p_value = p.p;
  out.log_p = p.log_p;
}

}  // namespace

extern const DriftMethod cramer_von_mises;
constexpr DriftMethod cramer_von_mises{
    .info = {.id = "cramer_von_mises",
             .title = "Cramér-von Mises statistic",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::none,
             .unit = "",
             .measures = "nm/(n+m)² times the sum of squared differences of the two distribution functions at all "
                         "values: a test, not a distance, for it grows with the number of rows.",
             .hypothesis = "current and reference values come from one distribution",
             .guarantee =
                 "The p-value is exact without ties up to 20 rows a side, else asymptotic; with ties by the law "
                 "given the ties. Rows independent.",
             .misleads = "It has no effect size: with many rows it finds trifles. Judge by ks or wasserstein.",
             .cost = "O(n log n + m)",
             .source = "Anderson 1962, doi:10.1214/aoms/1177704477; Xiao et al. 2006, doi:10.18637/jss.v017.i08"},
    .accepts = numeric_only,
    .needs = Needs::values,
    .measure = measure_cramer_von_mises,
};

}  // namespace leeway::drift
