#pragma once
// The loss of each row: what the explanations split and search. The mean of a side's losses is its metric.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace leeway::explain {

/// How a mean loss is called and shown.
struct LossMetric {
  std::string_view name;
  bool in_shares;  ///< 0 or 1 per row: a mean is a share of rows.
};

inline constexpr LossMetric error_rate{"error rate", true};
inline constexpr LossMetric log_loss{"log loss", false};
inline constexpr LossMetric brier_score{"Brier score", false};
inline constexpr LossMetric cost_per_row{"cost per row", false};
inline constexpr LossMetric mean_absolute_error{"mean absolute error", false};
inline constexpr LossMetric mean_score{"mean score", false};

/// Below, a row whose score or label is NaN has the loss NaN, which everything that takes losses leaves out and counts.
/// Labels are 0 or 1. All spans have one length.

/// 1 where (score ≥ threshold) differs from the label.
std::vector<double> misclassified(std::span<const double> scores, std::span<const double> labels, double threshold);
/// -ln of the probability given to the label, with probabilities clipped to [1e-15, 1 - 1e-15].
std::vector<double> log_losses(std::span<const double> probabilities, std::span<const double> labels);
/// (probability - label)²
std::vector<double> brier_losses(std::span<const double> probabilities, std::span<const double> labels);
/// What the decision (score ≥ threshold) costs.
struct Costs {
  double false_negative = 1, false_positive = 1, true_positive = 0, true_negative = 0;
};
std::vector<double> decision_costs(std::span<const double> scores, std::span<const double> labels, double threshold,
                                   const Costs& costs);
/// |prediction - label| of a regression.
std::vector<double> absolute_errors(std::span<const double> predictions, std::span<const double> labels);
/// 1 where the predicted class differs from the actual one; `unknown` marks a row without one of them.
inline constexpr uint32_t unknown_class = UINT32_MAX;
std::vector<double> misclassified(std::span<const uint32_t> predicted, std::span<const uint32_t> actual);

}  // namespace leeway::explain
