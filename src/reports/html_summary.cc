// The first screen: what was compared, the verdict in one sentence, counts, what to do, and the worst findings.

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "reports/html_sections.h"
#include "reports/summary.h"
#include "reports/words.h"

namespace leeway::reports {
namespace {

constexpr size_t most_worst = 8;

std::string_view headline(State state) {
  switch (state) {
    case State::critical: return "Far outside the leeway";
    case State::warning: return "Outside the leeway";
    case State::ok: return "Within the leeway";
    default: return "Not decided";
  }
}

Markup tiles(const StateCounts& counts) {
  struct Tile {
    State state;
    int count;
    std::string_view word;
  };
  const std::array<Tile, 6> all = {{{State::critical, counts.critical, "Critical"},
                                    {State::warning, counts.warning, "Warning"},
                                    {State::unknown, counts.undecided, "Undecided"},
                                    {State::unknown, counts.no_data, "No data"},
                                    {State::ok, counts.ok, "OK"},
                                    {State::measured, counts.measured, "Measured"}}};
  Markup out{"<ul class=tiles>"};
  for (const auto& tile : all)
    add(out, "<li><b>{}</b>{}", grouped(tile.count), badge(tile.state, tile.word));
  out.html += "</ul>";
  return out;
}

Markup side_card(std::string_view title, const ReportSide& side) {
  Markup out = markup("<div class=card><h3>{}</h3><dl class=facts><dt>Data<dd>{}{}<dt>Rows<dd>{}<dt>Columns<dd>{}", title,
                      side.label, side.is_profile ? " (a profile)" : "", grouped(side.rows), grouped(side.columns));
  if (const std::string span = span_text(side.from, side.to); !span.empty()) add(out, "<dt>Window<dd>{}", span);
  if (!side.fingerprint.empty()) add(out, "<dt>Fingerprint<dd><code>{}</code>", side.fingerprint);
  out.html += "</dl></div>";
  return out;
}

/// Where a finding's own section shows it.
std::string anchor(const HtmlReport& r, const Finding& finding) {
  const Family family = finding.method().family;
  if (family == Family::drift) {
    const auto place = [&](const std::vector<ColumnView>& views, std::string_view kind) -> std::string {
      for (size_t i = 0; i < views.size() && i < most_cards; ++i)
        if (views[i].name == finding.measurement.subject.column) return card_id(kind, i);
      return "";
    };
    if (const std::string id = place(r.outline.features, "column"); !id.empty()) return id;
    if (const std::string id = place(r.outline.targets, "target"); !id.empty()) return id;
    return finding.measurement.subject.column.empty() ? "joint" : "drift";
  }
  switch (family) {
    case Family::multivariate: return "joint";
    case Family::performance: return "performance";
    case Family::estimate: return "estimate";
    case Family::fairness: return "fairness";
    case Family::business: return "business";
    default: return "quality";
  }
}

Markup worst_item(const HtmlReport& r, const Finding& finding, const Axis& psi) {
  const Measurement& m = finding.measurement;
  const bool on_psi = on_psi_axis(finding);
  const Bar bar = bar_of(finding, on_psi);
  const Axis axis = on_psi ? psi : axis_of({bar});
  const EstimateText text = on_psi ? drift_text(finding) : level_texts(m).value;
  Markup out = markup("<li class={}>{}<div><h3><a href=\"#{}\">{}</a></h3><p>{}</p></div>", css_class(state(finding)), badge(finding),
                      anchor(r, finding), series_label(m), ellipsize(printable(finding.sentence), 600));
  if (m.computed())
    add(out, "<div class=bx>{}<small><span>{}</span><span>leeway {}</span></small></div>",
        interval_bar(bar, axis, state(finding)), with_bounds(text),
        on_psi && finding.leeway && std::isfinite(finding.leeway->psi_equivalent) ? short_number(finding.leeway->psi_equivalent)
                                                                                  : limit_text(finding));
  return out;
}

}  // namespace

std::string card_id(std::string_view kind, size_t index) { return fmt::format("{}-{}", kind, index); }

Section summary_section(const HtmlReport& r) {
  const State worst = overall(r.report);
  Section section{"summary", "Summary", worst, "", {}};
  Markup& out = section.body;
  add(out, "<div class=\"card hero {}\"><p class=verdict>{}{}</p>", css_class(worst), icon(worst), headline(worst));
  if (const Advice advised = advice(r.report); advised.action != Action::none)
    add(out, "<p class=advice><b>{}</b> {}</p>", name(advised.action), advised.reason);
  add(out, "<p class=lead>{}</p>", ellipsize(verdict_sentence(r.report), 900));
  if (!r.report.explanation.sentence.empty())
    add(out, "<p class=why>{}</p>", ellipsize(printable(r.report.explanation.sentence), 1200));
  out.html += tiles(count_states(r.report)).html;
  out.html += "<h3 class=gap>What to do</h3><ol class=todo>";
  for (const auto& step : next_steps(r.report, r.outline)) add(out, "<li>{}", step);
  out.html += "</ol></div><div class=\"two gap\">";
  out.html += side_card("Reference", r.report.reference).html;
  out.html += side_card("Current", r.report.current).html;
  out.html += "</div>";
  return section;
}

Section worst_section(const HtmlReport& r) {
  Section section{"worst", "What stands out", State::measured, "", {}};
  std::vector<const Finding*> standing_out;
  for (const auto& finding : r.report.findings)
    if (state(finding) >= State::warning) standing_out.push_back(&finding);
  if (standing_out.empty()) return section;
  std::stable_sort(standing_out.begin(), standing_out.end(),
                   [](const Finding* a, const Finding* b) { return state(*a) > state(*b); });
  section.worst = worst(standing_out);
  const size_t count = std::min(most_worst, standing_out.size());
  if (count < standing_out.size())
    section.aside = fmt::format("the {} worst of {}", count, grouped(static_cast<int64_t>(standing_out.size())));
  const Axis psi = psi_axis(r.report);
  section.body.html = "<ul class=wl>";
  for (size_t i = 0; i < count; ++i) section.body.html += worst_item(r, *standing_out[i], psi).html;
  section.body.html += "</ul>";
  return section;
}

}  // namespace leeway::reports
