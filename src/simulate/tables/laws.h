#pragma once
// Small pieces of which the tables' laws are made.

#include <algorithm>
#include <cmath>
#include <span>

#include "base/portable_math.h"
#include "base/random.h"

namespace leeway::simulate {

using portable::logistic;

/// Index of a category drawn with the given shares (which sum to 1).
inline double pick(Random& random, std::span<const double> shares) {
  double u = random.uniform();
  size_t i = 0;
  while (i + 1 < shares.size() && u >= shares[i]) u -= shares[i++];
  return static_cast<double>(i);
}

/// e^(log_median + sd Z)
inline double lognormal(Random& random, double log_median, double sd) {
  return portable::exp(random.normal(log_median, sd));
}

/// log(1 + x) for x >= 0 of ordinary size.
inline double log1(double x) { return portable::log(1 + x); }

/// What a scorecard takes for a value that is not recorded.
inline double or_typical(double recorded, double typical) { return std::isnan(recorded) ? typical : recorded; }

/// A wave of period one year, +1 at `top` (a share of the year), -1 half a year later.
inline double yearly(double year_turn, double top) { return portable::cos_turns(year_turn - top); }

/// Whether a feature holds the category of that index.
inline bool is(double value, size_t category) { return value == static_cast<double>(category); }

/// A category's effect, or that of the first for a category that the laws do not know.
inline double effect(std::span<const double> effects, double category) {
  return category < static_cast<double>(effects.size()) ? effects[static_cast<size_t>(category)] : effects[0];
}

}  // namespace leeway::simulate
