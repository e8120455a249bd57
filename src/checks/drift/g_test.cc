// The likelihood-ratio test of homogeneity.

#include "checks/drift/binned.h"
#include "stats/contingency.h"

namespace leeway::drift {
namespace {

void measure_g_test(DriftInput& input, const DriftOptions& options, Measurement& out) {
  const Bins& table = input.table();
  const auto test = stats::g_homogeneity(table.current, table.reference);
  out.value.value = test.statistic;
  out.by_chance = static_cast<double>(test.df) * test.williams;
  out.details = {{"df", static_cast<double>(test.df)}, {"williams", test.williams}};
  if (!options.p_value) return;
  out.p_value = test.p.p;
  out.log_p = test.p.log_p;
}

}  // namespace

extern const DriftMethod g_test;
constexpr DriftMethod g_test{
    .info = {.id = "g_test",
             .title = "G statistic",
             .family = Family::drift,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::none,
             .unit = "",
             .measures = "2 Σ O ln(O/E) over the table of chi_square; 2N times the Jensen-Shannon divergence with the "
                         "sides weighted by their sizes.",
             .hypothesis = "both sides draw from one distribution over the categories",
             .guarantee =
                 "The p-value is the chi-square law's after Williams' correction; not for sparse tables, where "
                 "chi_square is right. Rows independent.",
             .misleads = "It has no effect size: with many rows it finds trifles. Judge by psi.",
             .cost = texts::binned_cost,
             .source = "Williams 1976, doi:10.1093/biomet/63.1.33"},
    .accepts = binned,
    .needs = Needs::rows,
    .measure = measure_g_test,
};

}  // namespace leeway::drift
