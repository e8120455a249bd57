// From counts of groups to "unfair", "stable" or "undecided": what a user of the four-fifths rule reads.

#include "base/random.h"
#include "base/text.h"
#include "checks/fairness/fairness.h"
#include "findings/leeway_rules.h"
#include "findings/sentence.h"
#include "findings/verdict.h"

namespace leeway {
namespace {

using fairness::FairnessOptions;
using fairness::GroupRows;

/// Selected and all of each group, as rows.
struct Groups {
  std::vector<std::string> names;
  std::vector<uint32_t> codes;
  std::vector<uint8_t> selected;

  explicit Groups(const std::vector<std::pair<size_t, size_t>>& table) {
    for (size_t g = 0; g < table.size(); ++g) {
      names.push_back("g" + std::to_string(g));
      codes.insert(codes.end(), table[g].second, static_cast<uint32_t>(g));
      selected.insert(selected.end(), table[g].first, 1);
      selected.insert(selected.end(), table[g].second - table[g].first, 0);
    }
  }
  GroupRows rows() const {
    return {.rows = codes.size(), .columns = {{"region", codes, names, {}}}, .selected = selected};
  }
};

/// The selected are those favourably decided.
LeewayRules favourable() {
  LeewayRules rules;
  rules.favourable_known = true;
  return rules;
}

Finding judged(const Groups& now, const Groups* then = nullptr, const LeewayRules& rules = favourable(),
               std::string_view id = "adverse_impact_ratio",
               FairnessOptions options = {.search_depth = 0, .permutations = 99}) {
  GroupRows reference;
  if (then) reference = then->rows();
  const auto all = *fairness::measure_fairness(then ? &reference : nullptr, now.rows(), options);
  for (const Measurement& m : all.parity)
    if (m.method->id == id) return judge(m, rules.for_measurement(m));
  ADD_FAILURE() << id;
  return {};
}

TEST(FairnessVerdict, FourFifths) {
  const Finding undecided = judged(Groups({{30, 60}, {70, 100}}));
  EXPECT_EQ(undecided.verdict, Verdict::undecided);  // statistics.md §8: the interval straddles .8
  ASSERT_TRUE(undecided.rows_needed);
  EXPECT_GT(*undecided.rows_needed, 160);
  EXPECT_EQ(judged(Groups({{300, 600}, {700, 1000}})).verdict, Verdict::unfair);
  EXPECT_EQ(judged(Groups({{460, 1000}, {500, 1000}})).verdict, Verdict::stable);
  EXPECT_EQ(judged(Groups({{30, 60}, {5, 20}})).verdict, Verdict::not_computable);
  // Where nothing says that selection is favourable the rule does not apply.
  EXPECT_EQ(judged(Groups({{300, 600}, {700, 1000}}), nullptr, {}).verdict, Verdict::measured);
}

// The rows of the reference have no part in a ratio between groups of the current rows.
TEST(FairnessVerdict, RowsNeededDoNotDependOnTheReference) {
  const Groups now({{30, 60}, {70, 100}}), then({{40, 80}, {45, 90}});
  EXPECT_EQ(judged(now, &then).rows_needed, judged(now).rows_needed);
  LeewayRules rules;
  rules.metrics["adverse_impact_ratio"] = {.min = 0.8, .origin = "monitor.yaml:14"};
  EXPECT_EQ(judged(now, &then, rules).rows_needed, judged(now).rows_needed);
}

TEST(FairnessVerdict, AGreatestGapIsJudgedByTheSameRule) {
  LeewayRules rules;
  rules.metrics["demographic_parity_difference"] = {.max = 0.1, .origin = "monitor.yaml:15"};
  const auto verdict = [&](const Groups& groups) {
    return judged(groups, nullptr, rules, "demographic_parity_difference").verdict;
  };
  EXPECT_EQ(verdict(Groups({{300, 600}, {700, 1000}})), Verdict::unfair);
  EXPECT_EQ(verdict(Groups({{30, 60}, {70, 100}})), Verdict::undecided);
  EXPECT_EQ(verdict(Groups({{520, 1000}, {500, 1000}})), Verdict::stable);
}

TEST(FairnessVerdict, SentencesSpeakOfALevelNotAMovement) {
  const Groups now({{460, 1000}, {500, 1000}}), then({{450, 1000}, {500, 1000}});
  const Finding f = judged(now, &then);
  ASSERT_TRUE(f.smallest_detectable);
  EXPECT_LT(*f.smallest_detectable, 0.8);  // a ratio is worse the lower it is
  EXPECT_EQ(sentence(f),
            "Adverse-impact ratio for region is 0.92 (between 0.85 and 1.00), 0.9 in the reference, above the default minimum "
            "of 0.8; " +
                short_number(*f.smallest_detectable) +
                " would have been found; g0 46 % (460 of 1,000) against g1 50 % (500 of 1,000).");
}

// A model that selects 10 % of everybody: with a group of 50 or 100 the bare rule calls it unfair in a third of cases.
TEST(FairnessVerdict, FairModelsAreNotCalledUnfair) {
  Random random(61);
  constexpr int runs = 300;
  for (const size_t small : {50, 100}) {
    int bare = 0, unfair = 0;
    for (int run = 0; run < runs; ++run) {
      std::vector<std::pair<size_t, size_t>> table;
      for (const size_t n : {small, size_t{1000}, size_t{1000}}) {
        size_t x = 0;
        for (size_t i = 0; i < n; ++i) x += random.chance(0.1);
        table.emplace_back(x, n);
      }
      const Finding f = judged(Groups(table));
      bare += f.measurement.value.value < 0.8;
      unfair += f.verdict == Verdict::unfair;
    }
    EXPECT_GT(bare, runs * 0.25);
    EXPECT_LE(unfair, runs * 0.05);
  }
}

}  // namespace
}  // namespace leeway
