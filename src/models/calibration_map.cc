#include "models/calibration_map.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace leeway::models {
namespace {

constexpr std::array<std::string_view, 4> names = {"none", "isotonic", "platt", "beta"};

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// ln(1 / (1 + exp(-x))) without losing what is left of it for large x.
double log_logistic(double x) { return x < 0 ? x - std::log1p(std::exp(x)) : -std::log1p(std::exp(-x)); }

double through(const std::vector<double>& x, const std::vector<double>& y, double at) {
  const auto right = static_cast<size_t>(std::upper_bound(x.begin(), x.end(), at) - x.begin());
  if (right == 0) return y.front();
  if (right == x.size()) return y.back();
  const double share = (at - x[right - 1]) / (x[right] - x[right - 1]);
  return y[right - 1] + share * (y[right] - y[right - 1]);
}

}  // namespace

std::string_view name(CalibrationKind kind) { return names[static_cast<size_t>(kind)]; }

std::optional<CalibrationKind> calibration_kind_of(std::string_view text) {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == text) return static_cast<CalibrationKind>(i);
  return std::nullopt;
}

double CalibrationMap::operator()(double margin) const {
  if (std::isnan(margin)) return margin;
  switch (kind) {
    case CalibrationKind::isotonic: return through(x, y, logistic(margin));
    case CalibrationKind::platt: return logistic(a * margin + b);
    case CalibrationKind::beta: return logistic(a * log_logistic(margin) - b * log_logistic(-margin) + c);
    case CalibrationKind::none: break;
  }
  return logistic(margin);
}

bool CalibrationMap::valid() const {
  const auto finite = [](double v) { return std::isfinite(v); };
  if (!finite(a) || !finite(b) || !finite(c)) return false;
  switch (kind) {
    case CalibrationKind::none: return true;
    case CalibrationKind::platt: return a >= 0;
    case CalibrationKind::beta: return a >= 0 && b >= 0;
    case CalibrationKind::isotonic: break;
  }
  return !x.empty() && x.size() == y.size() && std::ranges::all_of(x, finite) &&
         std::ranges::adjacent_find(x, std::greater_equal<>()) == x.end() && std::ranges::is_sorted(y) &&
         y.front() >= 0 && y.back() <= 1;
}

}  // namespace leeway::models
