#include "models/out_of_time.h"

#include <algorithm>
#include <cmath>

namespace leeway::models {

Stability stability(std::span<const WindowLevel> windows) {
  Stability out;
  double sum = 0, squared_errors = 0;
  for (const auto& window : windows) {
    if (!std::isfinite(window.value)) continue;
    ++out.windows;
    sum += window.value;
    squared_errors += window.se * window.se;
  }
  if (out.windows == 0) return out;
  const double n = out.windows;
  out.mean = sum / n;
  if (out.windows < 2 || out.mean == 0) return out;
  double squares = 0;
  for (const auto& window : windows)
    if (std::isfinite(window.value)) squares += (window.value - out.mean) * (window.value - out.mean);
  const double variance = squares / (n - 1), by_chance = squared_errors / n, scale = std::fabs(out.mean);
  out.cv_raw = std::sqrt(variance) / scale;
  out.cv_by_chance = std::sqrt(by_chance) / scale;
  out.cv_corrected = std::isnan(by_chance) ? by_chance : std::sqrt(std::max(0.0, variance - by_chance)) / scale;
  return out;
}

}  // namespace leeway::models
