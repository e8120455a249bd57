#pragma once
// A quantity on one side, with its interval, and the change of it between two sides: what performance, estimates,
// business quantities and rates have in common. Two-sided 95 % intervals, that is 97.5 % for each bound.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/measurement.h"
#include "stats/interval.h"
#include "stats/means.h"

namespace leeway {

/// `events` of `trials` independent ones.
struct Proportion {
  int64_t events = 0;
  int64_t trials = 0;
};

/// A quantity of one side. Either computed (`not_computable` empty) or not.
struct Level {
  Estimate estimate;
  std::string slice;                         ///< Completes the subject: "class = 2"; empty for the whole.
  std::optional<Proportion> proportion;      ///< Set if the level is one: the change then has a score interval.
  std::optional<stats::MeanVariance> mean;   ///< Set if the level is a mean over rows: the change is then Welch's.
  std::optional<stats::Interval> bracket;    ///< From stored bins: the exact value is inside for certain.
  std::vector<Detail> details;
  std::string not_computable;                ///< As in Measurement.
  std::string note;

  bool computed() const { return not_computable.empty(); }

  /// Jeffreys' interval below 40 trials, Wilson's above; not computable, for the reason given, without trials.
  static Level of_proportion(int64_t events, int64_t trials, std::string_view without_trials);
  /// Student's interval; without one below two rows. Not computable without rows.
  static Level of_mean(const stats::MeanVariance& mean);
  static Level of(double value, stats::Interval interval, double se = undefined);
  static Level failed(std::string_view reason);
};

using Levels = std::vector<Level>;

/// change = current - reference with its interval and, if it has one, the p-value of "no change": Miettinen-Nurminen's
/// score interval for proportions, Welch's for means, else the two intervals combined by squaring and adding distances
/// (Zou & Donner 2008, doi:10.1002/sim.3095), which for symmetric intervals is the sum of the variances.
struct Change {
  Estimate estimate;
  std::optional<double> p_value;
  std::optional<double> log_p;
};
Change change(const Level& reference, const Level& current);

/// One measurement for each slice of the current side, then for each that only the reference has. Without reference
/// levels the current ones stand alone, `value` without a number. The details of the reference carry the prefix
/// "reference_".
std::vector<Measurement> compare(const MethodInfo& method, const Subject& subject, std::span<const Level> reference,
                                 const InputCounts& reference_rows, std::span<const Level> current,
                                 const InputCounts& current_rows);

}  // namespace leeway
