#include "base/portable_math.h"

#include <cmath>
#include <limits>

namespace leeway::portable {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// ln 2 in two parts: the first has 21 trailing zero bits, so that its product with any exponent is exact.
constexpr double ln2_high = 0x1.62e42feep-1;
constexpr double ln2_low = 0x1.a39ef35793c76p-33;

}  // namespace

double exp(double x) {
  if (!(x > -745.2)) return std::isnan(x) ? nan : 0;
  if (x > 709.79) return infinity;
  const double k = std::round(x * 1.4426950408889634);
  const double high = x - k * ln2_high, low = k * ln2_low, r = high - low;
  // Taylor of (e^r - 1 - r) / r²; |r| <= 0.347, so the first term left out is below 1e-18.
  double tail = 0;
  for (int n = 14; n >= 2; --n) {
    constexpr double inverse_factorial[] = {
        1.0, 1.0, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040,
        1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800, 1.0 / 87178291200};
    tail = tail * r + inverse_factorial[n];
  }
  // 1 + high + (what is small), so that one rounding decides the result.
  return std::ldexp(1 + (high - (low - r * r * tail)), static_cast<int>(k));
}

double log(double x) {
  if (!(x > 0)) return x == 0 ? -infinity : nan;
  if (x == infinity) return infinity;
  int exponent = 0;
  double m = std::frexp(x, &exponent);  // [0.5, 1)
  if (m < 0.70710678118654752) {
    m *= 2;
    --exponent;
  }
  // log(1+f) = 2 artanh(s), s = f/(2+f), in the form f - (f²/2 - s(f²/2 + R)) that keeps f exact. |s| <= 0.1716.
  const double f = m - 1, s = f / (2 + f), z = s * s, half_square = f * f / 2;
  double rest = 0;
  for (int n = 25; n >= 3; n -= 2) rest = rest * z + 2.0 / n;
  rest *= z;
  const double k = exponent;
  return k * ln2_high - ((half_square - (s * (half_square + rest) + k * ln2_low)) - f);
}

double pow(double base, double exponent) { return exp(exponent * log(base)); }

double logistic(double x) {
  if (x >= 0) return 1 / (1 + exp(-x));
  const double e = exp(x);
  return e / (1 + e);
}

double cos_turns(double t) {
  double a = std::fabs(t - std::round(t));  // [0, 0.5]: cosine is even
  const double sign = a > 0.25 ? -1 : 1;
  if (a > 0.25) a = 0.5 - a;
  if (a == 0.25) return 0;
  // Beyond an eighth of a turn the complement's sine, so that both series converge quickly and zeros are exact.
  const bool as_sine = a > 0.125;
  const double x = 6.283185307179586 * (as_sine ? 0.25 - a : a), z = x * x;
  double sum = 0;
  for (int n = as_sine ? 19 : 18; n >= 2; n -= 2) sum = -z / (n * (n - 1)) * (1 + sum);
  return sign * (as_sine ? x * (1 + sum) : 1 + sum);
}

}  // namespace leeway::portable
