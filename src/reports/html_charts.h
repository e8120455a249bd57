#pragma once
// The marks of the page: shapes of states, interval bars against a leeway, histograms of two sides, small multiples.
// Positions are percentages, so that every chart takes the width it is given.

#include <string>
#include <string_view>
#include <vector>

#include "reports/html_writer.h"
#include "reports/outline.h"

namespace leeway::reports {

/// "ok", "wa", "cr", "un", "me": the class that gives a state its colour.
std::string_view css_class(State state);

/// The symbols that icon() refers to; once a page.
Markup icon_symbols();
/// The shape of a state, hidden from assistive technology: a word always stands beside it.
Markup icon(State state);
/// Shape and word.
Markup badge(State state, std::string_view word);
Markup badge(const Finding& finding);

/// A scale along the width of a chart. `root` spaces values by their square root: the PSI grows with the square of a shift.
struct Axis {
  double low = 0, high = 1;
  bool root = false;

  /// Percent of the width, within 0 and 100; 0 for NaN.
  double at(double value) const;
  bool holds(double value) const { return value >= low && value <= high; }
};

/// What an interval bar shows of a finding.
struct Bar {
  Estimate estimate;
  double limit = undefined;
  enum class Outside { nowhere, above, below, both } outside = Outside::nowhere;  ///< Which side of the limit is forbidden.
  bool from_zero = false;   ///< Zero means "nothing moved" and belongs on the axis.
};
/// On the PSI-equivalent scale if `psi` and the finding has one, else in its own unit; the current level where the
/// leeway is set on it.
Bar bar_of(const Finding& finding, bool psi);
/// Wide enough for all of them, with a margin.
Axis axis_of(const std::vector<Bar>& bars);
/// From 0 to the largest movement of the report, at least four leeways, at most a PSI of 4.
Axis psi_axis(const Report& report);

/// Interval, value, the limit as a line and the forbidden side as a shade. `label` is read aloud; empty hides the bar
/// from assistive technology, for places where the numbers stand beside it.
Markup interval_bar(const Bar& bar, const Axis& axis, State state, std::string_view label = {});
/// Tick labels of the PSI axis, with the leeway among them.
Markup psi_ticks(const Axis& axis, double leeway);

/// Both sides of a column, reference filled and current as an outline; `id` lets the same drawing be used again.
Markup histogram(const ReportColumn& column, std::string_view id);
/// The drawing made by histogram(column, id), at another size.
Markup histogram_again(const ReportColumn& column, std::string_view id, std::string_view label);
/// True if the bins are ranges of numbers, so that they are drawn as steps along an axis.
bool has_numeric_bins(const ReportColumn& column);

/// A horizontal bar of a share between 0 and 1.
Markup share_bar(double share, double most, std::string_view css);

/// A line over the windows with the leeway, gaps where there is no value.
Markup trend(const Series& series);

/// Observed rate against mean score, both sides, with the diagonal.
Markup reliability_diagram(const ReportCalibration& calibration);

/// A floating bar from `from` to `to` with a whisker for the interval of its end.
Markup waterfall_bar(const Axis& axis, double from, double to, const Estimate& end, std::string_view css);

}  // namespace leeway::reports
