#include "reports/palette.h"

#include <array>
#include <charconv>
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

namespace leeway::reports {
namespace {

using Rgb = std::array<double, 3>;

Rgb linear(std::string_view colour) {
  Rgb out{};
  for (size_t i = 0; i < 3; ++i) {
    int byte = 0;
    std::from_chars(colour.data() + 1 + 2 * i, colour.data() + 3 + 2 * i, byte, 16);
    const double c = byte / 255.0;
    out[i] = c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  }
  return out;
}

/// WCAG 2.2 relative luminance and contrast ratio.
double luminance(const Rgb& c) { return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; }
double contrast(std::string_view a, std::string_view b) {
  const double x = luminance(linear(a)) + 0.05, y = luminance(linear(b)) + 0.05;
  return std::max(x, y) / std::min(x, y);
}

using Matrix = std::array<Rgb, 3>;

/// Machado, Oliveira & Fernandes 2009 (doi:10.1109/TVCG.2009.113), severity 1.0, in linear sRGB; normal vision first.
constexpr std::array<Matrix, 4> vision = {{
    {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
    {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}},
}};

Rgb seen(const Matrix& m, const Rgb& c) {
  Rgb out{};
  for (size_t i = 0; i < 3; ++i) out[i] = std::clamp(m[i][0] * c[0] + m[i][1] * c[1] + m[i][2] * c[2], 0.0, 1.0);
  return out;
}

/// CIELAB under D65.
Rgb lab(const Rgb& c) {
  const double x = (0.4124564 * c[0] + 0.3575761 * c[1] + 0.1804375 * c[2]) / 0.95047;
  const double y = 0.2126729 * c[0] + 0.7151522 * c[1] + 0.0721750 * c[2];
  const double z = (0.0193339 * c[0] + 0.1191920 * c[1] + 0.9503041 * c[2]) / 1.08883;
  const auto f = [](double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; };
  return {116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))};
}

/// CIEDE2000 as in Sharma, Wu & Dalal 2005 (doi:10.1002/col.20070).
double ciede2000(const Rgb& p, const Rgb& q) {
  constexpr double degree = std::numbers::pi / 180;
  const double mean_c = (std::hypot(p[1], p[2]) + std::hypot(q[1], q[2])) / 2;
  const auto seventh = [](double c) { return std::sqrt(std::pow(c, 7) / (std::pow(c, 7) + std::pow(25.0, 7))); };
  const double g = 0.5 * (1 - seventh(mean_c));
  const auto chroma = [&](const Rgb& x) { return std::hypot((1 + g) * x[1], x[2]); };
  const auto hue = [&](const Rgb& x) {
    const double h = std::atan2(x[2], (1 + g) * x[1]);
    return x[1] == 0 && x[2] == 0 ? 0 : h < 0 ? h + 2 * std::numbers::pi : h;
  };
  const double c1 = chroma(p), c2 = chroma(q), h1 = hue(p), h2 = hue(q);
  double dh = c1 * c2 == 0 ? 0 : h2 - h1;
  if (dh > std::numbers::pi) dh -= 2 * std::numbers::pi;
  if (dh < -std::numbers::pi) dh += 2 * std::numbers::pi;
  const double dl = q[0] - p[0], dc = c2 - c1, dhh = 2 * std::sqrt(c1 * c2) * std::sin(dh / 2);
  const double l = (p[0] + q[0]) / 2, c = (c1 + c2) / 2;
  double h = h1 + h2;
  if (c1 * c2 != 0) {
    if (std::fabs(h1 - h2) > std::numbers::pi) h += h < 2 * std::numbers::pi ? 2 * std::numbers::pi : -2 * std::numbers::pi;
    h /= 2;
  }
  const double t = 1 - 0.17 * std::cos(h - 30 * degree) + 0.24 * std::cos(2 * h) + 0.32 * std::cos(3 * h + 6 * degree) -
                   0.20 * std::cos(4 * h - 63 * degree);
  const double sl = 1 + 0.015 * std::pow(l - 50, 2) / std::sqrt(20 + std::pow(l - 50, 2));
  const double sc = 1 + 0.045 * c, sh = 1 + 0.015 * c * t;
  const double turn = 30 * degree * std::exp(-std::pow((h / degree - 275) / 25, 2));
  const double rt = -2 * seventh(c) * std::sin(2 * turn);
  const double x = dl / sl, y = dc / sc, z = dhh / sh;
  return std::sqrt(x * x + y * y + z * z + rt * y * z);
}

TEST(Palette, DistanceFormulaAgreesWithSharmasTable) {
  // Sharma, Wu & Dalal 2005, table 1, pairs 1, 7 and 25 (four decimals).
  EXPECT_NEAR(ciede2000({50, 2.6772, -79.7751}, {50, 0, -82.7485}), 2.0425, 5e-5);
  EXPECT_NEAR(ciede2000({50, 0, 0}, {50, -1, 2}), 2.3669, 5e-5);
  EXPECT_NEAR(ciede2000({60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}), 1.2644, 5e-5);
}

TEST(Palette, TextAndStatesStandOutFromTheirBackground) {
  for (const Palette& p : {light_palette, dark_palette})
    for (const auto background : {p.background, p.surface}) {
      for (const auto text : {p.ink, p.muted, p.ok, p.warning, p.critical, p.unknown})
        EXPECT_GE(contrast(text, background), 4.5) << text << " on " << background;
      for (const auto mark : {p.reference, p.current}) EXPECT_GE(contrast(mark, background), 3.0) << mark << " on " << background;
    }
  for (const Palette& p : {light_palette, dark_palette})
    for (const auto text : {p.ink, p.muted}) EXPECT_GE(contrast(text, p.sunken), 4.5) << text << " in a well";
}

TEST(Palette, StatesStayApartForEveryKindOfColourVision) {
  for (const Palette& p : {light_palette, dark_palette}) {
    const std::array states = {p.ok, p.warning, p.critical, p.unknown};
    for (size_t v = 0; v < vision.size(); ++v)
      for (size_t i = 0; i < states.size(); ++i)
        for (size_t j = i + 1; j < states.size(); ++j)
          EXPECT_GE(ciede2000(lab(seen(vision[v], linear(states[i]))), lab(seen(vision[v], linear(states[j])))), 15)
              << states[i] << " and " << states[j] << ", vision " << v;
  }
}

}  // namespace
}  // namespace leeway::reports
