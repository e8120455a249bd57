// Second moments: spreads of the columns and correlations of all pairs.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/drift/binned.h"
#include "checks/drift/joint.h"
#include "stats/distributions.h"

namespace leeway::drift {
namespace {

constexpr double largest_correlation = 0.9999;
constexpr double largest_ratio = 1e4;

/// Jeffreys' divergence of two normal pairs with unit variances and correlations r, s: what PSI is for a pair.
double divergence_of_correlations(double r, double s) { return (1 - r * s) * (1 / (1 - r * r) + 1 / (1 - s * s)) - 2; }
/// Of two centred normal variables whose mean squares have the given ratio.
double divergence_of_spreads(double ratio) { return (ratio + 1 / ratio) / 2 - 1; }

/// One entry of the matrix: how far it moved, in the unit in which the divergence is a function of it.
struct Entry {
  size_t j, k;
  double z;             ///< change of the moment over its standard error
  double from, to, se;  ///< correlations, or for j = k the ratio of mean squares from 1

  double divergence(double at) const {
    return j == k ? divergence_of_spreads(std::clamp(at, 1 / largest_ratio, largest_ratio))
                  : divergence_of_correlations(from, std::clamp(at, -largest_correlation, largest_correlation));
  }
  /// The change made smaller by `margin` standard errors, at most to nothing, or larger.
  double shrunk(double margin) const {
    const double change = to - from, left = std::max(0.0, std::fabs(change) - margin * se);
    return divergence(from + std::copysign(left, change));
  }
  double grown(double margin) const { return divergence(to + std::copysign(margin * se, to - from)); }
};

struct Pair {
  SecondMoments::Moment reference, current;
  double se() const {
    return std::sqrt(reference.variance * (1 / static_cast<double>(reference.n) + 1 / static_cast<double>(current.n)));
  }
};

/// Entries that both sides know and that vary in the reference.
std::vector<Entry> entries(const SecondMoments& reference, const SecondMoments& current) {
  const size_t d = reference.columns();
  std::vector<double> before(d), after(d);  // root mean squares
  for (size_t j = 0; j < d; ++j) {
    before[j] = std::sqrt(reference.moment(j, j).mean);
    after[j] = std::sqrt(current.moment(j, j).mean);
  }
  std::vector<Entry> out;
  for (size_t j = 0; j < d; ++j)
    for (size_t k = j; k < d; ++k) {
      const Pair pair{reference.moment(j, k), current.moment(j, k)};
      if (pair.reference.n == 0 || pair.current.n == 0 || !(pair.se() > 0)) continue;
      const double z = (pair.current.mean - pair.reference.mean) / pair.se();
      if (j == k) {
        out.push_back({j, k, z, 1, pair.current.mean / pair.reference.mean, pair.se() / pair.reference.mean});
      } else if (after[j] > 0 && after[k] > 0) {
        const auto correlation = [](double mean, double scale) {
          return std::clamp(mean / scale, -largest_correlation, largest_correlation);
        };
        out.push_back({j, k, z, correlation(pair.reference.mean, before[j] * before[k]),
                       correlation(pair.current.mean, after[j] * after[k]), pair.se() / (after[j] * after[k])});
      }
    }
  return out;
}

std::string describe(const Entry& e, const JointLayout& layout) {
  const std::string first = printable(layout.entries[e.j].column), second = printable(layout.entries[e.k].column);
  if (e.j == e.k)
    return fmt::format("most changed: the spread of {}, {} times what it was", first, short_number(std::sqrt(e.to)));
  return fmt::format("most changed: the correlation of {} and {}, from {} to {}", first, second,
                     short_number(e.from, 2), short_number(e.to, 2));
}

void measure_second_moments(const JointSummary& reference, const JointSummary& current, bool p_value,
                            Measurement& out) {
  const auto all = entries(reference.moments, current.moments);
  if (all.empty()) {
    out.not_computable = "no pair of columns has values together on both sides";
    return;
  }
  const auto count = static_cast<double>(all.size());
  const double simultaneous = stats::normal_quantile(1 - bound_error / (2 * count));
  const double pointwise = stats::normal_quantile(bound_confidence);
  const Entry* most = &all.front();
  double lower = 0, upper = 0, largest_z = 0;
  for (const Entry& e : all) {
    if (e.divergence(e.to) > most->divergence(most->to)) most = &e;
    lower = std::max(lower, e.shrunk(simultaneous));
    upper = std::max(upper, e.grown(pointwise));
    largest_z = std::max(largest_z, std::fabs(e.z));
  }
  out.value = estimate(most->divergence(most->to), {lower, upper});
  out.details = {{"largest_z", largest_z}, {"moments", count}};
  out.note = describe(*most, reference.moments.layout());
  if (!p_value) return;
  const double log_p = std::min(0.0, stats::two_sided_normal(largest_z).log_p + std::log(count));
  out.p_value = std::exp(log_p);
  out.log_p = log_p;
}

}  // namespace

extern const JointMethod second_moments;
constexpr JointMethod second_moments{
    .info = {.id = "second_moments",
             .title = "Spreads and correlations",
             .family = Family::multivariate,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::psi,
             .unit = "nats",
             .measures = "The largest change of a column's spread or of two columns' correlation, each as the PSI "
                         "(Jeffreys divergence) of normal variables with these moments; values beyond 5 standard "
                         "deviations are drawn in.",
             .hypothesis = "all columns have the reference's mean squares and mean products",
             .guarantee =
                 "The lower bound allows for the choice among all pairs (Bonferroni), the upper is that of the "
                 "pair itself; each is wrong with at most about 5 % probability in large samples. The p-value "
                 "is Bonferroni's of the largest z. Rows independent.",
             .misleads = "A dependence that leaves correlations alone is not seen; see random_fourier_mmd.",
             .cost = "O(rows · columns²), at most 10,000 rows of a side",
             .source = "Jeffreys 1946, doi:10.1098/rspa.1946.0056"},
    .measure = measure_second_moments,
};

}  // namespace leeway::drift
