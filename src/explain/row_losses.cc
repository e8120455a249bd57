#include "explain/row_losses.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace leeway::explain {
namespace {

constexpr double unknown_loss = std::numeric_limits<double>::quiet_NaN();

template <class Loss>
std::vector<double> each(std::span<const double> scores, std::span<const double> labels, Loss loss) {
  assert(scores.size() == labels.size());
  std::vector<double> losses(scores.size());
  for (size_t row = 0; row < scores.size(); ++row)
    losses[row] = std::isnan(scores[row]) || std::isnan(labels[row]) ? unknown_loss : loss(scores[row], labels[row]);
  return losses;
}

}  // namespace

std::vector<double> misclassified(std::span<const double> scores, std::span<const double> labels, double threshold) {
  return each(scores, labels,
              [=](double score, double label) { return (score >= threshold) != (label == 1) ? 1.0 : 0.0; });
}

std::vector<double> log_losses(std::span<const double> probabilities, std::span<const double> labels) {
  return each(probabilities, labels, [](double p, double label) {
    constexpr double least = 1e-15;
    p = std::clamp(p, least, 1 - least);
    return label == 1 ? -std::log(p) : -std::log1p(-p);
  });
}

std::vector<double> brier_losses(std::span<const double> probabilities, std::span<const double> labels) {
  return each(probabilities, labels, [](double p, double label) { return (p - label) * (p - label); });
}

std::vector<double> decision_costs(std::span<const double> scores, std::span<const double> labels, double threshold,
                                   const Costs& costs) {
  return each(scores, labels, [&](double score, double label) {
    if (label == 1) return score >= threshold ? costs.true_positive : costs.false_negative;
    return score >= threshold ? costs.false_positive : costs.true_negative;
  });
}

std::vector<double> absolute_errors(std::span<const double> predictions, std::span<const double> labels) {
  return each(predictions, labels, [](double prediction, double label) { return std::fabs(prediction - label); });
}

std::vector<double> misclassified(std::span<const uint32_t> predicted, std::span<const uint32_t> actual) {
  assert(predicted.size() == actual.size());
  std::vector<double> losses(predicted.size(), unknown_loss);
  for (size_t row = 0; row < predicted.size(); ++row)
    if (predicted[row] != unknown_class && actual[row] != unknown_class)
      losses[row] = predicted[row] != actual[row] ? 1 : 0;
  return losses;
}

}  // namespace leeway::explain
