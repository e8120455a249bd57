// Windows over time: a heat table with shape, colour and number in each cell, and a line a row.

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "reports/html_sections.h"
#include "reports/words.h"

namespace leeway::reports {
namespace {

constexpr size_t most_cells = 4'000;

/// The shape comes from the style sheet, by the class; the word is there for those who cannot see it, and a quiet cell
/// needs none. Short, because there are thousands.
Markup cell(const Finding* finding) {
  if (finding == nullptr) return {"<td class=un><span class=vh>No data</span>"};
  const State shown = state(*finding);
  const double value = series_value(*finding);
  const std::string number = std::isnan(value)          ? ""
                             : on_psi_axis(*finding) ? fmt::format("{:.2f}", value)
                                                       : number_text(value, finding->method().unit == "share" ? "share" : "");
  const Markup word = shown >= State::unknown ? markup("<span class=vh> {}</span>", status_word(*finding)) : Markup{};
  return markup("<td class={}>{}{}", css_class(shown), number, word);
}

/// Beginnings of the windows, as short as they stay distinct: "07-06" in one year of days, else with year or time.
std::vector<std::string> window_names(const std::vector<ReportWindow>& windows) {
  constexpr size_t year = 4, date = 10, minute = 16;
  const auto all = [&](auto&& property) { return std::all_of(windows.begin(), windows.end(), property); };
  const std::string first = windows.front().from;
  const bool days = all([](const ReportWindow& w) { return w.from.size() >= date && w.from.substr(date).starts_with("T00:00:00"); });
  const bool one_year = days && all([&](const ReportWindow& w) { return w.from.substr(0, year) == first.substr(0, year); });
  std::vector<std::string> names;
  for (const auto& window : windows) {
    std::string name = printable(window.from).substr(0, days ? date : minute);
    names.push_back(one_year ? name.substr(year + 1) : name);
  }
  return names;
}

}  // namespace

Section windows_section(const HtmlReport& r) {
  const auto& windows = r.report.windows;
  const auto& series = r.outline.series;
  Section section{"windows", "Over time", State::measured, "", {}};
  if (windows.empty() || series.empty()) return section;
  section.worst = series.front().worst;
  section.aside = fmt::format("{}, {}", count_text(static_cast<int64_t>(windows.size()), "window", "windows"),
                              span_text(windows.front().from, windows.back().to));
  const size_t count = std::min(series.size(), std::max<size_t>(10, most_cells / windows.size()));
  Markup table{"<table class=heat><caption>Movement on the PSI-equivalent scale for columns, the current level for metrics; worst first"
               "</caption><thead><tr><td><th scope=col>Trend"};
  for (const auto& name : window_names(windows)) add(table, "<th scope=col>{}", name);
  table.html += "</thead><tbody>";
  for (size_t i = 0; i < count; ++i) {
    add(table, "<tr><th scope=row>{}<td>{}", ellipsize(printable(series_label(series[i].first->measurement)), 60), trend(series[i]));
    for (const Finding* finding : series[i].cells) table.html += cell(finding).html;
  }
  table.html += "<tr><th scope=row>Rows<td>";
  for (const auto& window : windows) add(table, "<td>{}", grouped(window.rows));
  table.html += "</table>";
  add(section.body, "<div class=card><div class=key>{}{}{}{}</div><div class=gap>{}</div>", badge(State::critical, "Critical"),
      badge(State::warning, "Warning"), badge(State::unknown, "Undecided or no data"), badge(State::ok, "OK"),
      scrolling("Windows over time", table));
  if (count < series.size())
    add(section.body, "<p class=cut>… and {} more rows, less severe, in the JSON form of this report.</p>",
        grouped(static_cast<int64_t>(series.size() - count)));
  section.body.html += "</div>";
  return section;
}

}  // namespace leeway::reports
