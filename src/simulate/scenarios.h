#pragma once
// Pairs of tables whose laws are known, with one injected cause each, to score detectors and explanations against.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "columns/column.h"

namespace leeway::simulate {

enum class Scenario {
  none,             ///< Nothing moves.
  covariate,        ///< x1's mean moves by 0.8 sd; the world answers as before.
  concept_region,   ///< In "channel = web and x3 > 0.3" (11 % of rows) the log-odds of the label rise by 3.
  covariate_and_concept,
  irrelevant,       ///< x6, which neither label nor score depends on, moves by 2.5 sd.
  label_noise,      ///< In "channel = partner" (10 % of rows) 35 % of the labels are flipped.
  unit_change,      ///< x2 is recorded times 100; the world goes on as before.
  missing_surge,    ///< x1 is missing in 35 % of rows instead of 2 %, at random.
  prior_shift,      ///< Negatives are half as frequent; the inputs of each class stay as they were.
};

/// What was done to the current side, as the label that an explanation is scored against.
struct ScenarioInfo {
  Scenario scenario;
  std::string_view name;     ///< "concept_region"
  std::string_view column;   ///< The column that moved by itself: "x1"; empty if there is none.
  std::string_view segment;  ///< "channel = web and x3 > 0.3"; empty if the cause is not local.
  bool moves_inputs;         ///< Q(x) differs from P(x) in the inputs as recorded.
  bool moves_response;       ///< Q(y|x) differs from P(y|x) for the inputs as recorded.
};
std::span<const ScenarioInfo> scenarios();
const ScenarioInfo& info(Scenario scenario);

/// One side of a scenario. Under the reference law P the score is exactly calibrated: score = P(label = 1 | features).
///
/// Features: x1 … x6 (real, standard normal under P; x5 = 0.6 x4 + 0.8 e, the others independent) and channel (text:
/// branch .4, web .3, app .2, partner .1). The log-odds of the label are linear in x1 … x5 and channel; 23 % are
/// positive, and 13.7 % are misclassified at 0.5.
struct ScenarioTable {
  std::vector<Column> features;
  Column score = Column::of_reals("score", {});
  Column label = Column::of_integers("label", Type::integer, {});  ///< 0 or 1
  std::vector<double> reference_probability;  ///< P(label = 1 | row)
  std::vector<double> current_probability;    ///< Q(label = 1 | row)
  std::vector<double> log_ratio;              ///< log q(row) / p(row), of the inputs as recorded
};

struct ScenarioPair {
  ScenarioTable reference;
  ScenarioTable current;
};

/// Draws both sides. The same arguments give the same bytes on every machine. O(rows), about 0.3 µs a row.
ScenarioPair make_scenario(Scenario scenario, size_t reference_rows, size_t current_rows, uint64_t seed);

/// The true parts of the change of a mean loss: total = covariate + response = familiar + response_shared + new_cases
/// (the last three are DISDE's terms with S proportional to pq/(p+q): Cai, Namkoong & Yadlowsky, arXiv 2303.02011).
struct TrueChange {
  double reference = 0;         ///< E_P loss
  double current = 0;           ///< E_Q loss
  double total = 0;             ///< current - reference
  double covariate = 0;         ///< E over Q's inputs of the loss with P's response, minus E_P loss
  double response = 0;          ///< E over Q's inputs of (loss with Q's response - loss with P's response)
  double familiar = 0;          ///< T1 = E_S,P - E_P
  double response_shared = 0;   ///< T2 = E_S,Q - E_S,P
  double new_cases = 0;         ///< T3 = E_Q - E_S,Q
  double se = 0;                ///< Largest Monte Carlo standard error of the terms.
};

using RowLoss = std::function<double(double score, int label)>;

/// Monte Carlo over `rows` rows of each side; labels are integrated out, so that at 2e6 rows `se` is below 5e-4 for
/// losses bounded by 1. Deterministic. About 1 s for 2e6 rows.
TrueChange true_change(Scenario scenario, const RowLoss& loss, size_t rows, uint64_t seed);

}  // namespace leeway::simulate
