#pragma once
// What there is to know about a method apart from its numbers. Help texts, documentation, JSON names and Python names
// are made from this record, so it is written once, beside the method.

#include <string_view>

#include "stats/scale.h"

namespace leeway {

enum class Family { quality, drift, multivariate, performance, estimate, fairness, business };
std::string_view name(Family family);

/// Which way is worse.
enum class Orientation { higher_is_worse, lower_is_worse, either };
std::string_view name(Orientation orientation);

std::string_view name(Scale scale);

struct MethodInfo {
  std::string_view id;          ///< Stable name: "ks". Lower case, digits, underscore.
  std::string_view title;       ///< "Kolmogorov-Smirnov distance"
  Family family;
  int version;                  ///< Raised when the same input would give another number.
  Orientation orientation;
  Scale scale;
  std::string_view unit;        ///< "" for a pure number, else "rows", "share", "nats", "label units", "cost per row"
  std::string_view measures;    ///< What is estimated, in one sentence.
  std::string_view hypothesis;  ///< The null hypothesis of its p-value, or "" if it has none.
  std::string_view guarantee;   ///< What its bounds or p-value promise, and under which assumptions.
  std::string_view misleads;    ///< When not to trust it.
  std::string_view cost;        ///< "O(n)", with n current and m reference rows
  std::string_view source;      ///< Paper, with DOI where there is one.
};

}  // namespace leeway
