#pragma once
// The result of one check: a number, how sure it is, what it was computed from. Never a verdict.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/method_info.h"

namespace leeway {

inline constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// A value with a lower and an upper bound. The bounds' confidence is Measurement::confidence on each side; NaN where
/// there is none. `se` is the standard error where the bounds come from one, else NaN.
struct Estimate {
  double value = undefined;
  double lower = undefined;
  double upper = undefined;
  double se = undefined;

  bool operator==(const Estimate&) const = default;
};

/// Where the rows of one side went. used + missing + nan + infinities + type_errors = rows.
struct InputCounts {
  int64_t rows = 0;
  int64_t used = 0;         ///< Rows that entered the number.
  int64_t missing = 0;      ///< Null (or a declared missing text).
  int64_t nan = 0;
  int64_t plus_infinity = 0;
  int64_t minus_infinity = 0;
  int64_t type_errors = 0;  ///< Values that are not of the reference's type.
  int64_t unseen = 0;       ///< Of those used: categories the reference does not have.

  bool operator==(const InputCounts&) const = default;
};

/// What a measurement is about.
struct Subject {
  std::string column;  ///< Feature, score, label or group column; empty for the whole table.
  std::string slice;   ///< "sex = female", "class = 2", "sex = female against male"; empty for all rows.

  bool operator==(const Subject&) const = default;
};

/// A further number of the same computation, by name: "statistic", "df", "bins", "threshold".
struct Detail {
  std::string name;
  double value;

  bool operator==(const Detail&) const = default;
};

/// `value` is what a leeway is compared with: a distance (drift), the change current - reference (performance,
/// business, quality), a gap or ratio (fairness). Where the two sides have levels of their own (an AUC, a rate) these
/// stand in `reference` and `current`.
struct Measurement {
  const MethodInfo* method = nullptr;
  Subject subject;
  Estimate value;
  double confidence = 0.95;             ///< Of each bound by itself: .95 for drift, .975 (a 95 % interval) for metrics.
  std::optional<Estimate> reference;
  std::optional<Estimate> current;
  std::optional<double> p_value;
  std::optional<double> log_p;          ///< Natural logarithm, where the p-value itself would underflow.
  std::optional<double> by_chance;      ///< Expected value when nothing moved, at these sizes.
  std::optional<Estimate> bracket;      ///< From profiles: the exact value lies in [lower, upper] for certain.
  InputCounts reference_rows;
  InputCounts current_rows;
  std::vector<Detail> details;
  std::string not_computable;           ///< The reason, as a sentence without a final stop; empty if computed.
  std::string note;                     ///< A caveat about this very number; empty if none.

  bool computed() const { return not_computable.empty(); }
  /// The value is of the current side alone (a gap between its groups, say) and repeated in `current`, no movement
  /// against the reference.
  bool within_current() const {
    return method->family == Family::fairness && current && current->value == value.value;
  }
  std::optional<double> detail(std::string_view name) const {
    for (const auto& d : details)
      if (d.name == name) return d.value;
    return std::nullopt;
  }
};

}  // namespace leeway
