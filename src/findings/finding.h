#pragma once
// A measurement judged against its leeway.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/measurement.h"

namespace leeway {

enum class Verdict {
  stable,          ///< The upper bound is within the leeway: a positive statement.
  drifted,         ///< The lower bound of a distance exceeds the leeway.
  degraded,        ///< A metric, rate or cost moved the wrong way by more than the leeway, surely.
  unfair,          ///< A fairness gap or ratio is beyond its leeway, surely.
  undecided,       ///< Neither: not enough data (rows_needed says how much).
  not_computable,  ///< The input does not allow the number; Measurement::not_computable says why.
  measured,        ///< No leeway applies: a number with its interval, not judged.
};
std::string_view name(Verdict verdict);
inline bool failed(Verdict v) { return v == Verdict::drifted || v == Verdict::degraded || v == Verdict::unfair; }

enum class Severity { none, yellow, red };
std::string_view name(Severity severity);

/// How far a measurement may move, in the measurement's own unit.
struct Leeway {
  double limit = undefined;            ///< Largest (or, for lower_is_worse, most negative) movement allowed, see `on`.
  double red = undefined;              ///< Beyond this the severity is red; NaN for none.
  enum class On { value, current_minimum, current_maximum } on = On::value;  ///< Compare the movement or the current level.
  double psi_equivalent = undefined;   ///< The PSI this limit was derived from, if it was.
  bool set_by_user = false;
  std::string origin;                  ///< "default", "monitor.yaml:14", "--set leeway.drift"

  bool operator==(const Leeway&) const = default;
};

struct Finding {
  Measurement measurement;
  std::optional<Leeway> leeway;
  Verdict verdict = Verdict::measured;
  Severity severity = Severity::none;
  std::optional<Estimate> psi_equivalent;  ///< The value and its bounds on the one PSI-equivalent scale, where it has one.
  std::optional<int64_t> rows_needed;      ///< undecided: current rows needed in all for a decision at this value.
  std::string undecidable;                 ///< undecided for good: "the reference is too small", "the movement equals the leeway"
  std::optional<double> smallest_detectable;  ///< The movement that would have been found with 80 % probability.
  std::optional<double> q_value;           ///< Benjamini-Hochberg adjusted relevance p-value inside one report.
  std::string sentence;                    ///< Made from the numbers above, by sentence.h.

  const MethodInfo& method() const { return *measurement.method; }
};

}  // namespace leeway
