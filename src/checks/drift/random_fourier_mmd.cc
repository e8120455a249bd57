// Maximum mean discrepancy with random Fourier features: any difference of the joint distribution.

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/drift/binned.h"
#include "checks/drift/joint.h"
#include "stats/distributions.h"
#include "stats/equivalence.h"

namespace leeway::drift {
namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// The discrepancy at one bandwidth.
struct Discrepancy {
  double squared;   ///< |mean difference|², which chance makes `noise` on average
  double noise;     ///< tr S (1/n + 1/m)
  double variance;  ///< of `squared` when nothing moved: 2 tr S² (1/n + 1/m)²
  double self;      ///< mean kernel between rows of the reference
  double width;     ///< l² d

  /// P(seen or more) when nothing moved, by the gamma law with that mean and variance.
  stats::PValue p() const { return stats::gamma_tail(squared, noise * noise / variance, variance / noise); }

  /// The length of the shift, in standard deviations, of independent normal columns that has this discrepancy.
  double shift(double discrepancy) const {
    const double left = 1 - std::max(0.0, discrepancy) / (2 * self);
    if (!(left > 0)) return stats::largest_shift;
    return std::min(stats::largest_shift, std::sqrt(-2 * (width + 2) * std::log(left)));
  }

  /// Bounds of the true squared discrepancy: `squared` less noise is normal about it with the null variance and that of
  /// the linear term, at most 4 λ |difference|² (1/n + 1/m), λ <= sqrt(tr S²) the largest eigenvalue of S.
  stats::Interval bounds(double error) const {
    const double seen = squared - noise;
    const double spread = std::sqrt(variance + 4 * std::sqrt(variance / 2) * std::max(0.0, seen));
    const double shape = noise * noise / variance;
    // Below, the quadratic part has the gamma law's longer tail.
    const double quadratic = stats::chi_square_quantile(1 - error, 2 * shape) / (2 * shape) * noise;
    const double linear = stats::normal_quantile(1 - error) * std::sqrt(std::max(0.0, spread * spread - variance));
    return {std::max(0.0, squared - quadratic - linear),
            std::max(0.0, seen + stats::normal_quantile(1 - error) * spread)};
  }
};

Discrepancy discrepancy(const RandomFourier& reference, const RandomFourier& current, size_t b) {
  const auto before = reference.mean(b), after = current.mean(b);
  std::vector<double> difference(before.size());
  for (size_t i = 0; i < before.size(); ++i) difference[i] = after[i] - before[i];
  const RandomFourier::Spread spread = reference.spread(b);
  const double m = static_cast<double>(reference.rows());
  const double inverse_sizes = 1 / m + 1 / static_cast<double>(current.rows()), l = RandomFourier::bandwidths[b];
  return {.squared = dot(difference, difference),
          .noise = spread.trace * inverse_sizes,
          .variance = 2 * spread.trace_of_square * inverse_sizes * inverse_sizes,
          .self = dot(before, before) - spread.trace / m,
          .width = l * l * static_cast<double>(reference.layout().entries.size())};
}

void measure_random_fourier(const JointSummary& reference, const JointSummary& current, bool p_value,
                            Measurement& out) {
  if (reference.fourier.rows() < 2) {
    out.not_computable = "the reference has a single row";
    return;
  }
  const auto& entries = current.moments.layout().entries;
  for (size_t j = 0; j < entries.size(); ++j) {
    if (current.moments.moment(j, j).n > 0 || reference.moments.moment(j, j).n == 0) continue;
    out.not_computable = fmt::format("the current data have no value of {}", printable(entries[j].column));
    return;
  }
  constexpr size_t looks = RandomFourier::bandwidths.size();
  double value = 0, lower = 0, upper = 0, log_p = 0, bandwidth = 0;
  for (size_t b = 0; b < looks; ++b) {
    const Discrepancy found = discrepancy(reference.fourier, current.fourier, b);
    if (!(found.variance > 0) || !(found.self > 0)) continue;
    const double log_of_this = found.p().log_p;
    const stats::Interval simultaneous = found.bounds(bound_error / looks), pointwise = found.bounds(bound_error);
    lower = std::max(lower, found.shift(simultaneous.lower));
    if (bandwidth == 0 || log_of_this < log_p) {
      log_p = log_of_this;
      bandwidth = RandomFourier::bandwidths[b];
      value = found.shift(found.squared - found.noise);
      upper = found.shift(pointwise.upper);
    }
  }
  if (bandwidth == 0) {
    out.not_computable = "the rows are too far apart to be compared by their features";
    return;
  }
  out.value = estimate(value, {std::min(lower, upper), upper});
  out.by_chance = 0;
  out.details = {{"bandwidth", bandwidth}};
  if (!p_value) return;
  log_p = std::min(0.0, log_p + std::log(static_cast<double>(looks)));
  out.p_value = std::exp(log_p);
  out.log_p = log_p;
}

}  // namespace

extern const JointMethod random_fourier_mmd;
constexpr JointMethod random_fourier_mmd{
    .info = {.id = "random_fourier_mmd",
             .title = "Maximum mean discrepancy",
             .family = Family::multivariate,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::standard_units,
             .unit = "standard deviations",
             .measures = "How far the mean random-Fourier features of whole rows lie apart, as the length of the shift "
                         "of independent normal columns that would move them as far; at the most telling of three "
                         "bandwidths, less what chance gives.",
             .hypothesis = "current and reference rows come from one joint distribution",
             .guarantee = "Bounds and p-value by the gamma law with the exact mean and variance of the features, "
                          "Bonferroni over the bandwidths: each bound is wrong with at most about 5 % probability in "
                          "large samples. Rows independent; missing values count as the reference's median.",
             .misleads = "With many columns a change in one of them is spread thin: univariate methods see it sooner.",
             .cost = "O(rows · (columns + 1)), at most 10,000 rows of a side",
             .source = "Gretton et al. 2012, JMLR 13:723; Rahimi & Recht 2007, NeurIPS 20"},
    .measure = measure_random_fourier,
};

}  // namespace leeway::drift
