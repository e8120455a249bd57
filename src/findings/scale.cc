#include "findings/scale.h"

#include <algorithm>
#include <cmath>

#include "stats/distributions.h"
#include "stats/equivalence.h"
#include "stats/limit_laws.h"

namespace leeway {
namespace {

constexpr double power = 0.80;

/// A share of k in m rows is known to about half a row, so that even a share of 0 allows something.
double smoothed(double share, int64_t rows) {
  const auto m = static_cast<double>(rows);
  return (share * m + 0.5) / (m + 1);
}

/// How far the share may move in the direction in which it went.
double share_room(const Measurement& m, double psi) {
  const double q = smoothed(m.reference->value, m.reference_rows.rows);
  // What has not moved is judged by the side on which there is room: a share of 1 can only fall.
  const bool falls = m.value.value < 0 || (m.value.value == 0 && q > 0.5);
  const bool down = m.method->orientation != Orientation::higher_is_worse && falls;
  return down ? q - (1 - stats::share_limit(1 - q, psi)) : stats::share_limit(q, psi) - q;
}

double effective_rows(const Measurement& m) {
  const auto n = static_cast<double>(m.current_rows.used), r = static_cast<double>(m.reference_rows.used);
  return n * r / (n + r);
}

/// The smallest noncentrality at which "lower bound beyond the leeway" has 80 % probability.
double detectable_psi(double limit, double df, double effective, double error) {
  const double at_leeway = limit * effective;
  double low = 0, high = std::max(10.0, 4 * at_leeway + 10 * df);
  const auto bisect = [](double from, double to, auto&& beyond) {
    for (int i = 0; i < 100; ++i) {
      const double middle = from + (to - from) / 2;
      (beyond(middle) ? to : from) = middle;
    }
    return to;
  };
  const double critical = bisect(low, high * 4, [&](double t) { return stats::noncentral_chi_square_sf(t, df, at_leeway) <= error; });
  const double needed = bisect(at_leeway, high * 8, [&](double lambda) { return stats::noncentral_chi_square_sf(critical, df, lambda) >= power; });
  return needed / effective;
}

/// Value and bounds through `psi`, which grows with the distance from `centre`: an interval that covers the centre
/// starts at no movement.
template <class Psi>
Estimate on_scale(const Measurement& m, double centre, const Psi& psi) {
  const Estimate& e = m.value;
  const double a = psi(e.lower), b = psi(e.upper);
  const bool covers = e.lower <= centre && e.upper >= centre;
  return {psi(e.value), covers ? 0.0 : std::min(a, b), std::max(a, b), undefined};
}

}  // namespace

std::optional<double> limit_from_psi(const Measurement& m, double psi) {
  if (m.method->scale == Scale::share) {
    if (!m.reference || m.reference_rows.rows == 0) return std::nullopt;
    return share_room(m, psi);
  }
  if (!stats::has_equivalent(m.method->scale)) return std::nullopt;
  const double distance = stats::distance_from_psi(m.method->scale, psi);
  // A separation AUC is judged by its distance from 1/2, whichever side (verdict.cc).
  return m.method->scale == Scale::separation_auc ? distance - 0.5 : distance;
}

std::optional<Estimate> psi_equivalent(const Measurement& m) {
  if (!m.computed() || !std::isfinite(m.value.value)) return std::nullopt;
  if (m.method->scale == Scale::share) {
    if (!m.reference || m.reference_rows.rows == 0) return std::nullopt;
    const double q = smoothed(m.reference->value, m.reference_rows.rows);
    const auto psi = [&](double change) { return stats::psi_of_shares(q, std::clamp(q + change, 0.0, 1.0)); };
    return on_scale(m, 0.0, psi);
  }
  if (!stats::has_equivalent(m.method->scale)) return std::nullopt;
  const double centre = m.method->scale == Scale::separation_auc ? 0.5 : 0.0;
  return on_scale(m, centre, [&](double distance) { return stats::psi_from_distance(m.method->scale, distance); });
}

std::optional<double> smallest_detectable(const Measurement& m, const Leeway& leeway) {
  const double effective = effective_rows(m);
  if (leeway.on != Leeway::On::value || !(effective > 0)) return std::nullopt;
  const double z_bound = stats::normal_quantile(m.confidence), z_power = stats::normal_quantile(power);
  if (m.method->scale == Scale::ks)
    return leeway.limit + (stats::kolmogorov_quantile(1 - m.confidence) + z_power / 2) / std::sqrt(effective);
  if (const auto df = m.detail("df"); m.method->scale == Scale::psi && df)
    return detectable_psi(leeway.limit, *df, effective, 1 - m.confidence);
  const bool falls = m.method->orientation == Orientation::lower_is_worse;
  const double half_width = falls ? m.value.upper - m.value.value : m.value.value - m.value.lower;
  if (!std::isfinite(half_width) || half_width <= 0) return std::nullopt;
  const double beyond = half_width * (1 + z_power / z_bound);
  return falls || leeway.limit < 0 ? leeway.limit - beyond : leeway.limit + beyond;
}

}  // namespace leeway
