#pragma once
// The acceptance of Level 1 with any learner: over scenarios whose true terms are known, and seeds.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "explain/disde.h"
#include "simulate/scenarios.h"
#include "stats/means.h"

namespace leeway::explain {

/// Features of a scenario's rows as a learner takes them (categories by their code), and the errors at 0.5.
struct ScenarioCases {
  std::vector<float> values;
  std::vector<double> loss;
  size_t features = 0;

  explicit ScenarioCases(const simulate::ScenarioTable& table) : features(table.features.size()) {
    for (size_t row = 0; row < table.score.size(); ++row) {
      for (const auto& column : table.features)
        values.push_back(column.type() == Type::text ? static_cast<float>(column.codes()[row])
                                                     : static_cast<float>(column.number(row)));
      loss.push_back((table.score.reals()[row] >= 0.5) != (table.label.integers()[row] == 1));
    }
  }
  CaseRows rows() const { return {{values, loss.size(), features}, loss}; }
};

inline CaseDecomposition decompose_scenario(simulate::Scenario scenario, const stats::Learner& learner, size_t rows,
                                            uint64_t seed, CaseOptions options) {
  const auto pair = simulate::make_scenario(scenario, rows, rows, seed);
  const ScenarioCases before(pair.reference), now(pair.current);
  options.seed = seed;
  return decompose_by_cases(error_rate, learner, before.rows(), now.rows(), options).value();
}

/// What became of one term of one scenario over all seeds.
struct TermRecord {
  double truth = 0;
  stats::MeanVariance value, se;
  int covered = 0, covered_zero = 0;
};

struct ScenarioRecord {
  std::string_view name;
  TermRecord terms[4];  ///< total, familiar, response, new_cases
  double total_se = 0;
  int runs = 0, large = 0, right_first = 0;  ///< `large`: the total exceeds 4 standard errors, and one cause leads.
  double worst_sum = 0;
};

inline constexpr const char* term_names[] = {"total", "T1", "T2", "T3"};

struct CauseRun {
  size_t rows = 5000;
  uint64_t seeds = 3;
  size_t truth_rows = 200'000;
  CaseOptions options = {};
};

inline ScenarioRecord run_scenario(simulate::Scenario scenario, const stats::Learner& learner, const CauseRun& how) {
  const auto loss = [](double score, int label) { return (score >= 0.5) != (label == 1) ? 1.0 : 0.0; };
  const auto truth = simulate::true_change(scenario, loss, how.truth_rows, 99);
  ScenarioRecord out{.name = simulate::info(scenario).name};
  const double values[] = {truth.total, truth.familiar, truth.response_shared, truth.new_cases};
  for (int t = 0; t < 4; ++t) out.terms[t].truth = values[t];
  for (uint64_t seed = 0; seed < how.seeds; ++seed) {
    const uint64_t own_seed = 1000 * (static_cast<uint64_t>(scenario) + 1) + seed;
    const auto split = decompose_scenario(scenario, learner, how.rows, own_seed, how.options);
    const Estimate* terms[] = {&split.total, &split.familiar, &split.response, &split.new_cases};
    for (int t = 0; t < 4; ++t) {
      TermRecord& record = out.terms[t];
      record.value.add(terms[t]->value);
      record.se.add(terms[t]->se);
      record.covered += terms[t]->lower <= record.truth && record.truth <= terms[t]->upper;
      record.covered_zero += terms[t]->lower <= 0 && 0 <= terms[t]->upper;
    }
    out.total_se += split.total.se / static_cast<double>(how.seeds);
    const double inputs = split.familiar.value + split.new_cases.value;
    out.worst_sum = std::max(out.worst_sum, std::fabs(inputs + split.response.value - split.total.value));
    ++out.runs;
    const double true_inputs = std::fabs(truth.familiar + truth.new_cases),
                 true_response = std::fabs(truth.response_shared);
    const bool one_leads = std::max(true_inputs, true_response) > 1.5 * std::min(true_inputs, true_response);
    if (!one_leads || std::fabs(split.total.value) <= 4 * split.total.se) continue;
    ++out.large;
    const bool by_inputs = true_inputs > true_response;
    out.right_first += (std::fabs(inputs) > std::fabs(split.response.value)) == by_inputs;
  }
  return out;
}

/// A term that is none: of a scenario that moves no input, or no response.
inline bool is_zero(const simulate::ScenarioInfo& record, int term) {
  const bool no_mix = !record.moves_inputs || record.scenario == simulate::Scenario::irrelevant;
  if (term == 0) return no_mix && !record.moves_response;
  return term == 2 ? !record.moves_response : no_mix;
}

inline void print(const ScenarioRecord& r) {
  for (int t = 0; t < 4; ++t) {
    const auto& term = r.terms[t];
    std::printf("| %s | %s | %+.4f | %+.4f | %.4f | %.4f | %.2f |\n", std::string(r.name).c_str(), term_names[t],
                term.truth, term.value.mean(), std::sqrt(term.value.variance()), term.se.mean(),
                static_cast<double>(term.covered) / r.runs);
  }
  std::printf("| %s | right cause first | %d of %d | | | | |\n", std::string(r.name).c_str(), r.right_first, r.large);
  std::fflush(stdout);
}

/// Seeds to run: few, unless the environment asks for the full acceptance.
inline uint64_t acceptance_seeds(uint64_t few) {
  const char* asked = std::getenv("LEEWAY_ACCEPTANCE_SEEDS");
  return asked == nullptr ? few : std::strtoull(asked, nullptr, 10);
}

}  // namespace leeway::explain
