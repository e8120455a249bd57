#include "simulate/scenarios.h"

#include <cmath>
#include <gtest/gtest.h>

namespace leeway::simulate {
namespace {

double error_loss(double score, int label) { return (score >= 0.5) != (label == 1); }

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

TEST(Scenarios, EveryScenarioHasARecord) {
  EXPECT_EQ(scenarios().size(), 9u);
  for (const auto& record : scenarios()) EXPECT_EQ(&info(record.scenario), &record);
}

TEST(Scenarios, SameSeedSameRows) {
  const auto a = make_scenario(Scenario::covariate_and_concept, 500, 300, 7);
  const auto b = make_scenario(Scenario::covariate_and_concept, 500, 300, 7);
  const auto c = make_scenario(Scenario::covariate_and_concept, 500, 300, 8);
  EXPECT_TRUE(std::ranges::equal(a.current.score.reals(), b.current.score.reals()));
  EXPECT_TRUE(std::ranges::equal(a.current.label.integers(), b.current.label.integers()));
  EXPECT_FALSE(std::ranges::equal(a.current.score.reals(), c.current.score.reals()));
}

/// Each pair of laws must be coherent: q/p averages to 1 under P, p/q to 1 under Q, the score is calibrated on the
/// reference, and the labels of each side follow that side's probability (all within 5 standard errors).
TEST(Scenarios, LawsAreCoherent) {
  constexpr size_t n = 30'000;
  for (const auto& record : scenarios()) {
    SCOPED_TRACE(record.name);
    const auto pair = make_scenario(record.scenario, n, n, 11);
    std::vector<double> overlap_p, overlap_q, noise_p, noise_q;
    for (size_t i = 0; i < n; ++i) {
      // 2q/(p+q) and 2p/(p+q): bounded, so that their mean is well behaved, and both mean the same overlap.
      overlap_p.push_back(2 / (1 + std::exp(-pair.reference.log_ratio[i])));
      overlap_q.push_back(2 / (1 + std::exp(pair.current.log_ratio[i])));
      noise_p.push_back(static_cast<double>(pair.reference.label.integers()[i]) - pair.reference.score.reals()[i]);
      noise_q.push_back(static_cast<double>(pair.current.label.integers()[i]) - pair.current.current_probability[i]);
      ASSERT_EQ(pair.reference.score.reals()[i], pair.reference.reference_probability[i]);
    }
    const double tolerance = 5 / std::sqrt(n);
    EXPECT_NEAR(mean_of(overlap_p), mean_of(overlap_q), 1.5 * tolerance);
    EXPECT_NEAR(mean_of(noise_p), 0, 0.5 * tolerance);
    EXPECT_NEAR(mean_of(noise_q), 0, 0.5 * tolerance);
    bool ratio_moves = false, response_moves = false;
    for (size_t i = 0; i < n; ++i) {
      ratio_moves |= pair.reference.log_ratio[i] != 0;
      response_moves |= pair.current.reference_probability[i] != pair.current.current_probability[i];
    }
    EXPECT_EQ(ratio_moves, record.moves_inputs);
    EXPECT_EQ(response_moves, record.moves_response);
  }
}

/// The class-conditional inputs do not move under a prior shift: the mean of x1 among positives stays.
TEST(Scenarios, PriorShiftKeepsTheClasses) {
  constexpr size_t n = 100'000;
  const auto pair = make_scenario(Scenario::prior_shift, n, n, 3);
  const auto positives = [](const ScenarioTable& table) {
    std::vector<double> x1;
    for (size_t i = 0; i < n; ++i)
      if (table.label.integers()[i] == 1) x1.push_back(table.features[0].reals()[i]);
    return x1;
  };
  const auto before = positives(pair.reference), after = positives(pair.current);
  EXPECT_NEAR(mean_of(before), mean_of(after), 5 * std::sqrt(1.0 / before.size() + 1.0 / after.size()));
  // 0.23302 / (0.23302 + 0.5 · 0.76698) = 0.3780
  EXPECT_NEAR(static_cast<double>(before.size()) / n, 0.2330, 0.007);
  EXPECT_NEAR(static_cast<double>(after.size()) / n, 0.3780, 0.008);
}

/// Against an independent Monte Carlo in numpy (1e6 rows each, standard error 4e-4).
TEST(Scenarios, TrueChangeAgainstNumpy) {
  const struct {
    Scenario scenario;
    double covariate, response;
  } cases[] = {
      {Scenario::none, 0, 0},
      {Scenario::covariate, 0.0398, 0},
      {Scenario::concept_region, 0, 0.0330},
      {Scenario::label_noise, 0, 0.0237},
      {Scenario::unit_change, 0.0043 - 0.1372, 0.3900 - 0.0043},
      {Scenario::irrelevant, 0, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(info(c.scenario).name);
    const auto change = true_change(c.scenario, error_loss, 150'000, 5);
    EXPECT_NEAR(change.reference, 0.1372, 0.002);
    EXPECT_NEAR(change.covariate, c.covariate, 0.003);
    EXPECT_NEAR(change.response, c.response, 0.003);
    EXPECT_NEAR(change.total, change.covariate + change.response, 1e-12);
    EXPECT_NEAR(change.total, change.familiar + change.response_shared + change.new_cases, 1e-12);
    EXPECT_LT(change.se, 0.0025);
  }
}

TEST(Scenarios, MissingRatesAndSegmentSize) {
  constexpr size_t n = 50'000;
  const auto pair = make_scenario(Scenario::missing_surge, n, n, 2);
  EXPECT_NEAR(static_cast<double>(pair.reference.features[0].null_count()) / n, 0.02, 0.004);
  EXPECT_NEAR(static_cast<double>(pair.current.features[0].null_count()) / n, 0.35, 0.011);
  const auto region = make_scenario(Scenario::concept_region, 10, n, 2);
  size_t inside = 0;
  for (size_t i = 0; i < n; ++i)
    inside += region.current.features[6].text(i) == "web" && region.current.features[2].reals()[i] > 0.3;
  EXPECT_NEAR(static_cast<double>(inside) / n, 0.1146, 0.008);  // 0.3 · P(Z > 0.3)
}

}  // namespace
}  // namespace leeway::simulate
