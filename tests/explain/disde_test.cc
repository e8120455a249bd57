// Level 1 of the explanations: exact sums, the published scenarios, and intervals that hold.
#include "explain/disde.h"

#include <cmath>

#include <gtest/gtest.h>

#include "explain/causes.h"
#include "quadratic_learner.h"

namespace leeway::explain {
namespace {

using simulate::Scenario;

struct Made {
  std::vector<float> values;
  std::vector<double> loss;
  size_t features;

  CaseRows rows() const { return {{values, loss.size(), features}, loss}; }
};

CaseDecomposition decompose(Scenario scenario, uint64_t seed, const CaseOptions& options, size_t rows = 3000) {
  return decompose_scenario(scenario, stats::QuadraticLearner(), rows, seed, options);
}

TEST(Disde, TermsSumToTheTotal) {
  for (const auto& record : simulate::scenarios()) {
    const auto split = decompose(record.scenario, 5, {.splits = 2, .refits = 2}, 1000);
    EXPECT_NEAR(split.familiar.value + split.response.value + split.new_cases.value, split.total.value, 1e-12);
    EXPECT_NEAR(split.current.value - split.reference.value, split.total.value, 1e-12);
    EXPECT_GT(split.shared_reference_rows, 0);
    EXPECT_LE(split.shared_reference_rows, 1000);
  }
}

// By hand: with scores of 1/2 everywhere the shared part is each side itself, so all of the change is response.
class Constant : public stats::Learner {
  struct Fitted : stats::FittedLearner {
    Result<std::vector<double>> score(const stats::FeatureRows& rows) const override {
      return std::vector<double>(rows.rows, 0.5);
    }
    std::vector<double> importance() const override { return {0}; }
  };

 public:
  Result<std::unique_ptr<stats::FittedLearner>> fit(Task, const stats::FeatureRows&, std::span<const double>,
                                                    std::span<const double>, uint64_t) const override {
    return std::make_unique<Fitted>();
  }
};

TEST(Disde, WhereNothingTellsTheSidesApartAllIsResponse) {
  Made before{{}, {}, 1}, now{{}, {}, 1};
  for (int i = 0; i < 200; ++i) {
    before.values.push_back(static_cast<float>(i));
    before.loss.push_back(i % 4 == 0);
    now.values.push_back(static_cast<float>(i) + 0.5f);
    now.loss.push_back(i % 2 == 0);
  }
  const auto split = decompose_by_cases(error_rate, Constant(), before.rows(), now.rows()).value();
  EXPECT_NEAR(split.familiar.value, 0, 1e-12);
  EXPECT_NEAR(split.response.value, 0.25, 1e-12);
  EXPECT_NEAR(split.new_cases.value, 0, 1e-12);
  EXPECT_NEAR(split.shared_current_rows, 200, 1e-9);
}

TEST(Disde, TheSameArgumentsGiveTheSameNumbersOnAnyNumberOfThreads) {
  const CaseOptions one{.splits = 2, .refits = 4, .seed = 7, .threads = 1},
      many{.splits = 2, .refits = 4, .seed = 7, .threads = 4};
  const auto a = decompose(Scenario::covariate, 3, one, 500), b = decompose(Scenario::covariate, 3, many, 500);
  EXPECT_EQ(a.familiar, b.familiar);
  EXPECT_EQ(a.response, b.response);
  EXPECT_EQ(a.sentence, b.sentence);
}

TEST(Disde, DegenerateInputHasAReason) {
  Made few{std::vector<float>(99), std::vector<double>(99), 1},
      enough{std::vector<float>(100), std::vector<double>(100), 1};
  const stats::QuadraticLearner learner;
  const auto run = [&](const Made& a, const Made& b) {
    return decompose_by_cases(error_rate, learner, a.rows(), b.rows());
  };
  EXPECT_EQ(run(few, enough).error().message, "a side has fewer than 100 rows with a known outcome");
  Made unknown = enough;
  unknown.loss[0] = std::nan("");
  EXPECT_FALSE(run(enough, unknown));
  Made wide{std::vector<float>(200), std::vector<double>(100), 2};
  EXPECT_EQ(run(enough, wide).error().code, Code::invalid_argument);
  // A loss that nobody makes, of rows that are all alike: nothing moved, and no interval is wider than nothing.
  const auto nothing = run(enough, enough).value();
  EXPECT_EQ(nothing.total.value, 0);
  EXPECT_EQ(nothing.response, (Estimate{0, 0, 0, 0}));
  EXPECT_EQ(nothing.sentence,
            "By the features themselves, 0.0 points (95 % interval 0.0 to 0.0) has no part that is not within chance.");
}

TEST(Disde, TheSentenceNamesTheLargestPartFirst) {
  const auto split = decompose(Scenario::concept_region, 11, {});
  EXPECT_TRUE(split.sentence.find("come from rows that turn out differently though their features are the same") <
              split.sentence.find("familiar cases"))
      << split.sentence;
  const auto moved = decompose(Scenario::covariate, 11, {});
  EXPECT_LT(moved.sentence.find("another mix of familiar cases"), moved.sentence.find("turn out differently"))
      << moved.sentence;
}

// The acceptance with a learner that knows these laws; with the product's own learner it is in tests/models.
TEST(Disde, TheTermsAreRightAndTheirIntervalsHold) {
  const stats::QuadraticLearner learner;
  const CauseRun how{.rows = 2000, .seeds = acceptance_seeds(3), .options = {.splits = 3, .refits = 12}};
  int covered = 0, terms = 0, zero_covered = 0, zeros = 0, right_first = 0, large = 0;
  for (const auto& record : simulate::scenarios()) {
    SCOPED_TRACE(record.name);
    const auto run = run_scenario(record.scenario, learner, how);
    if (how.seeds > 3) print(run);
    EXPECT_LE(run.worst_sum, 1e-12);
    for (int t = 0; t < 4; ++t) {
      const auto& term = run.terms[t];
      const double noise = 3 * std::max(run.total_se, term.se.mean()) / std::sqrt(static_cast<double>(run.runs));
      EXPECT_NEAR(term.value.mean(), term.truth, 0.25 * run.total_se + 0.002 + noise) << t;
      covered += term.covered, terms += run.runs;
      if (is_zero(record, t)) zero_covered += term.covered_zero, zeros += run.runs;
    }
    right_first += run.right_first, large += run.large;
  }
  EXPECT_GE(covered, 0.90 * terms);
  EXPECT_GE(zero_covered, 0.93 * zeros);
  EXPECT_GE(right_first, 0.95 * large);
}

}  // namespace
}  // namespace leeway::explain
