#include "findings/evidence/e_values.h"

#include <cmath>

namespace leeway::evidence {
namespace {

/// ln of the product of 1 + lambda (x - allowed), times the tempering.
double log_bets(std::span<const double> values, double allowed, double lambda, double tempering) {
  double sum = 0;
  for (const double x : values) sum += std::log1p(lambda * (x - allowed));
  return tempering * sum;
}

}  // namespace

size_t alternatives(double allowed) {
  size_t count = 0;
  for (const double effect : effects) count += allowed + effect < 1;
  return count;
}

void append_share(int64_t hits, int64_t rows, double allowed, double tempering, std::vector<double>& log_e) {
  const auto s = static_cast<double>(hits), f = static_cast<double>(rows - hits);
  for (const double effect : effects) {
    if (!(allowed + effect < 1)) break;
    log_e.push_back(tempering * (s * std::log1p(effect / allowed) + f * std::log1p(-effect / (1 - allowed))));
  }
}

void append_losses(std::span<const double> losses, double allowed, double tempering, std::vector<double>& log_e) {
  for (const double effect : effects) {
    if (!(allowed + effect < 1)) break;
    log_e.push_back(log_bets(losses, allowed, effect / (allowed * (1 - allowed)), tempering));
  }
}

void append_gaps(std::span<const double> differences, double allowed, double tempering, std::vector<double>& log_e) {
  double lambda = 1 / (1 + allowed);
  for (size_t k = 0; k < gap_alternatives; ++k) {
    lambda /= 2;
    log_e.push_back(log_bets(differences, allowed, lambda, tempering));
  }
}

}  // namespace leeway::evidence
