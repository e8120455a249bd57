#pragma once
// The findings of a report sorted into the sections that people read: which finding belongs where, in which state. The
// terminal and the page both start from it. Order inside a section is the report's own, worst first.

#include <string>
#include <vector>

#include "reports/report.h"

namespace leeway::reports {

/// How a finding is shown; later is worse.
enum class State { measured, ok, unknown, warning, critical };
State state(const Finding& finding);
/// The worst of several; `measured` for none.
State worst(const std::vector<const Finding*>& findings);

/// A column with what was found about its distribution.
struct ColumnView {
  std::string name;
  const ReportColumn* column = nullptr;    ///< Null if a finding names a column the report does not describe.
  std::vector<const Finding*> drift;       ///< The first is the headline: judged before unjudged, then worst first.
  std::vector<const Finding*> quality;
  const ColumnShift* shift = nullptr;
  State status = State::measured;          ///< Of the headline.

  const Finding* headline() const { return drift.empty() ? nullptr : drift.front(); }
};

/// One judged thing over the windows.
struct Series {
  const Finding* first = nullptr;          ///< Says what it is about.
  std::vector<const Finding*> cells;       ///< One a window; null where the window does not have it.
  State worst = State::measured;
};

struct Outline {
  std::vector<ColumnView> features;        ///< Worst first.
  std::vector<ColumnView> targets;         ///< Score, prediction and label.
  std::vector<const Finding*> table_drift; ///< Drift of the table as a whole, multivariate methods included.
  std::vector<const Finding*> performance, estimate, fairness, business, quality;
  std::vector<const Finding*> grades;   ///< Of `performance` the event rates by grade, ascending scores.
  std::vector<Series> series;              ///< Worst first.
};

/// The fairness findings to show first: the judged ones, or the headline measures of each group column where none is.
std::vector<const Finding*> fairness_headlines(const Outline& outline);

/// Pointers refer into `report`, which must outlive the result. Cost: O(findings log findings).
Outline outline(const Report& report);

}  // namespace leeway::reports
