#pragma once
// What there is to know about a method apart from its numbers. Help texts, documentation, JSON names and Python names
// are made from this record, so it is written once, beside the method.

#include <string_view>

namespace leeway {

enum class Family { quality, drift, multivariate, performance, estimate, fairness, business };
std::string_view name(Family family);

/// Which way is worse.
enum class Orientation { higher_is_worse, lower_is_worse, either };
std::string_view name(Orientation orientation);

/// The unit in which a value is compared with the one PSI-equivalent leeway (docs/verdicts.md). `none`: the method has
/// no effect size (a bare test), or its leeway is set by name.
enum class Scale {
  none,
  psi,             ///< Σ(p-q) ln(p/q), nats
  ks,              ///< difference of distribution functions (also Kuiper, total variation, a share)
  standard_units,  ///< W1 over the reference's robust standard deviation
  kl,              ///< nats
  js_distance,     ///< sqrt of the divergence in nats
  hellinger,
  separation_auc,  ///< P(current > reference), 1/2 for no change
  energy,          ///< sqrt(E² / scale)
  share,           ///< a difference of two shares of rows
  metric,          ///< a performance, fairness or business quantity: the leeway is set for it by name
};
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
