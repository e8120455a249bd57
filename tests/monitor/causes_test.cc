// The acceptance of causes with the product's own learner: on pairs of tables with one injected, known cause each, the
// terms are right, their intervals hold, and the right cause comes first. One seed here, with what a share may miss by
// chance; the table of docs/explain.md by
//     LEEWAY_ACCEPTANCE_SEEDS=100 test_monitor --gtest_filter='Causes.*'
#include <gtest/gtest.h>

#include "explain/causes.h"
#include "monitor/domain_learner.h"

namespace leeway {
namespace {

using namespace explain;

/// `hits` of `runs` are at least the share asked for: exactly so in a full run, else up to three standard errors below.
bool reaches(int hits, int runs, double share, bool full) {
  return hits >= share * runs - (full ? 0 : 3 * std::sqrt(runs * share * (1 - share)));
}

TEST(Causes, TheTermsAreRightAndTheRightOneComesFirst) {
  const uint64_t seeds = acceptance_seeds(1);
  const bool full = seeds > 1;
  const auto learner = domain_learner();
  const CauseRun how =
      full ? CauseRun{.seeds = seeds, .truth_rows = 2'000'000, .options = {.threads = 2}}
           : CauseRun{.rows = 3000, .seeds = seeds, .options = {.splits = 3, .refits = 8, .threads = 2}};
  int covered = 0, terms = 0, zero_covered = 0, zeros = 0, right_first = 0, large = 0;
  for (const auto& record : simulate::scenarios()) {
    SCOPED_TRACE(record.name);
    const auto run = run_scenario(record.scenario, *learner, how);
    if (full) print(run);
    EXPECT_LE(run.worst_sum, 1e-12);
    for (int t = 0; t < 4; ++t) {
      const auto& term = run.terms[t];
      const double noise =
          full ? 0 : 3 * std::max(run.total_se, term.se.mean()) / std::sqrt(static_cast<double>(run.runs));
      // After a change of unit 3 % of the cases are shared, fewer than trees can single out of 5,000 rows: the last two
      // terms are right to within their own standard error only (docs/explain.md).
      const bool hardly_shared = record.scenario == simulate::Scenario::unit_change && t >= 2;
      const double allowed = hardly_shared ? term.se.mean() : 0.25 * run.total_se + 0.002;
      EXPECT_NEAR(term.value.mean(), term.truth, allowed + noise) << t;
      covered += term.covered, terms += run.runs;
      if (is_zero(record, t)) zero_covered += term.covered_zero, zeros += run.runs;
    }
    right_first += run.right_first, large += run.large;
  }
  EXPECT_TRUE(reaches(covered, terms, 0.90, full)) << covered << " of " << terms;
  EXPECT_TRUE(reaches(zero_covered, zeros, 0.93, full)) << zero_covered << " of " << zeros;
  EXPECT_TRUE(reaches(right_first, large, 0.95, full)) << right_first << " of " << large;
  if (full)
    std::printf("covered %d of %d, zeros %d of %d, right cause first %d of %d\n", covered, terms, zero_covered, zeros,
                right_first, large);
}

}  // namespace
}  // namespace leeway
