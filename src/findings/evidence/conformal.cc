#include "findings/evidence/conformal.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace leeway::evidence {

ConformalScores::ConformalScores(std::vector<double> calibration) : sorted_(std::move(calibration)) {
  std::sort(sorted_.begin(), sorted_.end());
}

double ConformalScores::p_value(double score, Random& random) const {
  const auto [first, last] = std::equal_range(sorted_.begin(), sorted_.end(), score);
  const auto stranger = static_cast<double>(sorted_.end() - last);
  const auto ties = static_cast<double>(last - first) + 1;
  return (stranger + random.uniform() * ties) / (static_cast<double>(sorted_.size()) + 1);
}

void ConformalScores::add(double score) {
  sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), score), score);
}

std::vector<double> log_e_of_p(double p_value) {
  const double log_p = std::log(std::max(p_value, std::numeric_limits<double>::min()));
  std::vector<double> log_e;
  for (const double kappa : kappas) log_e.push_back(std::log(kappa) + (kappa - 1) * log_p);
  return log_e;
}

}  // namespace leeway::evidence
