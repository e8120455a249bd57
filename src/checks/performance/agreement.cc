#include "checks/performance/agreement.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stats/distributions.h"

namespace leeway::performance {
namespace {

/// Shares of the classes among labels and predictions.
struct Margins {
  explicit Margins(const ConfusionMatrix& m) : rows(static_cast<double>(m.rows())) {
    for (size_t k = 0; k < m.classes(); ++k) {
      actual.push_back(static_cast<double>(m.actual(k)) / rows);
      predicted.push_back(static_cast<double>(m.predicted(k)) / rows);
      agreement += static_cast<double>(m.cell(k, k)) / rows;
      by_chance += actual.back() * predicted.back();
    }
  }
  double rows;
  std::vector<double> actual, predicted;
  double agreement = 0, by_chance = 0;
};

/// At perfect agreement (or its contrary) there is no variance to go by: as many further errors as Wilson's interval
/// for none in these rows allows, on the scale of agreement beyond chance.
stats::Interval around_certainty(double value, const Margins& m) {
  const double z = stats::normal_quantile(stats::bound_confidence);
  const double half = z * z / (m.rows + z * z) / (1 - m.by_chance);
  return {std::max(-1.0, value - half), std::min(1.0, value + half)};
}

}  // namespace

int64_t ConfusionMatrix::rows() const { return std::accumulate(cells_.begin(), cells_.end(), int64_t{0}); }

int64_t ConfusionMatrix::correct() const {
  int64_t sum = 0;
  for (size_t k = 0; k < classes_; ++k) sum += cell(k, k);
  return sum;
}

int64_t ConfusionMatrix::actual(size_t label) const {
  int64_t sum = 0;
  for (size_t k = 0; k < classes_; ++k) sum += cell(label, k);
  return sum;
}

int64_t ConfusionMatrix::predicted(size_t label) const {
  int64_t sum = 0;
  for (size_t k = 0; k < classes_; ++k) sum += cell(k, label);
  return sum;
}

double delta_error(const ConfusionMatrix& matrix, std::span<const double> gradient) {
  double variance = 0;
  for (size_t i = 0; i < gradient.size(); ++i)
    variance += static_cast<double>(matrix.cells()[i]) * gradient[i] * gradient[i];
  return std::sqrt(variance);
}

Level cohen_kappa_level(const ConfusionMatrix& matrix) {
  const Margins m(matrix);
  if (m.by_chance >= 1) return Level::failed("undefined (labels and predictions are all of one class)");
  const double kappa = (m.agreement - m.by_chance) / (1 - m.by_chance);
  std::vector<double> gradient;
  for (size_t i = 0; i < matrix.classes(); ++i)
    for (size_t j = 0; j < matrix.classes(); ++j) {
      // d/dn of agreement and of chance agreement, times the number of rows.
      const double agree = (i == j ? 1 : 0) - m.agreement;
      const double chance = m.actual[j] + m.predicted[i] - 2 * m.by_chance;
      gradient.push_back((agree - chance * (1 - kappa)) / (1 - m.by_chance) / m.rows);
    }
  const double se = delta_error(matrix, gradient);
  if (!(se > 0)) return Level::of(kappa, around_certainty(kappa, m), se);
  const double half = stats::normal_quantile(stats::bound_confidence) * se;
  return Level::of(kappa, {std::max(-1.0, kappa - half), std::min(1.0, kappa + half)}, se);
}

Level mcc_level(const ConfusionMatrix& matrix) {
  const Margins m(matrix);
  double y = 1, z = 1;
  for (size_t k = 0; k < matrix.classes(); ++k) {
    y -= m.predicted[k] * m.predicted[k];
    z -= m.actual[k] * m.actual[k];
  }
  const auto of_one_class = [&](auto count) {
    for (size_t k = 0; k < matrix.classes(); ++k)
      if (count(k) == matrix.rows()) return true;
    return false;
  };
  if (of_one_class([&](size_t k) { return matrix.predicted(k); }))
    return Level::failed("undefined (the predicted class is always the same)");
  if (of_one_class([&](size_t k) { return matrix.actual(k); }))
    return Level::failed("undefined (the labels are all of one class)");
  const double mcc = std::clamp((m.agreement - m.by_chance) / std::sqrt(y * z), -1.0, 1.0);
  std::vector<double> gradient;
  for (size_t i = 0; i < matrix.classes(); ++i)
    for (size_t j = 0; j < matrix.classes(); ++j) {
      const double x = (i == j ? 1 : 0) + m.agreement - m.actual[j] - m.predicted[i];
      const double slope = x / std::sqrt(y * z) - mcc * ((1 - m.predicted[j]) / y + (1 - m.actual[i]) / z);
      gradient.push_back(slope / m.rows);
    }
  const double se = delta_error(matrix, gradient);
  if (!(se > 0) || std::fabs(mcc) >= 1) return Level::of(mcc, around_certainty(mcc, m), se);
  const double half = stats::normal_quantile(stats::bound_confidence) * se / (1 - mcc * mcc);
  return Level::of(mcc, {std::tanh(std::atanh(mcc) - half), std::tanh(std::atanh(mcc) + half)}, se);
}

}  // namespace leeway::performance
