// Generalised entropy, Theil index and their parts between groups; conditional parity.

#include "base/random.h"
#include "checks/fairness/benefit_inequality.h"
#include "checks/fairness/group_rows_builder.h"
#include "checks/fairness/registry.h"

namespace leeway::fairness {
namespace {

// numpy 1.24 on COMPAS: b = decision - outcome + 1; GE(2) = mean((b/mu)^2 - 1)/2, Theil = mean((b/mu) ln(b/mu)),
// between: the same of the group means over the races with at least 100 rows.
TEST(Inequality, CompasIndices) {
  const RowsBuilder builder = compas_rows();
  const auto all = *measure_fairness(nullptr, builder.rows(), {.min_rows = 100, .search_depth = 0});
  const Measurement& entropy = find(all.parity, "generalised_entropy");
  EXPECT_NEAR(entropy.value.value, 0.16996943303948794, 1e-12);
  EXPECT_LT(entropy.value.lower, entropy.value.value);
  EXPECT_GT(entropy.value.upper, entropy.value.value);
  EXPECT_EQ(entropy.subject.column, "");
  EXPECT_NEAR(find(all.parity, "theil_index").value.value, 0.23501763386556843, 1e-12);
  const Measurement& between = find(all.parity, "between_group_entropy", "race");
  EXPECT_NEAR(between.value.value, 0.002412106287456151, 1e-12);
  EXPECT_NEAR(find(all.parity, "between_group_theil", "race").value.value, 0.0024383946909733367, 1e-12);
  EXPECT_GT(between.value.lower, *between.by_chance);
  EXPECT_EQ(*between.p_value, 1.0 / 1001);
}

TEST(Inequality, OnlyFalseNegativesHaveNoIndex) {
  RowsBuilder builder({"group"});
  builder.add({"a"}, 0, 1, 50);
  builder.add({"b"}, 0, 1, 50);
  const auto all = *measure_fairness(nullptr, builder.rows());
  EXPECT_EQ(find(all.parity, "generalised_entropy").not_computable,
            "nobody has a benefit: every decision is a false negative");
  EXPECT_FALSE(find(all.parity, "between_group_theil").computed());
}

// A chance of error of .2 in every group: the between part is what chance gives, the whole is known in closed form.
TEST(Inequality, FairGroupsAndCoverage) {
  Random random(41);
  // Benefits 0, 1, 2 with probabilities .1, .8, .1: mu = 1, E b² = 1.2, GE(2) = .1.
  int covered = 0, between_positive = 0;
  constexpr int runs = 200;
  for (int run = 0; run < runs; ++run) {
    RowsBuilder builder({"group"});
    for (int i = 0; i < 400; ++i) {
      const double u = random.uniform();
      builder.add({std::string(1, static_cast<char>('a' + i % 4))}, u < .1 ? 0 : 1, u > .9 ? 0 : 1);
    }
    const GroupRows rows = builder.rows();
    const OrderedRows ordered{&rows, {}};
    const std::vector<size_t> first = {0};
    const GroupedData data = group_by(nullptr, ordered, first);
    FairnessMeasurements out;
    const FairnessOptions options{.permutations = 199, .bootstrap = 199, .seed = static_cast<uint64_t>(run)};
    measure_inequality(data, options, out.parity);
    benefit_inequality.measure(data, options, out);
    const Measurement& entropy = find(out.parity, "generalised_entropy");
    covered += entropy.value.lower <= .1 && .1 <= entropy.value.upper;
    between_positive += *find(out.parity, "between_group_entropy").p_value <= .05;
  }
  // Two bounds of 95 % make 90 %; three Monte-Carlo errors.
  EXPECT_NEAR(covered / static_cast<double>(runs), .90, 3 * std::sqrt(.09 / runs));
  EXPECT_LE(between_positive, runs * (.05 + 3 * std::sqrt(.0475 / runs)));
}

// Six groups of 50 whose mean benefits spread by `spread`: both bounds miss the truth in at most 5 % (three Monte-Carlo
// errors), with alike groups too, where a bootstrap's lower bound would lie above 0 every time.
TEST(Inequality, BoundsBetweenGroupsHold) {
  Random random(43);
  constexpr int runs = 300;
  for (const double spread : {0.0, 0.1, 0.3}) {
    std::vector<double> shifts;
    for (int g = 0; g < 6; ++g) shifts.push_back(spread * (g / 5.0 - 0.5));
    double truth = 0;  // mean benefit 1 - 2 shift, 1 over all groups
    for (const double shift : shifts) truth += (std::pow(1 - 2 * shift, 2) - 1) / 2 / 6;
    int above = 0, below = 0;
    for (int run = 0; run < runs; ++run) {
      RowsBuilder builder({"group"});
      for (size_t g = 0; g < 6; ++g) {
        size_t counts[3] = {};
        for (int i = 0; i < 50; ++i) {
          const double u = random.uniform();
          ++counts[u < .2 + shifts[g] ? 0 : u > .8 + shifts[g] ? 2 : 1];
        }
        const std::vector<std::string> group{std::string(1, static_cast<char>('a' + g))};
        builder.add(group, 0, 1, counts[0]);
        builder.add(group, 1, 1, counts[1]);
        builder.add(group, 1, 0, counts[2]);
      }
      const GroupRows rows = builder.rows();
      const OrderedRows ordered{&rows, {}};
      const std::vector<size_t> first = {0};
      FairnessMeasurements out;
      benefit_inequality.measure(group_by(nullptr, ordered, first), {.permutations = 9}, out);
      const Estimate& e = find(out.parity, "between_group_entropy").value;
      above += e.lower > truth + 1e-15;
      below += e.upper < truth;
    }
    const double allowed = .05 + 3 * std::sqrt(.0475 / runs);
    EXPECT_LE(above, runs * allowed) << spread;
    EXPECT_LE(below, runs * allowed) << spread;
  }
}

RowsBuilder strata(const std::vector<std::array<size_t, 4>>& tables) {
  RowsBuilder builder({"group"});
  for (size_t k = 0; k < tables.size(); ++k) {
    const auto [x1, n1, x2, n2] = tables[k];
    const auto stratum = static_cast<uint32_t>(7 * k);
    builder.add({"a"}, 1, 1, x1, 0, stratum);
    builder.add({"a"}, 0, 1, n1 - x1, 0, stratum);
    builder.add({"b"}, 1, 1, x2, 0, stratum);
    builder.add({"b"}, 0, 1, n2 - x2, 0, stratum);
  }
  return builder;
}

// Sato's formulas written anew in Python: difference .0876623376623376, standard error .0401036031964612.
TEST(ConditionalParity, MantelHaenszelDifference) {
  const RowsBuilder builder = strata({{50, 100, 100, 400}, {30, 100, 6, 40}, {80, 160, 40, 50}});
  const auto all = *measure_fairness(nullptr, builder.rows());
  const Measurement& m = find(all.parity, "conditional_parity_difference");
  EXPECT_NEAR(m.value.value, 0.08766233766233766, 1e-12);
  EXPECT_NEAR(m.value.lower, 0.08766233766233766 - 1.959963984540054 * 0.04010360319646123, 1e-9);
  EXPECT_NEAR(m.value.upper, 0.08766233766233766 + 1.6448536269514722 * 0.04010360319646123, 1e-9);
  EXPECT_EQ(*m.detail("strata"), 3);
  EXPECT_EQ(m.note, "b against a at equal stratum");
}

// Simpson's paradox (the Berkeley pattern): unequal overall, equal within each stratum.
TEST(ConditionalParity, AStratumCanExplainADifference) {
  const RowsBuilder builder = strata({{480, 600, 80, 100}, {20, 100, 120, 600}});
  const auto all = *measure_fairness(nullptr, builder.rows());
  EXPECT_GT(find(all.parity, "demographic_parity_difference").value.lower, 0.3);
  const Measurement& m = find(all.parity, "conditional_parity_difference");
  EXPECT_NEAR(m.value.value, 0, 1e-12);
  EXPECT_EQ(m.value.lower, 0);
  EXPECT_GT(*m.p_value, 0.9);
}

TEST(ConditionalParity, IsNotMeasuredWhenNothingIsHeldFixed) {
  const RowsBuilder builder = strata({{50, 100, 100, 400}});
  GroupRows rows = builder.rows();
  rows.strata = {};
  const auto all = *measure_fairness(nullptr, rows);
  for (const Measurement& m : all.parity) EXPECT_NE(m.method->id, "conditional_parity_difference");
}

TEST(ConditionalParity, StrataWithoutBothGroupsSayNothing) {
  const RowsBuilder builder = strata({{50, 100, 0, 0}, {0, 0, 30, 100}});
  const auto all = *measure_fairness(nullptr, builder.rows());
  EXPECT_EQ(find(all.parity, "conditional_parity_difference").not_computable,
            "no two groups with enough rows share a stratum");
}

// 100 strata of a few rows each, fair within strata whose rates differ: the lower bound is above 0 in at most 5 %.
TEST(ConditionalParity, SparseStrataKeepTheErrorRate) {
  Random random(42);
  constexpr int runs = 400;
  int unfair = 0, significant = 0;
  for (int run = 0; run < runs; ++run) {
    std::vector<std::array<size_t, 4>> tables;
    for (int k = 0; k < 100; ++k) {
      const double rate = random.uniform();
      const size_t n1 = 1 + random.below(3), n2 = 1 + random.below(6);
      size_t x1 = 0, x2 = 0;
      for (size_t i = 0; i < n1; ++i) x1 += random.chance(rate);
      for (size_t i = 0; i < n2; ++i) x2 += random.chance(rate);
      tables.push_back({x1, n1, x2, n2});
    }
    const RowsBuilder builder = strata(tables);
    const GroupRows rows = builder.rows();
    const OrderedRows ordered{&rows, {}};
    const std::vector<size_t> first = {0};
    FairnessMeasurements out;
    conditional_parity.measure(group_by(nullptr, ordered, first),
                               {.permutations = 199, .seed = static_cast<uint64_t>(run)}, out);
    unfair += out.parity.front().value.lower > 0;
    significant += *out.parity.front().p_value <= .05;
  }
  const double error = 3 * std::sqrt(.0475 / runs);
  EXPECT_LE(unfair, runs * (.05 + error));
  EXPECT_LE(significant, runs * (.05 + error));
  EXPECT_GE(significant, runs * (.05 - error));
}

}  // namespace
}  // namespace leeway::fairness
