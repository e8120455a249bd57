// Tables of findings with intervals drawn against their leeway: performance, estimates, fairness, business.

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

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

/// What most rows were made from.
std::string common_input(const std::vector<const Finding*>& findings) {
  std::map<std::string, int> seen;
  std::string most;
  for (const Finding* finding : findings) {
    const std::string input = input_text(finding->measurement);
    if (++seen[input] > seen[most] || most.empty()) most = input;
  }
  return most;
}

/// `common` is what the caption says of the input of all rows; a row says only what differs.
Markup level_row(const Finding& finding, const std::string& common) {
  const Measurement& m = finding.measurement;
  const LevelTexts text = level_texts(m);
  const Bar bar = bar_of(finding, false);
  Markup out = markup("<tr><th scope=row>{}", m.method->title);
  if (!m.subject.slice.empty()) add(out, "<small class=wr>{}</small>", subject_text(m.subject));
  const std::string input = input_text(m);
  add(out, "<small class=wr>{}{}</small>", method_text(m), input == common ? "" : ", " + input);
  add(out, "{}{}<td class=br>{}{}{}", estimate_cell(text.reference), estimate_cell(text.current),
      std::isnan(bar.estimate.value) ? Markup{} : interval_bar(bar, axis_of({bar}), state(finding)), estimate_cell(text.value),
      verdict_cell(finding));
  return out;
}

/// The four shares of a binary confusion matrix, which stand among the metrics as slices of one.
Markup confusion_card(const std::vector<const Finding*>& findings) {
  const auto cell = [&](std::string_view slice) -> Markup {
    for (const Finding* finding : findings) {
      const Measurement& m = finding->measurement;
      if (m.method->id != "confusion_matrix" || m.subject.slice != slice) continue;
      const LevelTexts text = level_texts(m);
      return markup("<td class=n>{}<small>{} {}</small>", text.current.value, text.reference.value.empty() ? "" : "was",
                    text.reference.value);
    }
    return {};
  };
  const Markup tp = cell("true positives"), fn = cell("false negatives"), fp = cell("false positives"), tn = cell("true negatives");
  if (tp.empty() || fn.empty() || fp.empty() || tn.empty()) return {};
  const Markup table =
      markup("<table><caption>Confusion matrix: shares of all rows</caption><thead><tr><th scope=col>Actual<th scope=col "
             "class=n>Predicted positive<th scope=col class=n>Predicted negative</thead><tbody><tr><th scope=row>Positive{}{}<tr><th "
             "scope=row>Negative{}{}</table>",
             tp, fn, fp, tn);
  return markup("<div class=card>{}</div>", scrolling("Confusion matrix", table));
}

Markup maturity_table(const std::vector<LabelCoverage::Maturity>& outcomes) {
  if (outcomes.empty()) return {};
  Markup out{"<table class=bins><caption>Known by this age, of rows old enough that all is seen</caption><thead><tr><th scope=col>Outcome"
             "<th scope=col class=n>Rows"};
  for (const auto& known : outcomes.front().known) add(out, "<th scope=col class=n>{}", known.age);
  out.html += "</thead><tbody>";
  for (const auto& outcome : outcomes) {
    add(out, "<tr><th scope=row>{}<td class=n>{}", ellipsize(printable(outcome.label), 60), grouped(outcome.rows));
    for (const auto& known : outcome.known) add(out, "<td class=n>{}", percent(known.share, 2));
  }
  out.html += "</table>";
  return scrolling("How soon outcomes become known", out);
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
  out.html += maturity_table(labels.maturity).html + "</div>";
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

Markup threshold_card(const ReportThresholds& thresholds) {
  const bool costs = thresholds.cheapest.has_value();
  const auto row = [&](std::string_view what, const ReportThresholds::Point& p) {
    Markup out = markup("<tr><th scope=row>{}{}<td class=n>{}<td class=n>{}<td class=n>{}<td class=n>{}<td class=n>{}", what,
                        short_number(p.threshold), grouped(p.true_positives + p.false_positives), grouped(p.true_positives),
                        number_text(p.precision, "share"), number_text(p.recall, "share"), number_text(p.f1, ""));
    if (costs) add(out, "<td class=n>{}", short_number(p.cost_per_row));
    return out;
  };
  const std::string head = fmt::format(
      "<thead><tr><th scope=col>Threshold<th scope=col class=n>Predicted<th scope=col class=n>Of them right<th scope=col class=n>"
      "Precision<th scope=col class=n>Recall<th scope=col class=n>F1{}</thead><tbody>", costs ? "<th scope=col class=n>Cost a row" : "");
  Markup chosen{"<table class=bins>" + head};
  chosen.html += row("in use: ", thresholds.chosen).html + row("best F1: ", thresholds.best_f1).html;
  if (costs) chosen.html += row("least cost: ", *thresholds.cheapest).html;
  chosen.html += "</table>";
  Markup curve{"<table class=bins>" + head};
  for (size_t i = 0; i < thresholds.curve.size(); i += 5) curve.html += row("", thresholds.curve[i]).html;
  curve.html += "</table>";
  return markup("<div class=card><h3>Other thresholds</h3>{}<p class=mu>Chosen on these rows, so a little flattered.</p><details "
                "class=more><summary>All thresholds</summary>{}</details></div>",
                scrolling("Thresholds", chosen), scrolling("All thresholds", curve));
}

/// Event rates by grade, which stand among the metrics as slices of one.
Markup grades_card(const std::vector<const Finding*>& grades) {
  Markup rows;
  for (const Finding* grade : grades) {
    const Measurement& m = grade->measurement;
    const LevelTexts text = level_texts(m);
    const auto number = [&](std::string_view name, auto&& shown) {
      const auto detail = m.detail(name);
      return detail ? shown(*detail) : std::string();
    };
    add(rows, "<tr><th scope=row>{}<td class=n>{}<td class=n>{}{}{}<td class=n>{}", m.subject.slice,
        number("rows", [](double n) { return grouped(static_cast<int64_t>(n)); }), number("mean_score", [](double p) { return percent(p); }),
        estimate_cell(text.reference), estimate_cell(text.current), number("jeffreys_p", [](double p) { return short_number(p, 2); }));
  }
  if (rows.empty()) return {};
  const Markup table =
      markup("<table class=bins><caption>Tenths of the reference’s scores; p: Jeffreys’ test that the event rate is no higher than the "
             "mean score</caption><thead><tr><th scope=col>Grade<th scope=col class=n>Rows<th scope=col class=n>Mean score<th scope=col "
             "class=n>Reference<th scope=col class=n>Current<th scope=col class=n>p</thead><tbody>{}</table>", rows);
  return markup("<div class=card><h3>Event rate by grade</h3>{}</div>", scrolling("Event rate by grade", table));
}

/// The change against the reference: of a group's level the value itself, of a gap or ratio among its details.
EstimateText fairness_change(const Measurement& m) {
  if (is_change(m)) return level_texts(m).value;
  const auto detail = [&](std::string_view name) { return m.detail(name).value_or(undefined); };
  return estimate_text({detail("change"), detail("change_lower"), detail("change_upper"), undefined}, m.method->unit, Form::change);
}

/// Fairness findings of one metric with one axis for all its rows. A group's own level is drawn as the level.
Markup fairness_rows(const std::vector<const Finding*>& findings) {
  std::vector<Bar> bars;
  for (const Finding* finding : findings) {
    bars.push_back(bar_of(*finding, false));
    if (is_change(finding->measurement) && !finding->leeway) bars.back() = {.estimate = *finding->measurement.current};
  }
  const Axis axis = axis_of(bars);
  const Measurement& first = findings.front()->measurement;
  Markup out = markup("<tbody><tr class=gr><th scope=rowgroup colspan=6>{}<small class=wr>{}; {}</small>", first.method->title,
                      without_stop(first.method->measures), confidence_text(first));
  for (size_t i = 0; i < findings.size(); ++i) {
    const Finding& finding = *findings[i];
    const Measurement& m = finding.measurement;
    const LevelTexts text = level_texts(m);
    add(out, "<tr><th scope=row>{}<small>n = {}</small>{}{}<td class=br>{}{}{}", ellipsize(printable(subject_text(m.subject)), 120),
        grouped(m.current_rows.used), estimate_cell(text.reference), estimate_cell(m.current ? text.current : text.value),
        m.computed() ? interval_bar(bars[i], axis, state(finding)) : Markup{}, estimate_cell(fairness_change(m)), verdict_cell(finding));
  }
  return out;
}

/// By metric, in the order in which the metrics come first.
std::vector<std::vector<const Finding*>> by_metric(const std::vector<const Finding*>& findings) {
  std::vector<std::vector<const Finding*>> metrics;
  std::unordered_map<std::string_view, size_t> place;
  for (const Finding* finding : findings) {
    const auto [at, inserted] = place.emplace(finding->method().id, metrics.size());
    if (inserted) metrics.emplace_back();
    metrics[at->second].push_back(finding);
  }
  return metrics;
}

Markup fairness_table(const std::vector<const Finding*>& findings, std::string_view caption) {
  Markup table = markup("<table><caption>{}</caption><thead><tr><th scope=col>Groups<th scope=col class=n>Reference<th scope=col class=n>"
                        "Current<th scope=col>Against the leeway<th scope=col class=n>Change, same groups<th scope=col>Verdict</thead>",
                        caption);
  for (const auto& metric : by_metric(findings)) table.html += fairness_rows(metric).html;
  table.html += "</table>";
  return scrolling("Fairness", table);
}

/// Every metric folded, so that a reader finds the one he is asked about; single groups after whole columns.
Markup every_fairness_metric(const std::vector<const Finding*>& all) {
  const auto metrics = by_metric(all);
  Markup out = markup("<details class=more><summary>All {} of {}</summary>", count_text(std::ssize(all), "value", "values"),
                      count_text(std::ssize(metrics), "measure", "measures"));
  size_t room = most_table_rows;
  for (auto metric : metrics) {
    std::stable_partition(metric.begin(), metric.end(), [](const Finding* f) { return f->measurement.subject.slice.empty(); });
    const size_t count = std::min(metric.size(), room);
    room -= count;
    const std::string values = count_text(std::ssize(metric), "value", "values");
    if (count == 0) {
      add(out, "<p class=cut>{}: {} in the JSON form of this report</p>", metric.front()->method().title, values);
      continue;
    }
    const size_t more = metric.size() - count;
    metric.resize(count);
    add(out, "<details class=more><summary>{} <small>{}</small></summary>{}{}</details>", metric.front()->method().title, values,
        fairness_table(metric, metric.front()->method().title),
        more == 0 ? Markup{} : markup("<p class=cut>… and {} more in the JSON form of this report</p>", grouped(static_cast<int64_t>(more))));
  }
  out.html += "</details>";
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

Markup in_words(const std::vector<const Finding*>& findings) {
  constexpr size_t most = 12;
  Markup list;
  size_t count = 0;
  for (const Finding* finding : findings) {
    if (state(*finding) < State::unknown || finding->sentence.empty() || ++count > most) continue;
    add(list, "<li>{}", ellipsize(printable(finding->sentence), 600));
  }
  if (list.empty()) return {};
  if (count > most) add(list, "<li>… and {} more", count - most);
  return markup("<h3 class=gap>In words</h3><ul class=notes>{}</ul>", list);
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
  const std::string common = common_input(findings);
  std::string input;
  if (!findings.empty()) input = fmt::format("; {}; {}", confidence_text(findings.front()->measurement), common);
  Markup table = markup("<table><caption>{}{}</caption><thead><tr><th scope=col>Metric<th scope=col class=n>Reference<th scope=col "
                        "class=n>Current<th scope=col>Change against its leeway<th scope=col class=n>Change<th scope=col>Verdict"
                        "</thead><tbody>",
                        caption, input);
  const size_t count = std::min(findings.size(), most_table_rows);
  for (size_t i = 0; i < count; ++i) table.html += level_row(*findings[i], common).html;
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
  if (r.outline.performance.empty() && !report.labels && !report.calibration) return section;
  if (report.labels && report.labels->provisional) section.aside = "provisional";
  Markup& out = section.body;
  std::vector<const Finding*> whole, sliced;
  for (const Finding* finding : r.outline.performance)
    if (finding->measurement.method->id != "calibration_by_grade")   // has a card of its own
      (finding->measurement.subject.slice.empty() ? whole : sliced).push_back(finding);
  if (!whole.empty()) add(out, "<div class=card>{}", level_table(whole, "Level on each side and change"));
  if (!sliced.empty())
    add(out, "<details class=more><summary>{}</summary>{}</details>",
        count_text(static_cast<int64_t>(sliced.size()), "metric of a part", "metrics of parts, such as single classes"),
        level_table(sliced, "Parts"));
  if (!whole.empty()) add(out, "{}</div>", in_words(r.outline.performance));
  out.html += "<div class=\"two gap\">";
  if (report.calibration) out.html += calibration_card(*report.calibration).html;
  out.html += grades_card(r.outline.grades).html;
  if (report.thresholds) out.html += threshold_card(*report.thresholds).html;
  out.html += "<div>";
  if (report.labels) out.html += label_table(*report.labels).html;
  out.html += confusion_card(r.outline.performance).html;
  out.html += "</div>";
  out.html += "</div>";
  return section;
}

Section estimate_section(const HtmlReport& r) {
  Section section{"estimate", "Performance without labels", worst(r.outline.estimate), "estimated from the scores alone", {}};
  if (r.outline.estimate.empty()) return section;
  add(section.body, "<div class=card>{}{}</div>", level_table(r.outline.estimate, "Estimated level and change"), in_words(r.outline.estimate));
  return section;
}

Section business_section(const HtmlReport& r) {
  Section section{"business", "Business", worst(r.outline.business), "", {}};
  if (r.outline.business.empty()) return section;
  add(section.body, "<div class=card>{}{}</div>", level_table(r.outline.business, "Rates and costs"), in_words(r.outline.business));
  return section;
}

Section fairness_section(const HtmlReport& r) {
  Section section{"fairness", "Fairness", worst(r.outline.fairness), "", {}};
  const auto& all = r.outline.fairness;
  if (all.empty()) return section;
  const auto first = fairness_headlines(r.outline);
  Markup& out = section.body;
  out.html += "<div class=card>";
  if (!first.empty()) out.html += fairness_table(first, "Each metric has one axis for all its groups").html;
  out.html += in_words(all).html;
  if (all.size() > first.size()) out.html += every_fairness_metric(all).html;
  out.html += "</div>";
  return section;
}

}  // namespace leeway::reports
