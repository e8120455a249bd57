#include "stats/anderson_darling.h"

#include <cmath>
#include <numbers>

#include "stats/distributions.h"
#include "stats/limit_laws.h"
#include "stats/ranked_pair.h"

namespace leeway::stats {

double anderson_darling_sd(int samples, int64_t total, double inverse_sizes) {
  // g = Σ_{i=1}^{N-2} Σ_{j=i+1}^{N-1} 1/((N-i) j), summed over r = N - i with the harmonic numbers below.
  double h = 0, g = 0;
  for (int64_t j = 1; j < total; ++j) h += 1 / static_cast<double>(j);
  double tail = 0;  // Σ_{j=N-r+1}^{N-1} 1/j
  for (int64_t r = 2; r < total; ++r) {
    tail += 1 / static_cast<double>(total - r + 1);
    g += tail / static_cast<double>(r);
  }
  const double k = samples, n = static_cast<double>(total), inverse = inverse_sizes;
  const double a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverse;
  const double b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
  const double c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverse + 4 * h;
  const double d = (2 * h + 6) * k * k - 4 * h * k;
  return std::sqrt((((a * n + b) * n + c) * n + d) / ((n - 1) * (n - 2) * (n - 3)));
}

AndersonDarlingTest anderson_darling_untied(double statistic, int64_t n, int64_t m) {
  const double sd = anderson_darling_sd(2, n + m, 1 / static_cast<double>(n) + 1 / static_cast<double>(m));
  const double limit_sd = std::sqrt(2 * (std::numbers::pi * std::numbers::pi - 9) / 3);
  const double standardised = (statistic - 1) / sd;
  return {standardised, anderson_darling_tail(1 + standardised * limit_sd)};
}

AndersonDarlingTest anderson_darling_test(const RankedPair& pair) {
  AndersonDarlingTest test = anderson_darling_untied(pair.anderson_darling, pair.n, pair.m);
  if (pair.ties()) test.p = quadratic_form_tail(pair.anderson_darling, pair.anderson_darling_kernel);
  return test;
}

}  // namespace leeway::stats
