#include "stats/equivalence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "stats/distributions.h"

namespace leeway::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int bins = 10;
constexpr double reference_share = 1.0 / bins;

/// Shares of N(d, 1) in the 10 equal-mass bins of N(0, 1), with their logarithms: far out a share underflows in a
/// difference long before its logarithm loses meaning.
struct ShiftedShares {
  std::array<double, bins> share;
  std::array<double, bins> log_share;

  explicit ShiftedShares(double d) {
    static const std::array<double, bins + 1> edges = [] {
      std::array<double, bins + 1> z;
      for (int i = 0; i <= bins; ++i) z[i] = normal_quantile(i / static_cast<double>(bins));
      return z;
    }();
    for (int i = 0; i < bins; ++i) {
      const double low = log_normal_cdf(edges[i] - d), high = log_normal_cdf(edges[i + 1] - d);
      log_share[i] = high + std::log1p(-std::exp(low - high));
      share[i] = std::exp(log_share[i]);
    }
  }
};

double psi(double d) {
  const ShiftedShares p(d);
  double sum = 0;
  for (int i = 0; i < bins; ++i) sum += (p.share[i] - reference_share) * (p.log_share[i] - std::log(reference_share));
  return sum;
}

double kl(double d) {
  const ShiftedShares p(d);
  double sum = 0;
  for (int i = 0; i < bins; ++i) sum += p.share[i] * (p.log_share[i] - std::log(reference_share));
  return sum;
}

double js_distance(double d) {
  const ShiftedShares p(d);
  double sum = 0;
  for (int i = 0; i < bins; ++i) {
    const double log_middle = std::log((p.share[i] + reference_share) / 2);
    sum +=
        p.share[i] * (p.log_share[i] - log_middle) / 2 + reference_share * (std::log(reference_share) - log_middle) / 2;
  }
  return std::sqrt(std::max(0.0, sum));
}

double hellinger(double d) {
  // 1 - Σ sqrt(pq) written as half a sum of squares, which keeps its digits near 0.
  const ShiftedShares p(d);
  double sum = 0;
  for (int i = 0; i < bins; ++i) {
    const double difference = std::sqrt(p.share[i]) - std::sqrt(reference_share);
    sum += difference * difference;
  }
  return std::sqrt(sum / 2);
}

double ks(double d) { return std::erf(d / (2 * std::numbers::sqrt2)); }

double standard_units(double d) { return d; }

double separation_auc(double d) { return normal_cdf(d / std::numbers::sqrt2); }

/// E² = 2 E|X-Y| - E|X-X'| - E|Y-Y'| in closed form.
double energy(double d) {
  const double squared = 4 / std::sqrt(std::numbers::pi) * std::expm1(-d * d / 4) + 2 * d * std::erf(d / 2);
  return std::sqrt(std::max(0.0, squared));
}

struct Relation {
  Scale scale;
  double (*distance)(double shift);
};
constexpr Relation relations[] = {
    {Scale::psi, psi},
    {Scale::ks, ks},
    {Scale::standard_units, standard_units},
    {Scale::kl, kl},
    {Scale::js_distance, js_distance},
    {Scale::hellinger, hellinger},
    {Scale::separation_auc, separation_auc},
    {Scale::energy, energy},
};

const Relation* relation(Scale scale) {
  for (const auto& r : relations)
    if (r.scale == scale) return &r;
  return nullptr;
}

/// The largest x in [low, high] with f(x) <= target for an increasing f, to the last bits.
template <class Increasing>
double invert(double low, double high, double target, Increasing f) {
  if (f(high) <= target) return high;
  for (;;) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return low;
    (f(middle) <= target ? low : high) = middle;
  }
}

/// x ln(x/y) with 0 ln 0 = 0.
double information(double x, double y) { return x == 0 ? 0 : x * std::log(x / y); }

}  // namespace

bool has_equivalent(Scale scale) { return relation(scale) != nullptr; }

double distance_of_shift(Scale scale, double d) {
  const Relation* r = relation(scale);
  if (!r || !(d >= 0)) return nan;
  if (d == 0) return scale == Scale::separation_auc ? 0.5 : 0;  // without the rounding of ten shares
  return r->distance(std::min(d, largest_shift));
}

double shift_of_distance(Scale scale, double distance) {
  const Relation* r = relation(scale);
  if (!r || std::isnan(distance)) return nan;
  if (scale == Scale::separation_auc) distance = std::max(distance, 1 - distance);
  if (distance_of_shift(scale, 0) >= distance) return 0;
  return invert(0, largest_shift, distance, r->distance);
}

double distance_from_psi(Scale scale, double psi) {
  return distance_of_shift(scale, shift_of_distance(Scale::psi, psi));
}

double psi_from_distance(Scale scale, double distance) {
  return distance_of_shift(Scale::psi, shift_of_distance(scale, distance));
}

double psi_of_shares(double reference, double current) {
  const double r = reference, c = current;
  if (!(r >= 0 && r <= 1 && c >= 0 && c <= 1)) return nan;
  return information(c, r) + information(r, c) + information(1 - c, 1 - r) + information(1 - r, 1 - c);
}

double share_limit(double reference, double psi) {
  if (!(reference >= 0 && reference <= 1 && psi >= 0)) return nan;
  return invert(reference, 1, psi, [&](double p) { return psi_of_shares(reference, p); });
}

}  // namespace leeway::stats
