#include "findings/evidence/share_watch.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "findings/evidence/e_values.h"
#include "stats/equivalence.h"

namespace leeway::evidence {
namespace {

constexpr double band_error = 0.05;

/// The reference's share at the far end of its band.
double widened(double share, double band) { return std::min(1.0, share + band); }

double allowed_share(double share, double band, double psi) { return stats::share_limit(widened(share, band), psi); }

double allowed_cumulative(double share, double band, double psi) {
  const double ks = stats::distance_from_psi(Scale::ks, psi);
  return std::min(allowed_share(share, band, psi), widened(share, band) + ks);
}

}  // namespace

double cumulative_band(int64_t series, double reference_rows) {
  return std::sqrt(std::log(2 * static_cast<double>(series) / band_error) / (2 * reference_rows));
}

double cell_band(int64_t series, int64_t cells, double reference_rows) {
  return cumulative_band(series * cells, reference_rows);
}

ShareWatch::ShareWatch(std::vector<double> allowed, size_t counts, double tempering)
    : allowed_(std::move(allowed)), counts_(counts), tempering_(tempering) {
  assert(allowed_.size() == counts_ || allowed_.size() == 2 * counts_);
  for (const double p : allowed_) states_ += alternatives(p);
}

ShareWatch ShareWatch::numeric(std::span<const double> at_most, const ShareLeeway& leeway) {
  const double band = cumulative_band(leeway.series, leeway.reference_rows);
  std::vector<double> allowed;
  for (const double q : at_most) allowed.push_back(allowed_cumulative(q, band, leeway.psi));
  for (const double q : at_most) allowed.push_back(allowed_cumulative(1 - q, band, leeway.psi));
  return ShareWatch(std::move(allowed), at_most.size(), leeway.tempering);
}

ShareWatch ShareWatch::categories(std::span<const double> shares, const ShareLeeway& leeway) {
  const double band = cell_band(leeway.series, static_cast<int64_t>(shares.size()), leeway.reference_rows);
  std::vector<double> allowed;
  for (const double q : shares) allowed.push_back(allowed_share(q, band, leeway.psi));
  return ShareWatch(std::move(allowed), shares.size(), leeway.tempering);
}

ShareWatch ShareWatch::rate(double share, bool both_ways, const ShareLeeway& leeway) {
  const double band = cumulative_band(leeway.series, leeway.reference_rows);
  std::vector<double> allowed{allowed_share(share, band, leeway.psi)};
  if (both_ways) allowed.push_back(allowed_share(1 - share, band, leeway.psi));
  return ShareWatch(std::move(allowed), 1, leeway.tempering);
}

ShareWatch ShareWatch::rate_up_to(double allowed, double tempering) { return ShareWatch({allowed}, 1, tempering); }

std::vector<double> ShareWatch::log_e(std::span<const int64_t> hits, int64_t rows) const {
  assert(hits.size() == counts_);
  std::vector<double> log_e;
  log_e.reserve(states_);
  for (size_t i = 0; i < allowed_.size(); ++i) {
    const int64_t counted = hits[i % counts_];
    append_share(i < counts_ ? counted : rows - counted, rows, allowed_[i], tempering_, log_e);
  }
  return log_e;
}

}  // namespace leeway::evidence
