#include "stats/simultaneous.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/distributions.h"

namespace leeway::stats {
namespace {

/// The more pairs, the narrower the law of the maximum, and the fewer draws give its quantile to 0.01.
constexpr size_t most_draws = 10'000, fewest_draws = 2'000, draw_budget = 2'000'000, most_pairs = 5'000;

/// Normal deviates from a table of 2^16 quantiles: four for each random word. What the table lacks (beyond 4.2, steps
/// of 1e-4 around 3) is far below the error of any number of draws used here.
class QuickNormal {
 public:
  explicit QuickNormal(Random& random) : random_(random), quantiles_(table()) {}
  double operator()() {
    if (left_ == 0) {
      bits_ = random_.next();
      left_ = 4;
    }
    const double value = quantiles_[bits_ & (size - 1)];
    bits_ >>= 16;
    --left_;
    return value;
  }

 private:
  static constexpr size_t size = 1 << 16;
  static const std::vector<float>& table() {
    static const auto quantiles = [] {
      std::vector<float> out(size);
      for (size_t i = 0; i < size; ++i)
        out[i] = static_cast<float>(normal_quantile((static_cast<double>(i) + 0.5) / size));
      return out;
    }();
    return quantiles;
  }

  Random& random_;
  const std::vector<float>& quantiles_;
  uint64_t bits_ = 0;
  int left_ = 0;
};

/// (2Φ(c) - 1)^families = confidence
double independent_pairs_critical(size_t families, double confidence) {
  const double each = std::pow(confidence, 1 / static_cast<double>(families));
  return -normal_quantile((1 - each) / 2);
}

}  // namespace

double bonferroni_critical_value(size_t comparisons, double confidence) {
  return -normal_quantile((1 - confidence) / (2 * static_cast<double>(comparisons)));
}

double critical_value(std::span<double> maxima, double confidence) {
  const auto rank = static_cast<size_t>(std::ceil(confidence * static_cast<double>(maxima.size() + 1) - 1e-9));
  if (rank > maxima.size() || rank == 0) return std::numeric_limits<double>::infinity();
  const auto nth = maxima.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(maxima.begin(), nth, maxima.end());
  return *nth;
}

std::vector<double> adjusted_p_values(std::span<const double> statistics, std::span<const double> maxima) {
  std::vector<double> sorted(maxima.begin(), maxima.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> p;
  p.reserve(statistics.size());
  for (const double t : statistics) {
    const auto at_least = sorted.end() - std::lower_bound(sorted.begin(), sorted.end(), t);
    p.push_back((1 + static_cast<double>(at_least)) / (1 + static_cast<double>(sorted.size())));
  }
  return p;
}

PairwiseMaximum::PairwiseMaximum(std::span<const std::vector<double>> families) {
  for (const auto& se : families) {
    Family family{se, {}, std::vector<double>(se.size())};
    for (size_t a = 0; a < se.size(); ++a)
      for (size_t b = a + 1; b < se.size(); ++b) {
        const double both = std::hypot(se[a], se[b]);
        family.inverse.push_back(both > 0 ? 1 / both : 0);
        pairs_ += both > 0;
      }
    families_.push_back(std::move(family));
  }
}

double PairwiseMaximum::draw(Random& random) {
  double largest = 0;
  QuickNormal normal(random);
  for (auto& [se, inverse, errors] : families_) {
    for (size_t g = 0; g < se.size(); ++g) errors[g] = se[g] * normal();
    const double* scale = inverse.data();
    for (size_t a = 0; a < errors.size(); ++a)
      for (size_t b = a + 1; b < errors.size(); ++b)
        largest = std::max(largest, std::fabs(errors[a] - errors[b]) * *scale++);
  }
  return largest;
}

double pairwise_critical_value(std::span<const std::vector<double>> families, double confidence, const Random& random) {
  PairwiseMaximum maximum(families);
  if (maximum.pairs() == 0) return std::numeric_limits<double>::quiet_NaN();
  const bool only_twos = std::all_of(families.begin(), families.end(), [](const auto& se) { return se.size() <= 2; });
  if (only_twos) return independent_pairs_critical(maximum.pairs(), confidence);
  if (maximum.pairs() > most_pairs) return bonferroni_critical_value(maximum.pairs(), confidence);
  Random stream = random;
  std::vector<double> maxima(std::clamp(draw_budget / maximum.pairs(), fewest_draws, most_draws));
  for (double& value : maxima) value = maximum.draw(stream);
  return critical_value(maxima, confidence);
}

}  // namespace leeway::stats
