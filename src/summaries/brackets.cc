#include "summaries/brackets.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace leeway {
namespace {

Status comparable(const BinnedCounts& f, const BinnedCounts& g) {
  if (f.shared_map() != g.shared_map() && f.map() != g.map())
    return fail(Code::failed_precondition, "the two profiles count on different bins",
                "Profile both data sets again with the same --reference.");
  if (f.size() == 0 || g.size() == 0) return fail(Code::failed_precondition, "one side has no rows");
  return {};
}

/// Rows before and after a bin on both sides, as exact products: f·m and g·n.
struct Steps {
  Int128 f0, f1, g0, g1;
};

/// Calls each(bin, steps) over the bins in ascending order.
template <class Each>
void for_each_bin(const BinnedCounts& f, const BinnedCounts& g, Each each) {
  Int128 f0 = 0, g0 = 0;
  for (size_t b = 0; b < f.counts().size(); ++b) {
    const Int128 f1 = f0 + f.counts()[b], g1 = g0 + g.counts()[b];
    each(b, Steps{f0 * g.size(), f1 * g.size(), g0 * f.size(), g1 * f.size()});
    f0 = f1;
    g0 = g1;
  }
}

Int128 magnitude(Int128 x) { return x < 0 ? -x : x; }

/// What one bin contributes to W1 at least and at most. Lengths in the column's unit, means centred like `low`, `high`.
struct Part {
  double low, high;              // where the bin's rows lie
  double f0, f1, g0, g1;         // distribution functions before and after
  double f_mean, g_mean;

  double lower() const {
    const double f_integral = f0 * (high - low) + (f1 - f0) * (high - f_mean);
    const double g_integral = g0 * (high - low) + (g1 - g0) * (high - g_mean);
    return std::fabs(f_integral - g_integral);
  }
  double upper() const {
    const double length = high - low;
    const double crude = length * std::max(f1 - g0, g1 - f0);
    // Each side's rows gathered at their mean, and what it costs at most to spread them again.
    const bool f_first = f_mean < g_mean;
    const double first = f_first ? f_mean : g_mean, second = f_first ? g_mean : f_mean;
    const double middle = f_first ? f1 - g0 : g1 - f0;
    const double gathered = std::fabs(f0 - g0) * (first - low) + std::fabs(middle) * (second - first) + std::fabs(f1 - g1) * (high - second);
    const auto spread = [&](double mean, double share) { return 2 * (mean - low) * (high - mean) / length * share; };
    return std::min(crude, gathered + spread(f_mean, f1 - f0) + spread(g_mean, g1 - g0));
  }
};

}  // namespace

Result<Bracket> ks_bracket(const BinnedCounts& f, const BinnedCounts& g) {
  LEEWAY_CHECK(comparable(f, g));
  Int128 lower = 0, upper = 0;
  for_each_bin(f, g, [&](size_t b, const Steps& s) {
    lower = std::max(lower, magnitude(s.f1 - s.g1));
    const bool both = s.f0 < s.f1 && s.g0 < s.g1;
    if (both && !f.map().atom(b)) upper = std::max({upper, s.f1 - s.g0, s.g1 - s.f0});
  });
  const double scale = static_cast<double>(f.size()) * static_cast<double>(g.size());
  return Bracket{static_cast<double>(lower) / scale, static_cast<double>(std::max(lower, upper)) / scale};
}

Result<Bracket> wasserstein_bracket(const BinnedCounts& f, const BinnedCounts& g) {
  LEEWAY_CHECK(comparable(f, g));
  const BinMap& map = f.map();
  const double centre = map.centre(), n = static_cast<double>(f.size()), m = static_cast<double>(g.size());
  const double scale = n * m, least = std::min(f.min(), g.min()), most = std::max(f.max(), g.max());
  const bool saturated = f.saturated() + g.saturated() > 0;
  double lower = 0, upper = 0;
  for_each_bin(f, g, [&](size_t b, const Steps& s) {
    Part part{std::max(map.lower(b), least) - centre, std::min(map.upper(b), most) - centre,
              static_cast<double>(s.f0) / scale, static_cast<double>(s.f1) / scale,
              static_cast<double>(s.g0) / scale, static_cast<double>(s.g1) / scale, 0, 0};
    if (!(part.low < part.high)) return;
    const auto mean = [&](const BinnedCounts& side) {
      return std::clamp(side.counts()[b] > 0 ? side.centred_mean(b) : part.low, part.low, part.high);
    };
    part.f_mean = mean(f);
    part.g_mean = mean(g);
    // A saturated sum lies where rows are beyond 2^22 units; such a bin then proves nothing.
    const bool far = std::max(-part.low, part.high) > 0x1p22 * map.unit();
    if (!(saturated && far)) lower += part.lower();
    upper += part.upper();
  });
  // Room for the rounding of the sums (2^-41 units a row) and of this arithmetic, so that the bracket stays a proof.
  const double room = 0x1p-39 * map.unit() + 1e-12 * upper;
  return Bracket{std::max(0.0, lower - room), saturated ? std::numeric_limits<double>::infinity() : upper + room};
}

}  // namespace leeway
