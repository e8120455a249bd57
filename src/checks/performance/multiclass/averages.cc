#include "checks/performance/multiclass/averages.h"

#include <cmath>

#include "base/text.h"
#include "checks/performance/bounded.h"
#include "stats/proportions.h"

namespace leeway::performance::multiclass {
namespace {

struct ClassValue {
  size_t label;
  double denominator;
  double value;
  double weight;   // in the average, before dividing by the sum of weights
};

double denominator_of(const ConfusionMatrix& m, const ClassQuotient& q, size_t label) {
  return q.predictions * static_cast<double>(m.predicted(label)) + q.labels * static_cast<double>(m.actual(label));
}

/// Adds weight · d(value)/d(count) for every cell.
void add_gradient(const ConfusionMatrix& m, const ClassQuotient& q, const ClassValue& c, double weight,
                  std::vector<double>& gradient) {
  const size_t k = m.classes();
  const double unit = weight / c.denominator;
  for (size_t other = 0; other < k; ++other) {
    gradient[other * k + c.label] -= unit * c.value * q.predictions;
    gradient[c.label * k + other] -= unit * c.value * q.labels;
  }
  gradient[c.label * k + c.label] += unit * q.hits;
}

Level average(const MulticlassSample& sample, const ClassQuotient& q, bool weighted) {
  const ConfusionMatrix& m = sample.confusion();
  std::vector<ClassValue> classes;
  std::vector<std::string> left_out;
  double total = 0;
  for (size_t label = 0; label < m.classes(); ++label) {
    const double denominator = denominator_of(m, q, label);
    const double weight = weighted ? static_cast<double>(m.actual(label)) : 1;
    if (denominator > 0) {
      classes.push_back({label, denominator, q.hits * static_cast<double>(m.cell(label, label)) / denominator, weight});
      total += weight;
    } else if (m.actual(label) > 0) {
      left_out.push_back("'" + printable(sample.classes()[label]) + "'");
    }
  }
  if (!(total > 0)) return Level::failed("undefined (no class has a denominator)");
  double value = 0;
  for (const ClassValue& c : classes) value += c.weight / total * c.value;
  std::vector<double> gradient(m.classes() * m.classes(), 0);
  for (const ClassValue& c : classes) {
    add_gradient(m, q, c, c.weight / total, gradient);
    if (!weighted) continue;
    for (size_t predicted = 0; predicted < m.classes(); ++predicted)   // the weights are counts too
      gradient[c.label * m.classes() + predicted] += (c.value - value) / total;
  }
  Level level = share_like(value, delta_error(m, gradient), static_cast<double>(sample.rows()));
  level.details = {{"classes", static_cast<double>(classes.size())}};
  if (!left_out.empty()) level.note = "never predicted and left out: " + join_words(left_out);
  return level;
}

/// Precision and recall are proportions; F1 = 2J/(1 + J) of one.
Level class_level(const ConfusionMatrix& m, const ClassQuotient& q, size_t label) {
  const int64_t hits = m.cell(label, label);
  if (q.hits == 1) {
    const bool precision = q.predictions > 0;
    return Level::of_proportion(hits, precision ? m.predicted(label) : m.actual(label),
                                precision ? "undefined (the class is never predicted)"
                                          : "undefined (no labelled row is of the class)");
  }
  const auto trials = static_cast<double>(m.actual(label) + m.predicted(label) - hits);
  if (trials == 0) return Level::failed("undefined (the class is neither labelled nor predicted)");
  const auto f1 = [](double j) { return 2 * j / (1 + j); };
  const double j = static_cast<double>(hits) / trials;
  const stats::Interval interval = stats::proportion_interval(static_cast<double>(hits), trials);
  return Level::of(f1(j), {f1(interval.lower), f1(interval.upper)},
                   2 / ((1 + j) * (1 + j)) * std::sqrt(j * (1 - j) / trials));
}

}  // namespace

Level macro_average(const MulticlassSample& sample, const ClassQuotient& q) { return average(sample, q, false); }
Level weighted_average(const MulticlassSample& sample, const ClassQuotient& q) { return average(sample, q, true); }

Level micro_average(const MulticlassSample& sample) {
  return Level::of_proportion(sample.confusion().correct(), sample.rows(), "no rows");
}

Levels per_class(const MulticlassSample& sample, const ClassQuotient& q) {
  Levels levels;
  for (size_t label = 0; label < sample.classes().size(); ++label) {
    levels.push_back(class_level(sample.confusion(), q, label));
    levels.back().slice = "class = " + sample.classes()[label];
    levels.back().details.push_back({"rows", static_cast<double>(sample.confusion().actual(label))});
  }
  return levels;
}

}  // namespace leeway::performance::multiclass
