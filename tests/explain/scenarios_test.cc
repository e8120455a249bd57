// The acceptance of the explanations: on pairs of tables with one injected, known cause each, the numbers are right and
// the cause is named. 20 seeds a scenario; the required shares are those of the statistics page.

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "explain/performance.h"
#include "simulate/scenarios.h"

namespace leeway::explain {
namespace {

using simulate::Scenario;
using simulate::ScenarioPair;
using simulate::ScenarioTable;

constexpr uint64_t seeds = 20;
constexpr size_t rows = 5000;

double error_loss(double score, int label) { return (score >= 0.5) != (label == 1) ? 1 : 0; }

struct Terms {
  double total = 0, mix = 0, behaviour = 0;
};

/// What Level 0 estimates: the same split with 50 cells, on many rows and with the labels integrated out.
Terms true_terms(Scenario scenario) {
  constexpr size_t many = 100'000, bins = 50;
  const auto pair = simulate::make_scenario(scenario, many, many, 77);
  std::vector<double> sorted(pair.reference.score.reals().begin(), pair.reference.score.reals().end());
  std::sort(sorted.begin(), sorted.end());
  double count[2][bins] = {}, loss[2][bins] = {};
  for (const int side : {0, 1}) {
    const ScenarioTable& table = side == 0 ? pair.reference : pair.current;
    const auto& probability = side == 0 ? table.reference_probability : table.current_probability;
    for (size_t row = 0; row < many; ++row) {
      const double score = table.score.reals()[row];
      const auto rank = std::upper_bound(sorted.begin(), sorted.end(), score) - sorted.begin();
      const size_t bin = std::min(bins - 1, static_cast<size_t>(rank) * bins / many);
      count[side][bin] += 1;
      loss[side][bin] += probability[row] * error_loss(score, 1) + (1 - probability[row]) * error_loss(score, 0);
    }
  }
  Terms terms;
  for (size_t bin = 0; bin < bins; ++bin) {
    const double p = count[0][bin] / many, q = count[1][bin] / many;
    const double a = loss[0][bin] / count[0][bin], b = q > 0 ? loss[1][bin] / count[1][bin] : a;
    terms.mix += (q - p) * (a + b) / 2;
    terms.behaviour += (p + q) / 2 * (b - a);
  }
  terms.total = terms.mix + terms.behaviour;
  return terms;
}

std::vector<double> labels_of(const ScenarioTable& table) {
  std::vector<double> labels;
  for (const int64_t label : table.label.integers()) labels.push_back(static_cast<double>(label));
  return labels;
}

struct Explained {
  ScenarioPair pair;
  std::vector<BinnedFeature> features;
  PerformanceExplanation found;
};

Explained explain_scenario(Scenario scenario, uint64_t seed) {
  Explained run{simulate::make_scenario(scenario, rows, rows, 1000 + seed), {}, {}};
  const auto& [reference, current] = run.pair;
  for (size_t f = 0; f < reference.features.size(); ++f)
    run.features.push_back(bin_feature(reference.features[f], current.features[f]).value());
  const auto before = misclassified(reference.score.reals(), labels_of(reference), 0.5);
  const auto now = misclassified(current.score.reals(), labels_of(current), 0.5);
  run.found = explain_performance(error_rate, {before, reference.score.reals()}, {now, current.score.reals()},
                                  run.features)
                  .value();
  return run;
}

/// The rows that the scenario changed: "channel = web and x3 > 0.3", "channel = partner".
std::vector<bool> injected_rows(Scenario scenario, const ScenarioTable& table) {
  std::vector<bool> in(rows);
  for (size_t row = 0; row < rows; ++row) {
    const std::string channel = table.features[6].text(row);
    in[row] = scenario == Scenario::label_noise ? channel == "partner"
                                                : channel == "web" && table.features[2].number(row) > 0.3;
  }
  return in;
}

/// Keeps of `in` the current rows of one predicate, found by its text.
void keep_rows(const std::vector<BinnedFeature>& features, const std::string& predicate, std::vector<bool>& in) {
  for (const auto& feature : features)
    for (size_t first = 0; first < feature.bins.size(); ++first)
      for (size_t last = first; last < std::max(first + 1, feature.intervals()); ++last) {
        if (predicate_text(feature, first, last) != predicate) continue;
        for (size_t row = 0; row < rows; ++row)
          in[row] = in[row] && feature.current[row] >= first && feature.current[row] <= last;
        return;
      }
  FAIL() << "no predicate reads: " << predicate;
}

/// True if the segment's rows are mostly the injected ones: Jaccard index at least a half.
bool is_injected(const Explained& run, const Segment& segment, const std::vector<bool>& injected) {
  std::vector<bool> in(rows, true);
  const auto cut = segment.text.find(" and ");
  keep_rows(run.features, segment.text.substr(0, cut), in);
  if (cut != std::string::npos) keep_rows(run.features, segment.text.substr(cut + 5), in);
  double both = 0, either = 0;
  for (size_t row = 0; row < rows; ++row) {
    both += in[row] && injected[row];
    either += in[row] || injected[row];
  }
  return both >= 0.5 * either;
}

bool contains(const Estimate& estimate, double value) { return estimate.lower <= value && value <= estimate.upper; }

/// Counts over all seeds of some scenarios.
struct Tally {
  int hits = 0, runs = 0;
  void add(bool hit) {
    hits += hit;
    ++runs;
  }
  double share() const { return static_cast<double>(hits) / runs; }
};

bool local(Scenario scenario) { return !simulate::info(scenario).segment.empty(); }

TEST(Scenarios, TheCauseIsFoundAndTheNumbersAreRight) {
  Tally covered, zero_covered, right_first, segment_found, no_segment;
  for (const auto& record : simulate::scenarios()) {
    SCOPED_TRACE(record.name);
    const Terms truth = true_terms(record.scenario);
    double mean[3] = {}, mean_se = 0;
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      const auto run = explain_scenario(record.scenario, seed);
      const auto& split = run.found.split;
      EXPECT_NEAR(split.mix.value + split.behaviour.value, split.total.value, 1e-12);
      EXPECT_NEAR(split.current.value - split.reference.value, split.total.value, 1e-12);

      const Estimate* terms[3] = {&split.total, &split.mix, &split.behaviour};
      const double true_values[3] = {truth.total, truth.mix, truth.behaviour};
      const bool no_mix = !record.moves_inputs || record.scenario == Scenario::irrelevant;
      const bool is_zero[3] = {no_mix && !record.moves_response, no_mix, !record.moves_response};
      for (int t = 0; t < 3; ++t) {
        mean[t] += terms[t]->value / seeds;
        covered.add(contains(*terms[t], true_values[t]));
        if (is_zero[t]) zero_covered.add(contains(*terms[t], 0));
      }
      mean_se += split.total.se / seeds;
      const bool one_cause = record.moves_inputs != record.moves_response;
      if (one_cause && std::fabs(split.total.value) > 4 * split.total.se)
        right_first.add((std::fabs(split.mix.value) > std::fabs(split.behaviour.value)) == record.moves_inputs);

      const auto& segments = run.found.segments.segments;
      if (local(record.scenario)) {
        const auto injected = injected_rows(record.scenario, run.pair.current);
        segment_found.add(std::ranges::any_of(segments, [&](const Segment& segment) {
          return segment.significant && is_injected(run, segment, injected);
        }));
      }
      if (!record.moves_response)
        no_segment.add(std::ranges::none_of(segments, [](const Segment& segment) { return segment.significant; }));
    }
    const double true_values[3] = {truth.total, truth.mix, truth.behaviour};
    for (int t = 0; t < 3; ++t) EXPECT_NEAR(mean[t], true_values[t], 0.25 * mean_se + 0.002) << t;
  }
  EXPECT_GE(covered.share(), 0.90);
  EXPECT_GE(zero_covered.share(), 0.93);
  EXPECT_GE(right_first.share(), 0.95);
  EXPECT_GE(right_first.runs, 40);
  EXPECT_GE(segment_found.share(), 0.95);
  EXPECT_GE(no_segment.share(), 0.95);  // nothing local went wrong: none, covariate, irrelevant, missing_surge
}

/// The column that moved is the one that explains the change of the mean score. (Values missing at random leave the
/// mean of a calibrated score where it is.)
TEST(Scenarios, TheColumnThatMovedExplainsTheScores) {
  for (const Scenario scenario : {Scenario::covariate, Scenario::covariate_and_concept, Scenario::unit_change}) {
    const auto& record = simulate::info(scenario);
    SCOPED_TRACE(record.name);
    const auto run = explain_scenario(scenario, 1);
    const auto shift = explain_prediction_shift(run.features, run.pair.reference.score.reals(),
                                                run.pair.current.score.reals())
                           .value();
    EXPECT_EQ(shift.features.front().column, record.column);
  }
}

}  // namespace
}  // namespace leeway::explain
