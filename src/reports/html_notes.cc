// Data quality, and the notes at the end: what was inferred, how to get this report again, which methods were used.

#include <algorithm>
#include <map>

#include "base/text.h"
#include "reports/html_sections.h"
#include "reports/words.h"

namespace leeway::reports {
namespace {

Markup quality_row(const Finding& finding) {
  const Measurement& m = finding.measurement;
  const LevelTexts text = level_texts(m);
  Markup out = markup("<tr><td>{}<th scope=row>{}<small class=wr>{}</small><td>{}", badge(finding),
                      ellipsize(printable(subject_text(m.subject)), 80), m.method->title,
                      ellipsize(printable(finding.sentence), 400));
  add(out, "<td class=n>{}<td class=n>{}<td class=n>{}<small>{}</small>", text.reference.value, text.current.value, text.value.value,
      text.value.bounds);
  return out;
}

Markup quality_table(const std::vector<const Finding*>& findings, std::string_view caption) {
  Markup table = markup("<table><caption>{}</caption><thead><tr><th scope=col>State<th scope=col>Where<th scope=col>What<th scope=col "
                        "class=n>Reference<th scope=col class=n>Current<th scope=col class=n>Value</thead><tbody>",
                        caption);
  const size_t count = std::min(findings.size(), most_table_rows);
  for (size_t i = 0; i < count; ++i) table.html += quality_row(*findings[i]).html;
  table.html += "</table>";
  Markup out = scrolling(caption, table);
  if (count < findings.size())
    add(out, "<p class=cut>… and {} more in the JSON form of this report.</p>", grouped(static_cast<int64_t>(findings.size() - count)));
  return out;
}

/// A line each, without sentences: a reader who opens this wants the list.
Markup quiet_table(const std::vector<const Finding*>& findings) {
  Markup out{"<table class=bins><thead><tr><th scope=col>Where<th scope=col>Check<th scope=col class=n>Reference<th scope=col "
             "class=n>Current<th scope=col class=n>Value</thead><tbody>"};
  const size_t count = std::min(findings.size(), most_table_rows);
  for (size_t i = 0; i < count; ++i) {
    const Measurement& m = findings[i]->measurement;
    const LevelTexts text = level_texts(m);
    add(out, "<tr><th scope=row>{}<td>{}<td class=n>{}<td class=n>{}<td class=n>{}", ellipsize(printable(subject_text(m.subject)), 60),
        m.method->title, text.reference.value, text.current.value, text.value.value);
  }
  out.html += "</table>";
  if (count < findings.size())
    add(out, "<p class=cut>… and {} more in the JSON form of this report.</p>", grouped(static_cast<int64_t>(findings.size() - count)));
  return out;
}

Markup methods_list(const Report& report) {
  std::map<std::string_view, const MethodInfo*> used;
  for (const auto& finding : report.findings) used.emplace(finding.method().title, finding.measurement.method);
  Markup out{"<dl class=methods>"};
  for (const auto& [title, method] : used) {
    add(out, "<dt><b>{}</b> <small>{}, version {}</small><dd>{}", title, method->id, method->version, with_stop(method->measures));
    if (!method->guarantee.empty()) add(out, " {}", with_stop(method->guarantee));
    if (!method->misleads.empty()) add(out, " When it misleads: {}", with_stop(mid_sentence(method->misleads)));
    if (!method->source.empty()) add(out, " <small>{}</small>", method->source);
  }
  out.html += "</dl>";
  return out;
}

}  // namespace

Section quality_section(const HtmlReport& r) {
  Section section{"quality", "Data quality", worst(r.outline.quality), "", {}};
  if (r.outline.quality.empty()) return section;
  std::vector<const Finding*> loud, quiet;
  for (const Finding* finding : r.outline.quality) (state(*finding) > State::ok ? loud : quiet).push_back(finding);
  Markup& out = section.body;
  out.html = "<div class=card>";
  if (loud.empty()) out.html += "<p>Nothing new: every check of the data is within its leeway.</p>";
  else out.html += quality_table(loud, "What is new or wrong in the current data").html;
  if (!quiet.empty())
    add(out, "<details class=more><summary>{}</summary>{}</details>",
        count_text(static_cast<int64_t>(quiet.size()), "check without news", "checks without news"), quiet_table(quiet));
  out.html += "</div>";
  return section;
}

Section notes_section(const HtmlReport& r) {
  const Report& report = r.report;
  Section section{"notes", "About this report", State::measured, "", {}};
  Markup& out = section.body;
  if (!report.notes.empty()) {
    out.html += "<div class=card><h3>What was inferred</h3><ul class=notes>";
    const size_t count = std::min<size_t>(100, report.notes.size());
    for (size_t i = 0; i < count; ++i) add(out, "<li>{}", ellipsize(printable(report.notes[i]), 600));
    if (count < report.notes.size()) add(out, "<li>… and {} more", report.notes.size() - count);
    out.html += "</ul></div>";
  }
  out.html += "<div class=card><h3>How to get this report again</h3>";
  add(out, "<pre class=scroll tabindex=0 role=group aria-label=\"Command\"><code>{}</code></pre>", report.command);
  add(out, "<dl class=facts><dt>Policy<dd>{}<dt>Drift leeway<dd>{} on the PSI-equivalent scale<dt>Leeway version<dd>{}",
      report.policy, short_number(report.drift_leeway), report.tool_version);
  if (!report.generated_at.empty()) add(out, "<dt>Made at<dd>{}", report.generated_at);
  out.html += "</dl></div><div class=card><h3>How to read it</h3><p>A verdict needs an interval, not a point: something is outside its "
              "leeway only when even the near end of its interval is beyond it, and OK only when even the far end is within it. "
              "Everything between is undecided, and the report says how many rows would decide it.</p>";
  if (!report.findings.empty())
    add(out, "<details class=more><summary>The methods used, and what they promise</summary>{}</details>", methods_list(report));
  out.html += "</div>";
  return section;
}

}  // namespace leeway::reports
