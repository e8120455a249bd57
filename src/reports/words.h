#pragma once
// Numbers and verdicts in words, the same on the terminal and on the page. Nothing here is escaped.

#include <string>
#include <string_view>

#include "findings/wording.h"
#include "reports/outline.h"

namespace leeway::reports {

/// "OK", "Warning", "Critical", "Undecided", "No data", "Measured": the word that goes with shape and colour.
std::string_view status_word(const Finding& finding);
std::string_view status_word(State state);

/// The value on the PSI-equivalent scale, or in the method's own unit where there is no such scale.
EstimateText drift_text(const Finding& finding);

/// "0.213 (0.189 to 0.237)"
std::string with_bounds(const EstimateText& text);

/// Does the finding belong on the common axis of movements? Shares of missing rows and the like have an equivalent too,
/// but people read them as shares.
bool on_psi_axis(const Finding& finding);

/// What a measurement is drawn as over time: the current level where the value is a change, else the value (on the
/// PSI-equivalent scale where it has one).
double series_value(const Finding& finding);
/// Where a series is drawn: a distance from 0 to its largest value or its leeway, a level from its least to its most.
struct SeriesRange {
  double low = 0, high = 1;
};
SeriesRange series_range(const Series& series);
/// "income", "ROC AUC", "Adverse-impact ratio, sex, female against male"
std::string series_label(const Measurement& measurement);

/// "95 % interval" or, for bounds that are meant one at a time, "each bound 95 % sure".
std::string confidence_text(const Measurement& measurement);

/// The limit as it stands beside a mark on an axis: "0.1", "+0.03", "±5 pp"; empty without one.
std::string limit_text(const Finding& finding);

/// Why nothing was decided: "1,240 more rows needed", "the reference is too small", "the column is empty"; else empty.
std::string open_reason(const Finding& finding);

/// With and without the final stop.
std::string with_stop(std::string_view sentence);
std::string without_stop(std::string_view sentence);

/// "1,240 rows", "1 row"
std::string count_text(int64_t count, std::string_view one, std::string_view many);

/// "2026-10-01 to 2026-10-08" from RFC 3339 instants: without the time of day where both are midnights.
std::string span_text(std::string_view from, std::string_view to);

}  // namespace leeway::reports
