#pragma once
// What a performance metric is: a record, what it needs of the rows, and the function that computes it for one side.
// A metric is one file with one constexpr record, declared in metrics.h and listed in registry.cc.

#include <string>
#include <type_traits>
#include <vector>

#include "checks/level.h"
#include "checks/measurement.h"
#include "checks/method_info.h"

namespace leeway::performance {

/// What must be there for a metric to be computable, besides a labelled row; each kind of sample says what it lacks.
namespace need {
inline constexpr unsigned scores = 1;         ///< A score (multiclass: one per class).
inline constexpr unsigned probabilities = 2;  ///< Scores in [0, 1] (multiclass: adding up to 1).
inline constexpr unsigned decisions = 4;      ///< A predicted class, given or by threshold.
inline constexpr unsigned two_classes = 8;    ///< Labels of at least two classes.
}  // namespace need

// Parts of the records that many metrics share.
inline constexpr std::string_view no_change = "The quantity is the same in both windows";
inline constexpr std::string_view rows_independent =
    "95 % intervals for independent rows; rows that repeat a customer make them too narrow";
inline constexpr std::string_view proportion_bounds =
    "Wilson's interval (Jeffreys' below 40 rows), Miettinen-Nurminen's for the change, given the number of rows that "
    "the share is taken over";
inline constexpr std::string_view proportion_bounds_source =
    "Wilson 1927, doi:10.1080/01621459.1927.10502953; Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211";

/// `Sample` is BinarySample, MulticlassSample or RegressionSample; `Options` what the user may set for it.
template <class Sample, class Options>
struct Metric {
  MethodInfo info;
  unsigned needs;   ///< Flags of need; the function is called only if nothing is lacking.
  /// The level of `sample` (several for a metric per class). `reference` is the reference side if it has labelled rows,
  /// for what is measured against it (its prevalence, its variance); on the reference side it is the sample itself.
  Levels (*levels)(const Sample& sample, const Options& options, const Sample* reference);
};

/// The levels of one side, or the one reason why there are none.
template <class Sample, class Options>
Levels levels(const Metric<Sample, Options>& metric, const Sample& sample, const Options& options,
              const Sample* reference) {
  if (std::string reason = lacking(sample, metric.needs); !reason.empty()) return {Level::failed(reason)};
  Levels result = metric.levels(sample, options, reference);
  for (Level& level : result)
    if (level.computed() && !sample.caveat().empty())
      level.note += (level.note.empty() ? "" : "; ") + sample.caveat();
  return result;
}

/// Reference level, current level and change. `reference` may be null, or without labelled rows: then the current level
/// stands alone. Thread safe, as samples are immutable.
template <class Sample, class Options>
std::vector<Measurement> measure(const Metric<Sample, Options>& metric, const Subject& subject,
                                 const std::type_identity_t<Sample>* reference, const Sample& current,
                                 const std::type_identity_t<Options>& options) {
  const Levels to = levels(metric, current, options, reference && reference->rows() > 0 ? reference : nullptr);
  if (!reference || reference->rows() == 0)
    return compare(metric.info, subject, {}, reference ? reference->counts() : InputCounts{}, to, current.counts());
  const Levels from = levels(metric, *reference, options, reference);
  return compare(metric.info, subject, from, reference->counts(), to, current.counts());
}

}  // namespace leeway::performance
