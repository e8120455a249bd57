#pragma once
// The sections of the page. Each is a function of the report; one without anything to say has an empty body and is left
// out, with its entry in the navigation.

#include <string>
#include <string_view>

#include "reports/html_charts.h"
#include "reports/html_writer.h"
#include "reports/outline.h"

namespace leeway::reports {

struct HtmlReport {
  const Report& report;
  const Outline& outline;
};

struct Section {
  std::string_view id, title;
  State worst = State::measured;
  std::string aside;      ///< A remark beside the title; escaped later.
  Markup body;
};

Section summary_section(const HtmlReport& r);
Section worst_section(const HtmlReport& r);
Section drift_section(const HtmlReport& r);
Section target_section(const HtmlReport& r);
Section joint_section(const HtmlReport& r);
Section performance_section(const HtmlReport& r);
Section estimate_section(const HtmlReport& r);
Section fairness_section(const HtmlReport& r);
Section business_section(const HtmlReport& r);
Section explanation_section(const HtmlReport& r);
Section windows_section(const HtmlReport& r);
Section quality_section(const HtmlReport& r);
Section notes_section(const HtmlReport& r);

// Pieces that several sections use.

/// How many items a page shows of a long list before it only counts them.
inline constexpr size_t most_cards = 200, most_table_rows = 300;

/// "#column-3": the card of the n-th feature; "#target-0" of the n-th target.
std::string card_id(std::string_view kind, size_t index);

/// A table of findings that have levels on both sides: metric, reference, current, change with its bar, verdict. Rows
/// and threshold stand in the caption where they are the same for all.
Markup level_table(const std::vector<const Finding*>& findings, std::string_view caption);
/// Everything found about one column, a line each.
Markup finding_table(const std::vector<const Finding*>& findings);
/// The sentences of the findings that are not fine, as a list; empty if all are.
Markup in_words(const std::vector<const Finding*>& findings);
/// A list of columns with their drawings, foldable, the first `open` of them open.
Markup column_list(const HtmlReport& r, const std::vector<ColumnView>& views, std::string_view kind, size_t open);
/// A table that can be scrolled sideways with the keyboard.
Markup scrolling(std::string_view label, const Markup& table);
/// "ks, version 1": which method made a figure.
std::string method_text(const Measurement& measurement);
/// "n = 100,000 and 41,220, threshold 0.3282": what it was made from.
std::string input_text(const Measurement& measurement);

}  // namespace leeway::reports
