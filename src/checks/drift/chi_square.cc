// Pearson's chi-square test of homogeneity.

#include "checks/drift/binned.h"
#include "stats/contingency.h"

namespace leeway::drift {
namespace {

void measure_chi_square(DriftInput& input, const DriftOptions& options, Measurement& out) {
  const Bins& table = input.table();
  const auto test = stats::homogeneity(table.current, table.reference);
  out.value.value = test.statistic;
  out.by_chance = static_cast<double>(test.df);
  out.details = {{"df", static_cast<double>(test.df)}, {"smallest_expected", test.smallest_expected}};
  if (!options.p_value) return;
  out.p_value = test.p.p;
  out.log_p = test.p.log_p;
}

}  // namespace

extern const DriftMethod chi_square;
constexpr DriftMethod chi_square{
    .info = {.id = "chi_square",
             .title = "Chi-square statistic",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::none,
             .unit = "",
             .measures = "Pearson's Σ(O-E)²/E over the 2 × k table of both sides' categories (numbers: the bins of "
                         "PSI), missing and unseen values among them, E from the pooled margins.",
             .hypothesis = "both sides draw from one distribution over the categories",
             .guarantee = "The p-value is the chi-square law's, or where an expected count is below 5 a gamma law with "
                          "the exact conditional mean and variance. Rows independent.",
             .misleads = "It has no effect size: with many rows it finds trifles. Judge by psi.",
             .cost = texts::binned_cost,
             .source = "Pearson 1900; Dawson 1954, doi:10.1093/biomet/41.1-2.280"},
    .accepts = binned,
    .needs = Needs::rows,
    .measure = measure_chi_square,
};

}  // namespace leeway::drift
