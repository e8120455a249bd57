#include "simulate/scenarios.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/portable_math.h"
#include "base/random.h"

namespace leeway::simulate {
namespace {

using portable::logistic;

constexpr ScenarioInfo infos[] = {
    {Scenario::none, "none", "", "", false, false},
    {Scenario::covariate, "covariate", "x1", "", true, false},
    {Scenario::concept_region, "concept_region", "", "channel = web and x3 > 0.3", false, true},
    {Scenario::covariate_and_concept, "covariate_and_concept", "x1", "channel = web and x3 > 0.3", true, true},
    {Scenario::irrelevant, "irrelevant", "x6", "", true, false},
    {Scenario::label_noise, "label_noise", "", "channel = partner", false, true},
    {Scenario::unit_change, "unit_change", "x2", "", true, true},
    {Scenario::missing_surge, "missing_surge", "x1", "", true, false},
    {Scenario::prior_shift, "prior_shift", "", "", true, true},
};

constexpr double intercept = -2.4;
constexpr std::array<double, 6> slope = {1.8, 1.3, -1.1, 0.8, -0.6, 0.0};
constexpr std::array<std::string_view, 4> channels = {"branch", "web", "app", "partner"};
constexpr std::array<double, 4> channel_share = {0.4, 0.3, 0.2, 0.1};
constexpr std::array<double, 4> channel_effect = {0.0, 0.4, -0.4, 0.8};
constexpr size_t web = 1, partner = 3;

constexpr double x1_shift = 0.8, x6_shift = 2.5, unit_factor = 100, region_effect = 3, flip_rate = 0.35;
constexpr double reference_missing = 0.02, current_missing = 0.35, kept_negatives = 0.5;

/// E logistic(mean + sd Z), Z standard normal: the trapezoidal rule, whose error here is below 1e-9 (poles at π/sd).
double mean_logistic(double mean, double sd) {
  const double step = std::min(0.5, 0.9 / sd);
  double sum = 0, mass = 0;
  for (double t = -8; t <= 8; t += step) {
    const double weight = portable::exp(-t * t / 2);
    sum += weight * logistic(mean + sd * t);
    mass += weight;
  }
  return sum / mass;
}

double reference_prior() {
  const double x4 = slope[3] + 0.6 * slope[4], e5 = 0.8 * slope[4];
  const double sd = std::sqrt(slope[0] * slope[0] + slope[1] * slope[1] + slope[2] * slope[2] + x4 * x4 + e5 * e5);
  double prior = 0;
  for (size_t c = 0; c < channels.size(); ++c)
    prior += channel_share[c] * mean_logistic(intercept + channel_effect[c], sd);
  return prior;
}

/// log N(x; mean, sd) - log N(x; 0, 1)
double log_normal_ratio(double x, double mean, double sd) {
  const double z = (x - mean) / sd;
  return (x * x - z * z) / 2 - portable::log(sd);
}

struct Row {
  std::array<double, 6> x;
  bool x1_missing = false;
  size_t channel = 0;
};

/// The two laws of one scenario. Inputs are those recorded: what the model and any explanation can see.
class Laws {
 public:
  explicit Laws(Scenario scenario) : scenario_(scenario), prior_(reference_prior()) {}

  bool is(Scenario scenario) const { return scenario_ == scenario; }
  bool shifts_x1() const { return is(Scenario::covariate) || is(Scenario::covariate_and_concept); }
  bool moves_region() const { return is(Scenario::concept_region) || is(Scenario::covariate_and_concept); }

  /// P(1 | row) = the score.
  double reference_probability(const Row& row) const {
    const double z = log_odds(row);
    return row.x1_missing ? mean_logistic(z, slope[0]) : logistic(z);
  }

  double current_probability(const Row& row) const {
    const double p = reference_probability(row);
    if (moves_region() && row.channel == web && row.x[2] > 0.3)
      return row.x1_missing ? mean_logistic(log_odds(row) + region_effect, slope[0])
                            : logistic(log_odds(row) + region_effect);
    if (is(Scenario::label_noise) && row.channel == partner) return p + flip_rate * (1 - 2 * p);
    if (is(Scenario::prior_shift)) return p / (p + kept_negatives * (1 - p));
    if (is(Scenario::unit_change)) {
      Row meant = row;
      meant.x[1] /= unit_factor;
      return reference_probability(meant);
    }
    return p;
  }

  double log_ratio(const Row& row) const {
    switch (scenario_) {
      case Scenario::covariate:
      case Scenario::covariate_and_concept: return row.x1_missing ? 0 : log_normal_ratio(row.x[0], x1_shift, 1);
      case Scenario::irrelevant: return log_normal_ratio(row.x[5], x6_shift, 1);
      case Scenario::unit_change: return log_normal_ratio(row.x[1], 0, unit_factor);
      case Scenario::missing_surge:
        return row.x1_missing ? portable::log(current_missing / reference_missing)
                              : portable::log((1 - current_missing) / (1 - reference_missing));
      case Scenario::prior_shift: {
        const double p = reference_probability(row);
        return portable::log((p + kept_negatives * (1 - p)) / (prior_ + kept_negatives * (1 - prior_)));
      }
      default: return 0;
    }
  }

  Row draw(bool current, Random& random) const {
    for (;;) {
      const Row row = draw_once(current, random);
      if (!current || !is(Scenario::prior_shift)) return row;
      // Rejection: q(row) is proportional to p(row) (p1 + kept (1 - p1)).
      const double p = reference_probability(row);
      if (random.uniform() < p + kept_negatives * (1 - p)) return row;
    }
  }

 private:
  static double log_odds(const Row& row) {
    double z = intercept + channel_effect[row.channel];
    for (size_t j = row.x1_missing ? 1 : 0; j < slope.size(); ++j) z += slope[j] * row.x[j];
    return z;
  }

  Row draw_once(bool current, Random& random) const {
    Row row;
    for (auto& x : row.x) x = random.normal();
    row.x[4] = 0.6 * row.x[3] + 0.8 * row.x[4];
    double u = random.uniform();
    while (row.channel + 1 < channels.size() && u >= channel_share[row.channel]) u -= channel_share[row.channel++];
    if (is(Scenario::missing_surge)) row.x1_missing = random.chance(current ? current_missing : reference_missing);
    if (!current) return row;
    if (shifts_x1()) row.x[0] += x1_shift;
    if (is(Scenario::irrelevant)) row.x[5] += x6_shift;
    if (is(Scenario::unit_change)) row.x[1] *= unit_factor;
    return row;
  }

  Scenario scenario_;
  double prior_;
};

ScenarioTable draw_table(const Laws& laws, bool current, size_t rows, Random random) {
  std::array<std::vector<double>, 6> x;
  std::vector<uint32_t> channel;
  std::vector<double> score;
  std::vector<int64_t> label;
  Validity x1_valid(rows);
  ScenarioTable table;
  for (size_t i = 0; i < rows; ++i) {
    const Row row = laws.draw(current, random);
    for (size_t j = 0; j < x.size(); ++j) x[j].push_back(row.x[j]);
    x1_valid.set(i, !row.x1_missing);
    channel.push_back(static_cast<uint32_t>(row.channel));
    table.reference_probability.push_back(laws.reference_probability(row));
    table.current_probability.push_back(laws.current_probability(row));
    table.log_ratio.push_back(laws.log_ratio(row));
    score.push_back(table.reference_probability.back());
    label.push_back(random.chance(current ? table.current_probability.back() : score.back()));
  }
  for (size_t j = 0; j < x.size(); ++j)
    table.features.push_back(
        Column::of_reals("x" + std::to_string(j + 1), std::move(x[j]), j == 0 ? x1_valid : Validity()));
  table.features.push_back(
      Column::of_codes("channel", std::move(channel), std::vector<std::string>(channels.begin(), channels.end())));
  table.score = Column::of_reals("score", std::move(score));
  table.label = Column::of_integers("label", Type::integer, std::move(label));
  return table;
}

/// A weighted mean with the standard error of its ratio.
struct WeightedMean {
  double w = 0, wv = 0, ww = 0, wwv = 0, wwvv = 0;
  void add(double weight, double value) {
    w += weight;
    wv += weight * value;
    ww += weight * weight;
    wwv += weight * weight * value;
    wwvv += weight * weight * value * value;
  }
  double mean() const { return wv / w; }
  double se() const { return std::sqrt(std::max(0.0, wwvv - 2 * mean() * wwv + mean() * mean() * ww)) / w; }
};

}  // namespace

std::span<const ScenarioInfo> scenarios() { return infos; }

const ScenarioInfo& info(Scenario scenario) {
  return *std::ranges::find(infos, scenario, &ScenarioInfo::scenario);
}

ScenarioPair make_scenario(Scenario scenario, size_t reference_rows, size_t current_rows, uint64_t seed) {
  const Laws laws(scenario);
  const Random random(seed);
  return {draw_table(laws, false, reference_rows, random.split(0)),
          draw_table(laws, true, current_rows, random.split(1))};
}

TrueChange true_change(Scenario scenario, const RowLoss& loss, size_t rows, uint64_t seed) {
  const Laws laws(scenario);
  const Random random(seed);
  WeightedMean p, q, q_as_p, response, shared_p, shared_response;
  for (const bool current : {false, true}) {
    Random stream = random.split(current);
    for (size_t i = 0; i < rows; ++i) {
      const Row row = laws.draw(current, stream);
      const double reference = laws.reference_probability(row);
      const double negative = loss(reference, 0), positive = loss(reference, 1);
      const double as_p = negative + reference * (positive - negative);
      const double as_q = negative + laws.current_probability(row) * (positive - negative);
      // dS/dP is proportional to q/(p+q) on P's rows and p/(p+q) on Q's; both sides estimate the same mean.
      const double window = logistic(laws.log_ratio(row)), weight = current ? 1 - window : window;
      shared_p.add(weight, as_p);
      shared_response.add(weight, as_q - as_p);
      if (!current) p.add(1, as_p);
      else q.add(1, as_q), q_as_p.add(1, as_p), response.add(1, as_q - as_p);
    }
  }
  TrueChange change;
  change.reference = p.mean();
  change.current = q.mean();
  change.total = change.current - change.reference;
  change.covariate = q_as_p.mean() - p.mean();
  change.response = response.mean();
  change.familiar = shared_p.mean() - p.mean();
  change.response_shared = shared_response.mean();
  change.new_cases = change.total - change.familiar - change.response_shared;
  change.se = std::hypot(std::max(p.se(), shared_p.se()), std::max(q.se(), shared_response.se()));
  return change;
}

}  // namespace leeway::simulate
