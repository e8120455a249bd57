#include "base/random.h"

#include <bit>
#include <cmath>
#include <utility>

#include "base/portable_math.h"

namespace leeway {
namespace {

uint64_t splitmix64(uint64_t& state) {
  uint64_t z = (state += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

/// Inverse of the standard normal distribution function, relative error below 1e-15: Wichura's AS 241 (PPND16),
/// doi:10.2307/2347330.
double normal_quantile(double p) {
  constexpr double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                          1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                          3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr double b[] = {1.0,                      4.2313330701600911252e+1, 6.8718700749205790830e+2,
                          5.3941960214247511077e+3, 2.1213794301586595867e+4, 3.9307895800092710610e+4,
                          2.8729085735721942674e+4, 5.2264952788528545610e+3};
  constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,  5.76949722146069140550e0,
                          3.64784832476320460504e0,  1.27045825245236838258e0,  2.41780725177450611770e-1,
                          2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr double d[] = {1.0,                       2.05319162663775882187e0,  1.67638483018380384940e0,
                          6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2,
                          5.47593808499534494600e-4, 1.05075007164441684324e-9};
  constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                          2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                          2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double f[] = {1.0,                       5.99832206555887937690e-1, 1.36929880922735805310e-1,
                          1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
                          1.42151175831644588870e-7, 2.04426310338993978564e-15};
  const auto ratio = [](const double(&up)[8], const double(&down)[8], double r) {
    double n = up[7], m = down[7];
    for (int i = 6; i >= 0; --i) {
      n = n * r + up[i];
      m = m * r + down[i];
    }
    return n / m;
  };
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) return q * ratio(a, b, 0.180625 - q * q);
  double r = std::sqrt(-portable::log(q < 0 ? p : 1 - p));
  const double x = r <= 5 ? ratio(c, d, r - 1.6) : ratio(e, f, r - 5);
  return q < 0 ? -x : x;
}

/// ln k!, by Stirling's series; absolute error below 1e-10 from k = 7 on (smaller k are products).
double log_factorial(double k) {
  double product = 1;
  for (; k < 7; k += 1) product *= k + 1;
  constexpr double half_log_two_pi = 0.91893853320467274178;
  const double r = 1 / k;
  return (k + 0.5) * portable::log(k) - k + half_log_two_pi + r * (1.0 / 12 - r * r * (1.0 / 360 - r * r / 1260)) -
         portable::log(product);
}

/// Hörmann's transformed rejection with squeeze (PTRS, doi:10.1016/0167-6687(93)90997-4), for means from 10 on.
uint64_t poisson_by_rejection(Random& random, double mean) {
  const double b = 0.931 + 2.53 * std::sqrt(mean), a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), squeeze = 0.9277 - 3.6224 / (b - 2);
  const double log_mean = portable::log(mean);
  for (;;) {
    const double u = random.uniform() - 0.5, v = random.uniform(), distance = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / distance + b) * u + mean + 0.43);
    if (distance >= 0.07 && v <= squeeze) return static_cast<uint64_t>(k);
    if (k < 0 || (distance < 0.013 && v > distance)) continue;
    if (portable::log(v * inverse_alpha / (a / (distance * distance) + b)) <= k * log_mean - mean - log_factorial(k))
      return static_cast<uint64_t>(k);
  }
}

}  // namespace

Random::Random(uint64_t seed) : seed_(seed) {
  uint64_t mix = seed;
  for (auto& word : state_) word = splitmix64(mix);
}

uint64_t Random::next() {
  const uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

uint64_t Random::below(uint64_t bound) {
  // Lemire's multiply-and-reject (doi:10.1145/3230636).
  __extension__ using uint128 = unsigned __int128;
  uint128 product = static_cast<uint128>(next()) * bound;
  if (static_cast<uint64_t>(product) < bound) {
    const uint64_t threshold = -bound % bound;
    while (static_cast<uint64_t>(product) < threshold) product = static_cast<uint128>(next()) * bound;
  }
  return static_cast<uint64_t>(product >> 64);
}

double Random::normal() {
  // The half step keeps the argument inside (0, 1).
  return normal_quantile((static_cast<double>(next() >> 12) + 0.5) * 0x1.0p-52);
}

double Random::exponential() { return -portable::log(1 - uniform()); }

uint64_t Random::poisson(double mean) {
  if (!(mean > 0)) return 0;
  if (mean > 30) return poisson_by_rejection(*this, mean);
  double term = portable::exp(-mean), cumulative = term;
  const double u = uniform();
  uint64_t k = 0;
  while (u >= cumulative && term > 0) {
    term *= mean / static_cast<double>(++k);
    cumulative += term;
  }
  return k;
}

Random Random::split(uint64_t task) const {
  uint64_t mix = seed_ ^ (task + 1) * 0xD1342543DE82EF95ull;
  return Random(splitmix64(mix));
}

void Random::shuffle(std::span<uint32_t> values) {
  for (size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
}

}  // namespace leeway
