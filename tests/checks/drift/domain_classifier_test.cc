// The classifier two-sample test: what it tells apart, that nothing leaks, how often its bounds err.
#include "checks/drift/domain_classifier.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/random.h"
#include "quadratic_learner.h"
#include "stats/auc.h"

namespace leeway::drift {
namespace {

using Table = std::vector<float>;

struct Sides {
  size_t features;
  Table reference, current;

  stats::TwoSamples samples() const {
    return {{reference, reference.size() / features, features}, {current, current.size() / features, features}};
  }
  Measurement measure(const stats::Learner& learner, uint64_t seed = 1) const {
    std::vector<std::string> names;
    for (size_t j = 0; j < features; ++j) names.push_back("x" + std::to_string(j));
    const auto both = samples();
    return measure_domain_classifier(learner,
                                     {both, names, static_cast<int64_t>(both.reference.rows),
                                      static_cast<int64_t>(both.current.rows)},
                                     {seed, true});
  }
};

Table normals(Random& random, size_t rows, size_t features, double correlation = 0, double shift = 0) {
  Table out;
  for (size_t i = 0; i < rows; ++i) {
    std::vector<double> x(features);
    for (auto& v : x) v = random.normal();
    if (features > 1) x[1] = correlation * x[0] + std::sqrt(1 - correlation * correlation) * x[1];
    x[0] += shift;
    out.insert(out.end(), x.begin(), x.end());
  }
  return out;
}

/// Remembers every row it was trained on, and knows nothing else.
class Memory : public stats::Learner {
  struct Fitted : stats::FittedLearner {
    std::map<std::vector<float>, std::pair<double, double>> seen;
    static std::vector<float> key(const stats::FeatureRows& rows, size_t i) {
      const auto row = rows.values.subspan(i * rows.features, rows.features);
      return {row.begin(), row.end()};
    }
    Result<std::vector<double>> score(const stats::FeatureRows& rows) const override {
      std::vector<double> out;
      for (size_t i = 0; i < rows.rows; ++i) {
        const auto at = seen.find(key(rows, i));
        out.push_back(at == seen.end() ? 0.5 : at->second.first / at->second.second);
      }
      return out;
    }
    std::vector<double> importance() const override { return {1}; }
  };

 public:
  Result<std::unique_ptr<stats::FittedLearner>> fit(Task, const stats::FeatureRows& rows,
                                                    std::span<const double> target, std::span<const double> weights,
                                                    uint64_t) const override {
    auto out = std::make_unique<Fitted>();
    for (size_t i = 0; i < rows.rows; ++i) {
      auto& [current, all] = out->seen[Fitted::key(rows, i)];
      current += weights[i] * target[i];
      all += weights[i];
    }
    return out;
  }
};

/// Cannot be trained.
class Broken : public stats::Learner {
 public:
  Result<std::unique_ptr<stats::FittedLearner>> fit(Task, const stats::FeatureRows&, std::span<const double>,
                                                    std::span<const double>, uint64_t) const override {
    return fail(Code::internal, "out of luck");
  }
};

TEST(DomainClassifier, names_the_combination_that_no_column_shows) {
  Random random(1);
  const Sides sides{5, normals(random, 2000, 5), normals(random, 2000, 5, 0.5)};
  const auto m = sides.measure(stats::QuadraticLearner());
  EXPECT_GT(m.value.lower, 0.55);
  EXPECT_LT(*m.p_value, 1e-10);
  EXPECT_GT(*m.detail("importance of x0") + *m.detail("importance of x1"), 0.9);
  EXPECT_NE(m.note.find("told apart by x"), std::string::npos) << m.note;
  EXPECT_NE(m.note.find("of the rows must have changed"), std::string::npos) << m.note;
  EXPECT_LE(*m.detail("changed_share"), m.value.value);
}

// Normal samples a distance d apart: the best AUC is Φ(d/√2), so .638 at d = .5 (statistics page) and the share that
// must have changed is at most their total variation, 2 Φ(d/2) - 1.
TEST(DomainClassifier, recovers_the_best_auc_and_bounds_the_share_that_changed) {
  Random random(2);
  const Sides sides{3, normals(random, 10'000, 3), normals(random, 10'000, 3, 0, 0.5)};
  const auto m = sides.measure(stats::QuadraticLearner());
  EXPECT_NEAR(m.value.value, 0.638, 0.012);
  EXPECT_LT(m.value.lower, 0.638);
  EXPECT_GT(m.value.upper, 0.638);
  EXPECT_GT(*m.detail("changed_share"), 0.1);
  EXPECT_LT(*m.detail("changed_share"), std::erf(0.25 / std::sqrt(2)));
  EXPECT_NEAR(*m.detail("changed_share"), 1 - std::sqrt(2 * (1 - m.value.lower)), 1e-12);
}

// A table copied several times over, or rows that stand on both sides, would be told apart (or together) by memory.
TEST(DomainClassifier, copies_give_nothing_away) {
  Random random(3);
  const Table a = normals(random, 300, 4), b = normals(random, 300, 4);
  Sides repeated{4, {}, {}};
  for (int copy = 0; copy < 5; ++copy) {
    repeated.reference.insert(repeated.reference.end(), a.begin(), a.end());
    repeated.current.insert(repeated.current.end(), b.begin(), b.end());
  }
  EXPECT_EQ(repeated.measure(Memory()).value.value, 0.5);
  const Sides same{4, a, a};
  EXPECT_EQ(same.measure(Memory()).value.value, 0.5);
}

TEST(DomainClassifier, values_shared_by_nature_are_learnt) {
  Sides sides{1, {}, {}};
  for (int i = 0; i < 400; ++i) {
    sides.reference.push_back(static_cast<float>(i % 2));
    sides.current.push_back(static_cast<float>(i % 4 == 0));
  }
  // P(1) = 1/2 against 1/4: the best AUC is 1/2 + 1/8.
  EXPECT_NEAR(sides.measure(Memory()).value.value, 0.625, 1e-3);
}

TEST(DomainClassifier, halves_have_as_many_rows_of_each_side) {
  Random random(4);
  const Sides sides{2, normals(random, 501, 2), normals(random, 77, 2)};
  const auto halves = stats::deal_halves(sides.samples(), 9);
  const auto ones = [](const std::vector<uint8_t>& half) { return std::count(half.begin(), half.end(), 1); };
  EXPECT_NEAR(static_cast<double>(ones(halves.reference)), 250.5, 1.5);
  EXPECT_NEAR(static_cast<double>(ones(halves.current)), 38.5, 1.5);
  const auto again = stats::deal_halves(sides.samples(), 9), other = stats::deal_halves(sides.samples(), 10);
  EXPECT_EQ(halves.reference, again.reference);
  EXPECT_NE(halves.reference, other.reference);
}

TEST(DomainClassifier, degenerate_sides_have_a_reason) {
  Random random(5);
  const stats::QuadraticLearner learner;
  const Sides few{2, normals(random, 500, 2), normals(random, 19, 2)};
  EXPECT_EQ(few.measure(learner).not_computable, "a side has fewer than 20 rows");
  const Sides empty{2, normals(random, 500, 2), {}};
  EXPECT_FALSE(empty.measure(learner).computed());
  const Sides enough{2, normals(random, 50, 2), normals(random, 50, 2)};
  EXPECT_EQ(enough.measure(Broken()).not_computable, "the classifier could not be trained: out of luck");
  const Sides constant{1, Table(50, 1.0f), Table(50, 1.0f)};
  EXPECT_EQ(constant.measure(Memory()).value.value, 0.5);
  const Sides disjoint{1, Table(50, 1.0f), Table(50, 2.0f)};
  const auto apart = disjoint.measure(Memory());
  EXPECT_EQ(apart.value.value, 1);
  EXPECT_GT(apart.value.lower, 0.85);
  EXPECT_LT(apart.value.lower, 1);
  const Sides missing{1, Table(50, std::nanf("")), Table(50, std::nanf(""))};
  EXPECT_EQ(missing.measure(Memory()).value.value, 0.5);
}

// Nothing moved: the lower bound and the p-value err at most as stated (plus three standard errors), also with sides of
// unequal sizes. A relevant movement: both bounds hold the best AUC of the law, to which the learner comes near.
TEST(DomainClassifier, sizes_and_bounds) {
  constexpr int runs = 120;
  Random random(6);
  const stats::QuadraticLearner learner;
  int beyond = 0, rejected = 0, low = 0, high = 0;
  for (int run = 0; run < runs; ++run) {
    const Sides null{4, normals(random, 600, 4), normals(random, 300, 4)};
    const auto m = null.measure(learner, static_cast<uint64_t>(run));
    beyond += m.value.lower > 0.5;
    rejected += *m.p_value < 0.05;
    const Sides moved{4, normals(random, 600, 4), normals(random, 600, 4, 0, 0.8)};
    const auto seen = moved.measure(learner, static_cast<uint64_t>(run));
    low += seen.value.lower > 0.7142;
    high += seen.value.upper < 0.70;
  }
  const double most = runs * .05 + 3 * std::sqrt(runs * .05 * .95);
  EXPECT_LE(beyond, most);
  EXPECT_LE(rejected, most);
  EXPECT_LE(low, most);
  EXPECT_LE(high, most);
}

}  // namespace
}  // namespace leeway::drift
