#include "checks/fairness/subgroup_search.h"

#include "base/random.h"
#include "checks/fairness/group_rows_builder.h"

namespace leeway::fairness {
namespace {

/// Rows over sex × race × age in fixed numbers; `rate(cell)` gives the chance of selection; outcomes are all positive.
template <class RateOf>
RowsBuilder population(Random& random, size_t rows_a_cell, RateOf rate) {
  RowsBuilder builder({"sex", "race", "age"});
  for (const char* sex : {"f", "m"})
    for (const char* race : {"a", "b", "c", "d"})
      for (const char* age : {"young", "middle", "old"}) {
        const std::vector<std::string> cell{sex, race, age};
        for (size_t i = 0; i < rows_a_cell; ++i) builder.add(cell, random.chance(rate(cell)), 1);
      }
  return builder;
}

std::vector<Measurement> searched(const RowsBuilder& builder, const FairnessOptions& options = {},
                                  const GroupRows* reference = nullptr) {
  std::vector<Measurement> out;
  search_subgroups(reference, builder.rows(), options, out);
  return out;
}

TEST(SubgroupSearch, FindsTheInjectedIntersection) {
  Random random(21);
  const RowsBuilder builder =
      population(random, 100, [](const auto& cell) { return cell[0] == "f" && cell[1] == "c" ? 0.25 : 0.5; });
  const auto found = searched(builder);
  ASSERT_FALSE(found.empty());
  const Measurement& first = found.front();
  EXPECT_EQ(first.method->id, "subgroup_selection_rate");
  EXPECT_EQ(first.subject.slice, "sex = f and race = c");
  EXPECT_EQ(first.subject.column, "sex × race × age");
  EXPECT_EQ(*first.p_value, 1.0 / 1001);
  EXPECT_LT(first.value.upper, 0);
  EXPECT_NEAR(first.value.value, -0.25, 0.08);
  EXPECT_EQ(*first.detail("cases"), 300);
  // 2 + 4 + 3 groups, 8 + 6 + 12 pairs, 24 triples.
  EXPECT_EQ(*first.detail("searched"), 59);
  EXPECT_LE(found.size(), 40u);
  for (size_t i = 1; i < 10; ++i)
    EXPECT_LE(std::fabs(*found[i].detail("statistic")), std::fabs(*found[i - 1].detail("statistic")));
}

TEST(SubgroupSearch, StatisticIsTheStandardisedDifference) {
  RowsBuilder builder({"sex"});
  builder.add({"f"}, 1, 1, 30);
  builder.add({"f"}, 0, 1, 70);
  builder.add({"m"}, 1, 1, 80);
  builder.add({"m"}, 0, 1, 120);
  const auto found = searched(builder);
  // By hand: p = 110/300, S² = 300/299 p(1-p), T = (.3 - .4)/sqrt(S² (1/100 + 1/200)).
  const double p = 110.0 / 300, t = -0.1 / std::sqrt(300.0 / 299 * p * (1 - p) * (1.0 / 100 + 1.0 / 200));
  EXPECT_NEAR(*found[0].detail("statistic"), t, 1e-12);
  EXPECT_NEAR(found[0].value.value, -0.1, 1e-12);
  EXPECT_NEAR(*found[0].detail("rest"), 0.4, 1e-12);
  // scipy 1.10.1: the permutation law is hypergeometric(300, 110, 100); P(|X - 110/3| >= 110/3 - 30) = .0994697.
  const auto many = searched(builder, {.permutations = 20'000});
  EXPECT_NEAR(*many[0].p_value, 0.0994697, 4 * std::sqrt(.1 * .9 / 20'000));
}

TEST(SubgroupSearch, SameRowsAreOneHypothesis) {
  RowsBuilder builder({"sex", "title"});  // the title follows the sex
  for (const auto& [sex, title] : {std::pair{"f", "Ms"}, {"m", "Mr"}}) {
    builder.add({sex, title}, 1, 1, 50);
    builder.add({sex, title}, 0, 1, 60);
  }
  EXPECT_EQ(*searched(builder).front().detail("searched"), 2);
}

TEST(SubgroupSearch, ConjunctionsNeedSupportOnBothSides) {
  RowsBuilder builder({"sex"});
  builder.add({"f"}, 1, 1, 29);
  builder.add({"m"}, 0, 1, 500);
  EXPECT_TRUE(searched(builder).empty());
  builder.add({"f"}, 1, 1, 1);
  EXPECT_FALSE(searched(builder).empty());
}

TEST(SubgroupSearch, TooManyCombinationsAreSaid) {
  RowsBuilder builder({"id"});
  for (int i = 0; i < 5001; ++i) builder.add({std::to_string(i)}, i % 2, 1);
  const auto found = searched(builder);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().not_computable, "more than 5000 combinations of the attributes occur; cut them into bands");
}

TEST(SubgroupSearch, ChangeAgainstTheReference) {
  Random random(22);
  const auto fair = [](const auto&) { return 0.5; };
  const auto unfair = [](const auto& cell) { return cell[1] == "d" ? 0.3 : 0.5; };
  const RowsBuilder then = population(random, 200, fair), now = population(random, 200, unfair);
  const GroupRows reference = then.rows();
  const auto found = searched(now, {}, &reference);
  EXPECT_EQ(found.front().subject.slice, "race = d");
  EXPECT_NEAR(*found.front().detail("change"), -0.2, 0.06);
  EXPECT_LT(*found.front().detail("change_upper"), 0);
  EXPECT_NEAR(found.front().reference->value, 0, 0.05);
}

/// Scores p uniform on (.1,.9), outcomes with chance p + shift(cell); no decision.
template <class ShiftOf>
RowsBuilder scored(Random& random, size_t rows_a_cell, ShiftOf shift) {
  RowsBuilder builder({"sex", "race"});
  for (const char* sex : {"f", "m"})
    for (const char* race : {"a", "b", "c"}) {
      const std::vector<std::string> cell{sex, race};
      for (size_t i = 0; i < rows_a_cell; ++i) {
        const double p = 0.1 + 0.8 * random.uniform();
        builder.add(cell, unknown, random.chance(p + shift(cell)), 1, p);
      }
    }
  return builder;
}

TEST(SubgroupSearch, MeanResidualNeedsNoDecision) {
  Random random(25);
  const RowsBuilder builder =
      scored(random, 400, [](const auto& cell) { return cell[0] == "m" && cell[1] == "b" ? 0.1 : 0; });
  GroupRows rows = builder.rows();
  rows.selected = {};
  std::vector<Measurement> found;
  search_subgroups(nullptr, rows, {}, found);
  ASSERT_FALSE(found.empty());
  for (const Measurement& m : found) EXPECT_EQ(m.method->id, "subgroup_mean_residual");
  EXPECT_EQ(found.front().subject.slice, "sex = m and race = b");
  EXPECT_NEAR(found.front().value.value, 0.1, 0.06);
  EXPECT_GT(found.front().value.lower, 0);
  EXPECT_EQ(found.front().current_rows.used, 2400);
  // The reported mean is that of the rows, not of the levels that the permutation sees.
  double sum = 0;
  size_t count = 0;
  for (size_t i = 0; i < rows.rows; ++i)
    if (rows.columns[0].groups[rows.columns[0].codes[i]] == "m" &&
        rows.columns[1].groups[rows.columns[1].codes[i]] == "b") {
      sum += rows.labels[i] - rows.scores[i];
      ++count;
    }
  EXPECT_NEAR(*found.front().detail("inside"), sum / static_cast<double>(count), 1e-12);
}

TEST(SubgroupSearch, FamilywiseErrorOfTheMeanResidual) {
  Random random(26);
  constexpr int runs = 300;
  int rejected = 0;
  for (int run = 0; run < runs; ++run) {
    const RowsBuilder builder = scored(random, 50, [](const auto&) { return 0.0; });
    GroupRows rows = builder.rows();
    rows.selected = {};
    std::vector<Measurement> found;
    search_subgroups(nullptr, rows, {.permutations = 99, .seed = static_cast<uint64_t>(run)}, found);
    rejected += *found.front().p_value <= 0.05;
  }
  EXPECT_NEAR(rejected / static_cast<double>(runs), .05, 3 * std::sqrt(.0475 / runs));
}

TEST(SubgroupSearch, SameNumbersWhateverTheThreads) {
  Random random(23);
  const RowsBuilder builder = population(random, 60, [](const auto&) { return 0.3; });
  const auto one = searched(builder, {.threads = 1}), two = searched(builder, {.threads = 3});
  ASSERT_EQ(one.size(), two.size());
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].subject.slice, two[i].subject.slice);
    EXPECT_EQ(one[i].p_value, two[i].p_value);
    EXPECT_EQ(one[i].value.lower, two[i].value.lower);
  }
}

// Size of the search when nothing is related to anything: at most 5 %, within three Monte-Carlo errors of 400 runs; and
// not far below, for max-T loses nothing but to discreteness.
TEST(SubgroupSearch, FamilywiseErrorIsAtMostNominal) {
  Random random(24);
  constexpr int runs = 400;
  int rejected = 0, covered = 0;
  for (int run = 0; run < runs; ++run) {
    const RowsBuilder builder = population(random, 40, [](const auto&) { return 0.2; });
    const auto found = searched(builder, {.permutations = 199, .seed = static_cast<uint64_t>(run)});
    const bool all = std::all_of(found.begin(), found.end(), [](const Measurement& m) {
      return m.method->id != "subgroup_selection_rate" || (m.value.lower <= 0 && m.value.upper >= 0);
    });
    covered += all;
    rejected += *found.front().p_value <= 0.05;
  }
  const double error = std::sqrt(.05 * .95 / runs);
  EXPECT_LE(rejected, runs * (.05 + 3 * error));
  EXPECT_GE(rejected, runs * (.05 - 3 * error));
  EXPECT_GE(covered, runs * (.95 - 4 * error));
}

}  // namespace
}  // namespace leeway::fairness
