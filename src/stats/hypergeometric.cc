#include "stats/hypergeometric.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/portable_math.h"

namespace leeway::stats {
namespace {

/// ln n! by Stirling's series for n >= 16 (error below 1e-14).
double stirling(double n) {
  const double r = 1 / n, r2 = r * r;
  constexpr double half_log_two_pi = 0.91893853320467274178;
  return (n + 0.5) * portable::log(n) - n + half_log_two_pi +
         r * (1.0 / 12 - r2 * (1.0 / 360 - r2 * (1.0 / 1260 - r2 / 1680)));
}

/// ln n!; from a table for the sizes that groups mostly have. std::lgamma would write a global sign.
double log_factorial(int64_t n) {
  static const auto table = [] {
    std::vector<double> out(1 << 16);
    for (size_t i = 2; i < out.size(); ++i) {
      const auto x = static_cast<double>(i);
      out[i] = i < 16 ? out[i - 1] + portable::log(x) : stirling(x);
    }
    return out;
  }();
  return static_cast<size_t>(n) < table.size() ? table[static_cast<size_t>(n)] : stirling(static_cast<double>(n));
}

double log_choose(int64_t n, int64_t k) { return log_factorial(n) - log_factorial(k) - log_factorial(n - k); }

/// Where inversion, of O(sd) steps, becomes slower than rejection.
constexpr double rejection_from_sd = 12;

/// Ratio of uniforms (Stadlober 1990, doi:10.1007/BF02241662, algorithm HRUA*), for marked <= unmarked and drawn at
/// most half of the rows; `sd` is that of the result.
int64_t draw_by_rejection(Random& random, int64_t marked, int64_t unmarked, int64_t drawn, double sd) {
  const auto m = static_cast<double>(marked), u = static_cast<double>(unmarked), d = static_cast<double>(drawn);
  const double centre = d * m / (m + u) + 0.5;
  const double width = 1.7155277699214135 * std::sqrt(sd * sd + 0.5) + 0.8989161620588988;
  const double end = std::min(std::min(d, m) + 1, std::floor(centre + 16 * sd));
  const auto log_mass = [&](int64_t k) {
    return -(log_factorial(k) + log_factorial(marked - k) + log_factorial(drawn - k) +
             log_factorial(unmarked - drawn + k));
  };
  const double at_mode = log_mass(static_cast<int64_t>((d + 1) * (m + 1) / (m + u + 2)));
  for (;;) {
    const double x = random.uniform(), w = centre + width * (random.uniform() - 0.5) / x;
    if (!(w >= 0 && w < end)) continue;
    const auto k = static_cast<int64_t>(w);
    const double t = log_mass(k) - at_mode;
    if (x * (4 - x) - 3 <= t) return k;
    if (x * (x - t) >= 1) continue;
    if (2 * portable::log(x) <= t) return k;
  }
}

/// Outwards from the mode, one uniform.
int64_t draw_by_inversion(Random& random, int64_t marked, int64_t unmarked, int64_t drawn) {
  const int64_t low = std::max<int64_t>(0, drawn - unmarked), high = std::min(drawn, marked);
  const auto m = static_cast<double>(marked), u = static_cast<double>(unmarked), d = static_cast<double>(drawn);
  const int64_t mode = std::clamp(static_cast<int64_t>((d + 1) * (m + 1) / (m + u + 2)), low, high);
  double left = random.uniform();
  const double at_mode = portable::exp(log_choose(marked, mode) + log_choose(unmarked, drawn - mode) -
                                       log_choose(marked + unmarked, drawn));
  left -= at_mode;
  if (left < 0) return mode;
  // Steps alternate so that the likeliest values are tried first; the ratio of neighbouring masses is rational.
  int64_t up = mode, down = mode;
  double mass_up = at_mode, mass_down = at_mode;
  while (up < high || down > low) {
    if (up < high) {
      const auto k = static_cast<double>(up);
      mass_up *= (m - k) * (d - k) / ((k + 1) * (u - d + k + 1));
      left -= mass_up;
      ++up;
      if (left < 0) return up;
    }
    if (down > low) {
      const auto k = static_cast<double>(down);
      mass_down *= k * (u - d + k) / ((m - k + 1) * (d - k + 1));
      left -= mass_down;
      --down;
      if (left < 0) return down;
    }
    if (mass_up < 1e-300 && mass_down < 1e-300) break;
  }
  return mode;  // the masses summed to just below 1 by rounding
}

}  // namespace

int64_t draw_hypergeometric(Random& random, int64_t marked, int64_t unmarked, int64_t drawn) {
  assert(drawn >= 0 && drawn <= marked + unmarked);
  const int64_t low = std::max<int64_t>(0, drawn - unmarked), high = std::min(drawn, marked);
  if (low == high) return low;
  const auto m = static_cast<double>(marked), u = static_cast<double>(unmarked), d = static_cast<double>(drawn);
  const double rows = m + u, sd = std::sqrt(d * (m / rows) * (u / rows) * ((rows - d) / (rows - 1)));
  if (sd > rejection_from_sd) {
    // The same draw seen from the smaller side: of the unmarked, or of the rows left behind.
    const int64_t smaller = std::min(marked, unmarked), taken = std::min(drawn, marked + unmarked - drawn);
    int64_t k = draw_by_rejection(random, smaller, std::max(marked, unmarked), taken, sd);
    if (marked > unmarked) k = taken - k;
    return taken < drawn ? marked - k : k;
  }

  return draw_by_inversion(random, marked, unmarked, drawn);
}

void draw_marks(Random& random, std::span<const int64_t> sizes, int64_t marked, std::span<int64_t> counts) {
  assert(counts.size() == sizes.size());
  int64_t rows = std::accumulate(sizes.begin(), sizes.end(), int64_t{0});
  for (size_t i = 0; i < sizes.size(); ++i) {
    rows -= sizes[i];
    counts[i] = draw_hypergeometric(random, sizes[i], rows, marked);
    marked -= counts[i];
  }
}

}  // namespace leeway::stats
