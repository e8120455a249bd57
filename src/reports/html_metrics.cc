// Tables of findings with intervals drawn against their leeway: performance, estimates, fairness, business.

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "reports/html_sections.h"
#include "reports/words.h"

namespace leeway::reports {
namespace {

/// Value over its bounds, right-aligned.
Markup estimate_cell(const EstimateText& text) {
  if (text.value.empty() && text.bounds.empty()) return {"<td class=n>"};
  return markup("<td class=n>{}<small>{}</small>", text.value, text.bounds);
}

Markup verdict_cell(const Finding& finding) {
  if (finding.verdict == Verdict::measured) return {"<td><small>no leeway set</small>"};
  Markup out = markup("<td>{}", badge(finding));
  const std::string reason = open_reason(finding);
  const std::string leeway = limit_text(finding);
  if (!reason.empty()) add(out, "<small class=wr>{}</small>", ellipsize(printable(reason), 120));
  if (!leeway.empty()) add(out, "<small>leeway {}</small>", leeway);
  return out;
}

Markup level_row(const Finding& finding, bool with_input) {
  const Measurement& m = finding.measurement;
  const LevelTexts text = level_texts(m);
  const Bar bar = bar_of(finding, false);
  Markup out = markup("<tr><th scope=row>{}", m.method->title);
  if (!m.subject.slice.empty()) add(out, "<small class=wr>{}</small>", subject_text(m.subject));
  add(out, "<small class=wr>{}</small>", with_input ? method_text(m) + ", " + input_text(m) : method_text(m));
  add(out, "{}{}<td class=br>{}{}{}", estimate_cell(text.reference), estimate_cell(text.current),
      m.computed() ? interval_bar(bar, axis_of({bar}), state(finding)) : Markup{}, estimate_cell(text.value),
      verdict_cell(finding));
  return out;
}

Markup confusion_table(std::string_view title, const ReportConfusion& confusion, const std::vector<int64_t>& counts) {
  const size_t k = confusion.classes.size();
  if (k == 0 || counts.size() != k * k) return {};
  Markup out{"<div class=card>"};
  Markup table = markup("<table><caption>{}: actual class by row, predicted by column, with the share of the actual class"
                        "</caption><thead><tr><th scope=col>Actual",
                        title);
  for (const auto& name : confusion.classes) add(table, "<th scope=col class=n>{}", ellipsize(printable(name), 24));
  table.html += "</thead><tbody>";
  for (size_t i = 0; i < k; ++i) {
    int64_t sum = 0;
    for (size_t j = 0; j < k; ++j) sum += counts[i * k + j];
    add(table, "<tr><th scope=row>{}", ellipsize(printable(confusion.classes[i]), 24));
    for (size_t j = 0; j < k; ++j) {
      const double share = sum > 0 ? static_cast<double>(counts[i * k + j]) / static_cast<double>(sum) : 0;
      add(table, "<td class=n>{}<small>{}</small>", grouped(counts[i * k + j]), percent(share));
    }
  }
  table.html += "</table>";
  add(out, "{}</div>", scrolling(title, table));
  return out;
}

Markup label_table(const LabelCoverage& labels) {
  const int64_t all = labels.known + labels.unknown;
  const double share = all > 0 ? static_cast<double>(labels.known) / static_cast<double>(all) : 0;
  Markup out = markup("<div class=card><h3>Known outcomes</h3><p>{} of {} ({}). {}</p>", grouped(labels.known), grouped(all),
                      percent(share),
                      labels.provisional ? "Performance is provisional: some rows are too young for their outcome."
                                         : "Performance is final.");
  if (!labels.matures_after.empty()) add(out, "<p class=mu>An outcome is final after {}.</p>", labels.matures_after);
  if (!labels.ages.empty()) {
    out.html += "<table class=bins><thead><tr><th scope=col>Age of the row<th scope=col><span class=vh>Bar</span><th scope=col "
                "class=n>Known<th scope=col class=n>Rows<th scope=col>State</thead><tbody>";
    for (const auto& age : labels.ages) {
      const double known = age.rows > 0 ? static_cast<double>(age.known) / static_cast<double>(age.rows) : 0;
      add(out, "<tr><th scope=row>{}<td class=br>{}<td class=n>{}<td class=n>{}<td>{}", age.label, share_bar(known, 1, "cu"),
          percent(known), grouped(age.rows), age.mature ? "final" : "maturing");
    }
    out.html += "</table>";
  }
  out.html += "</div>";
  return out;
}

Markup calibration_card(const ReportCalibration& calibration) {
  Markup out = markup("<div class=card><h3>Does a score mean what it says?</h3>{}<div class=key><span><i class=ro></i>reference</span><span>"
                      "<i class=co></i>current</span><span>dashed: perfectly calibrated</span></div>",
                      reliability_diagram(calibration));
  out.html += "<details class=more><summary>The points as a table</summary><table class=bins><thead><tr><th scope=col>Side"
              "<th scope=col class=n>Mean score<th scope=col class=n>Observed<th scope=col class=n>Rows</thead><tbody>";
  const auto rows = [&](std::string_view side, const std::vector<ReportCalibration::Point>& points) {
    for (const auto& p : points)
      add(out, "<tr><th scope=row>{}<td class=n>{}{}<td class=n>{}", side, short_number(p.mean_score),
          estimate_cell(estimate_text(p.observed, "share")), grouped(p.rows));
  };
  rows("reference", calibration.reference);
  rows("current", calibration.current);
  out.html += "</table></details></div>";
  return out;
}

/// Fairness findings of one metric with one axis for all its rows.
Markup fairness_rows(const std::vector<const Finding*>& findings) {
  std::vector<Bar> bars;
  for (const Finding* finding : findings) bars.push_back(bar_of(*finding, false));
  const Axis axis = axis_of(bars);
  const MethodInfo& method = findings.front()->method();
  Markup out = markup("<tbody><tr class=gr><th scope=rowgroup colspan=5>{}<small class=wr>{}</small>", method.title, method.measures);
  for (size_t i = 0; i < findings.size(); ++i) {
    const Finding& finding = *findings[i];
    const Measurement& m = finding.measurement;
    const LevelTexts text = level_texts(m);
    add(out, "<tr><th scope=row>{}<small>n = {}</small>{}{}<td class=br>{}{}", subject_text(m.subject),
        grouped(m.current_rows.used), estimate_cell(text.reference), estimate_cell(text.value),
        m.computed() ? interval_bar(bars[i], axis, state(finding)) : Markup{}, verdict_cell(finding));
  }
  return out;
}

}  // namespace

std::string method_text(const Measurement& m) { return fmt::format("{}, version {}", m.method->id, m.method->version); }

std::string input_text(const Measurement& m) {
  std::string text = fmt::format("n = {} and {}", grouped(m.reference_rows.used), grouped(m.current_rows.used));
  if (const auto threshold = m.detail("threshold")) text += fmt::format(", threshold {}", short_number(*threshold, 4));
  return text;
}

Markup scrolling(std::string_view label, const Markup& table) {
  return markup("<div class=scroll role=group aria-label=\"{}\" tabindex=0>{}</div>", label, table);
}

Markup sentence_line(const Finding& finding) {
  std::string text = ellipsize(printable(finding.sentence), 900);
  const std::string& note = finding.measurement.note;
  if (!note.empty()) text += (text.empty() ? "" : " ") + ellipsize(printable(note), 600) + ".";
  return markup("{}", text);
}

Markup finding_table(const std::vector<const Finding*>& findings) {
  Markup table{"<table class=bins><caption>Everything found here, with method, rows and leeway</caption><thead><tr><th scope=col>"
               "Check<th scope=col class=n>Value<th scope=col>Verdict<th scope=col class=n>p<th scope=col class=n>By chance"
               "<th scope=col>Method</thead><tbody>"};
  for (const Finding* finding : findings) {
    const Measurement& m = finding->measurement;
    const LevelTexts text = level_texts(m);
    const bool levels = !text.reference.value.empty() && !text.current.value.empty() && is_change(m);
    add(table, "<tr><th scope=row>{}", m.method->title);
    if (levels) add(table, "<small>{} to {}</small>", text.reference.value, text.current.value);
    if (m.subject.column.empty() && !finding->sentence.empty())
      add(table, "<small class=wr>{}</small>", ellipsize(printable(finding->sentence), 600));
    add(table, "{}{}<td class=n>{}<td class=n>{}<td><small>{}</small><small>{}</small>", estimate_cell(text.value),
        verdict_cell(*finding), m.p_value ? short_number(*m.p_value, 2) : "",
        m.by_chance ? number_text(*m.by_chance, m.method->unit) : "", method_text(m), input_text(m));
  }
  table.html += "</table>";
  return scrolling("Findings", table);
}

Markup level_table(const std::vector<const Finding*>& findings, std::string_view caption) {
  const bool same_input = std::all_of(findings.begin(), findings.end(), [&](const Finding* finding) {
    return input_text(finding->measurement) == input_text(findings.front()->measurement);
  });
  const std::string input = same_input && !findings.empty() ? "; " + input_text(findings.front()->measurement) : "";
  Markup table = markup("<table><caption>{}{}</caption><thead><tr><th scope=col>Metric<th scope=col class=n>Reference<th scope=col "
                        "class=n>Current<th scope=col>Change against its leeway<th scope=col class=n>Change<th scope=col>Verdict"
                        "</thead><tbody>",
                        caption, input);
  const size_t count = std::min(findings.size(), most_table_rows);
  for (size_t i = 0; i < count; ++i) table.html += level_row(*findings[i], !same_input).html;
  table.html += "</table>";
  Markup out = scrolling(caption, table);
  if (count < findings.size())
    add(out, "<p class=cut>… and {} more, less severe, in the JSON form of this report.</p>",
        grouped(static_cast<int64_t>(findings.size() - count)));
  return out;
}

Section performance_section(const HtmlReport& r) {
  Section section{"performance", "Performance", worst(r.outline.performance), "", {}};
  const Report& report = r.report;
  if (r.outline.performance.empty() && !report.labels && !report.calibration && !report.confusion) return section;
  if (report.labels && report.labels->provisional) section.aside = "provisional";
  Markup& out = section.body;
  std::vector<const Finding*> whole, sliced;
  for (const Finding* finding : r.outline.performance)
    (finding->measurement.subject.slice.empty() ? whole : sliced).push_back(finding);
  if (!whole.empty()) add(out, "<div class=card>{}", level_table(whole, "Level on each side and change, with 95 % intervals"));
  if (!sliced.empty())
    add(out, "<details class=more><summary>{}</summary>{}</details>",
        count_text(static_cast<int64_t>(sliced.size()), "metric of a part", "metrics of parts, such as single classes"),
        level_table(sliced, "Parts"));
  if (!whole.empty()) out.html += "</div>";
  out.html += "<div class=\"two gap\">";
  if (report.calibration) out.html += calibration_card(*report.calibration).html;
  if (report.labels) out.html += label_table(*report.labels).html;
  if (report.confusion) {
    out.html += confusion_table("Confusion on the reference", *report.confusion, report.confusion->reference).html;
    out.html += confusion_table("Confusion on the current data", *report.confusion, report.confusion->current).html;
  }
  out.html += "</div>";
  return section;
}

Section estimate_section(const HtmlReport& r) {
  Section section{"estimate", "Performance without labels", worst(r.outline.estimate), "", {}};
  if (r.outline.estimate.empty()) return section;
  section.aside = "estimated from the scores alone";
  std::string note;
  for (const Finding* finding : r.outline.estimate)
    if (note.empty()) note = finding->measurement.note;
  add(section.body, "<div class=card>{}{}</div>", level_table(r.outline.estimate, "Estimated level and change, with 95 % intervals"),
      note.empty() ? Markup{} : markup("<p class=mu>{}.</p>", note));
  return section;
}

Section business_section(const HtmlReport& r) {
  Section section{"business", "Business", worst(r.outline.business), "", {}};
  if (r.outline.business.empty()) return section;
  add(section.body, "<div class=card>{}</div>", level_table(r.outline.business, "Rates and costs, with 95 % intervals"));
  return section;
}

Section fairness_section(const HtmlReport& r) {
  Section section{"fairness", "Fairness", worst(r.outline.fairness), "", {}};
  if (r.outline.fairness.empty()) return section;
  std::vector<std::vector<const Finding*>> metrics;
  const size_t count = std::min(r.outline.fairness.size(), most_table_rows);
  for (size_t i = 0; i < count; ++i) {
    const Finding* finding = r.outline.fairness[i];
    const auto same = std::find_if(metrics.begin(), metrics.end(), [&](const auto& group) {
      return group.front()->method().id == finding->method().id;
    });
    if (same == metrics.end()) metrics.push_back({finding});
    else same->push_back(finding);
  }
  Markup table{"<table><caption>Each metric has one axis for all its groups; intervals hold with 95 %</caption><thead><tr><th scope=col>"
               "Groups<th scope=col class=n>Reference<th scope=col class=n>Current<th scope=col>Interval against the leeway"
               "<th scope=col>Verdict</thead>"};
  for (const auto& group : metrics) table.html += fairness_rows(group).html;
  table.html += "</table>";
  add(section.body, "<div class=card>{}", scrolling("Fairness", table));
  std::string sentences;
  for (const Finding* finding : r.outline.fairness) {
    if (state(*finding) < State::unknown || finding->sentence.empty()) continue;
    sentences += markup("<li>{}", sentence_line(*finding)).html;
    if (sentences.size() > 6000) break;
  }
  if (!sentences.empty()) section.body.html += "<h3 class=gap>In words</h3><ul class=notes>" + sentences + "</ul>";
  if (count < r.outline.fairness.size())
    add(section.body, "<p class=cut>… and {} more in the JSON form of this report.</p>",
        grouped(static_cast<int64_t>(r.outline.fairness.size() - count)));
  section.body.html += "</div>";
  return section;
}

}  // namespace leeway::reports
