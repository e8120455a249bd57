#pragma once
// How soon each outcome becomes known: where one does sooner than the other, what is labelled so far is no fair sample.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "columns/column.h"

namespace leeway::performance {

struct MaturityCurve {
  std::vector<int64_t> ages;        ///< Nanoseconds, ascending: quarters of the horizon; the last is the horizon.
  struct Outcome {
    std::string label;
    int64_t rows = 0;
    std::vector<double> known;      ///< Share of them known by each age.
  };
  std::vector<Outcome> outcomes;    ///< The commonest first, at most 10.
};

/// From the rows that are at least `horizon` old at `as_of` and whose outcome, time and time of becoming known are
/// known: old cohorts, of which all is seen that there is to see by the horizon. `time` and `known_at` are of type time
/// and as long as `label`. Nothing with fewer than 5 such rows. All times in nanoseconds. O(rows).
std::optional<MaturityCurve> maturity_curve(const Column& label, const Column& time, const Column& known_at, int64_t as_of,
                                            int64_t horizon);

}  // namespace leeway::performance
