// The classifier two-sample test with the product's learner: how often it errs and what it finds. A few runs here; the
// table of docs/explain.md by
//     LEEWAY_ACCEPTANCE_SEEDS=40 test_monitor --gtest_filter='DomainLearner.*'
#include "monitor/domain_learner.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <gtest/gtest.h>

#include "base/random.h"
#include "checks/drift/domain_classifier.h"
#include "monitor/case_features.h"

namespace leeway {
namespace {

constexpr size_t columns = 20, rows = 2000;

struct Change {
  std::string_view name;
  double one_mean = 0, all_means = 0, one_scale = 1, correlation = 0;
};

/// The movements of the statistics page.
constexpr Change changes[] = {{.name = "null"},
                              {.name = "mean x0 +.15", .one_mean = .15},
                              {.name = "all means +.04", .all_means = .04},
                              {.name = "scale x0 1.2", .one_scale = 1.2},
                              {.name = "corr 0 to .5", .correlation = .5}};

std::vector<float> draw(Random& random, const Change& change) {
  std::vector<float> out;
  for (size_t i = 0; i < rows; ++i) {
    std::vector<double> x(columns);
    for (auto& v : x) v = random.normal() + change.all_means;
    x[1] = change.correlation * x[0] + std::sqrt(1 - change.correlation * change.correlation) * x[1];
    x[0] = change.one_scale * x[0] + change.one_mean;
    out.insert(out.end(), x.begin(), x.end());
  }
  return out;
}

/// How often p < .05 and the lower bound is above 1/2.
struct Record {
  int rejected = 0, beyond = 0;
};

Record measure(const Change& change, int runs) {
  const auto learner = domain_learner();
  const std::vector<std::string> names(columns, "x");
  Record out;
  for (int run = 0; run < runs; ++run) {
    Random random = Random(11).split(static_cast<uint64_t>(run));
    const auto before = draw(random, {}), now = draw(random, change);
    const auto m =
        drift::measure_domain_classifier(*learner, {{{before, rows, columns}, {now, rows, columns}}, names, rows, rows},
                                         {static_cast<uint64_t>(run), true});
    out.rejected += *m.p_value < 0.05;
    out.beyond += m.value.lower > 0.5;
  }
  return out;
}

TEST(DomainLearner, FindsWhatColumnsDoNotShowAndKeepsItsSize) {
  const char* asked = std::getenv("LEEWAY_ACCEPTANCE_SEEDS");
  const int runs = asked == nullptr ? 8 : std::atoi(asked);
  const Record null = measure(changes[0], runs), correlation = measure(changes[4], runs);
  const double most = runs * .05 + 3 * std::sqrt(runs * .05 * .95);
  EXPECT_LE(null.rejected, most);
  EXPECT_LE(null.beyond, most);
  EXPECT_GE(correlation.rejected, 0.7 * runs);
  if (asked == nullptr) return;
  for (const auto& change : changes)
    std::printf("| %s | %.2f |\n", std::string(change.name).c_str(),
                static_cast<double>(measure(change, runs).rejected) / runs);
}

// Categories, missing values and levels that only one side has become numbers alike on both sides.
TEST(CaseFeatures, AreEncodedAlikeOnBothSides) {
  Validity valid(3);
  valid.set(1, false);
  const std::vector<InputColumn> inputs = {
      {Column::of_text("kind", {"a", "b", "a"}), Column::of_text("kind", {"b", "new"}), true},
      {Column::of_reals("x", {1, 2, 3}, valid), Column::of_integers("x", Type::integer, {7, 8}), false}};
  const auto features = encode_cases(inputs);
  ASSERT_EQ(features.names, (std::vector<std::string>{"kind=a", "kind=b", "x"}));
  EXPECT_TRUE(features.left_out.empty());
  EXPECT_EQ(features.reference[0], 1);
  EXPECT_EQ(features.reference[3], 0);
  EXPECT_TRUE(std::isnan(features.reference[5]));
  EXPECT_EQ(features.current, (std::vector<float>{0, 1, 7, 0, 0, 8}));
}

TEST(CaseFeatures, AColumnThatCannotBeReadAlikeIsLeftOut) {
  const std::vector<InputColumn> inputs = {{Column::of_reals("x", {1, 2}), Column::of_text("x", {"one", "two"}), false},
                                           {Column::of_reals("y", {1, 2}), Column::of_reals("y", {3, 4}), false}};
  const auto features = encode_cases(inputs);
  EXPECT_EQ(features.names, std::vector<std::string>{"y"});
  EXPECT_EQ(features.left_out, std::vector<std::string>{"x"});
}

TEST(CaseFeatures, SamplesAreEvenAndOfTheRowsNamed) {
  std::vector<uint32_t> known;
  for (uint32_t row = 0; row < 30'000; ++row) known.push_back(2 * row);
  const auto sample = RowSample::evenly(known, {5, 6, 7});
  EXPECT_EQ(sample.reference.size(), 10'000u);
  EXPECT_EQ(sample.reference[1], 6u);
  EXPECT_EQ(sample.current, (std::vector<uint32_t>{5, 6, 7}));
}

}  // namespace
}  // namespace leeway
