#pragma once
// The report as text for a terminal or a pipe.

#include <string>

#include "reports/report.h"

namespace leeway {

/// The caller decides from the stream and the environment (NO_COLOR, COLUMNS, the locale's character set).
struct TerminalStyle {
  int width = 80;        ///< Columns; below 40 counts as 40. No line is wider.
  bool colour = false;   ///< Emit SGR colour sequences; without it there is no escape byte at all.
  bool unicode = true;   ///< Sparklines and shapes; else plain ASCII stands in for them.
  bool all = false;      ///< Show every row of long lists instead of the worst ones and a count.
};

/// Sections in the order a reader asks: what was compared, what was inferred, the verdict, drift, prediction and
/// target, performance, fairness, business, quality, why, windows, and as the last lines the verdict with the next
/// command. Within a section the worst comes first. Names and texts from outside are escaped. Ends with a line feed.
std::string report_text(const Report& report, const TerminalStyle& style = {});

}  // namespace leeway
