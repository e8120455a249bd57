// Why: the change split into mix and behaviour, the segments behind it, and what moved the mean score.

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "base/text.h"
#include "reports/html_sections.h"
#include "reports/words.h"

namespace leeway::reports {
namespace {

std::string_view unit_of(bool in_shares) { return in_shares ? "share" : ""; }

/// One term of a change.
struct Step {
  std::string_view name, remark;
  const Estimate& value;
};

/// The levels of both sides and what lies between them.
struct Change {
  std::string_view metric, unit;
  const Estimate& reference;
  const Estimate& current;
};

/// Cut close to the two levels and all that the steps pass by.
Axis waterfall_axis(const Change& change, std::span<const Step> steps) {
  double low = std::min(change.reference.lower, change.current.lower);
  double high = std::max(change.reference.upper, change.current.upper), at = change.reference.value;
  for (const auto& step : steps) {
    low = std::min({low, at, at + step.value.value});
    high = std::max({high, at, at + step.value.value});
    at += step.value.value;
  }
  Bar span;
  span.estimate = {change.reference.value, std::min({low, at, change.current.value}),
                   std::max({high, at, change.current.value}), undefined};
  Axis axis = axis_of({span});
  if (!(axis.low > 0)) axis.low = std::min(axis.low, 0.0);
  return axis;
}

/// Reference level, the terms floating between, current level.
Markup waterfall(const Change& change, std::span<const Step> steps) {
  const Axis axis = waterfall_axis(change, steps);
  Markup out = markup("<table><caption>{}: the terms add up exactly; the bars start at {}</caption><thead><tr><th scope=col>Part"
                      "<th scope=col><span class=vh>Bar</span><th scope=col class=n>Amount</thead><tbody>",
                      change.metric, number_text(axis.low, change.unit));
  const auto row = [&](std::string_view name, std::string_view remark, double from, double to, const Estimate& e, std::string_view css,
                       Form form) {
    const EstimateText text = estimate_text(e, change.unit, form);
    add(out, "<tr><th scope=row>{}<small class=wr>{}</small><td class=\"br bw\">{}<td class=n>{}<small>{}</small>", name, remark,
        std::isnan(to) ? Markup{} : waterfall_bar(axis, from, to, e, css), text.value, text.bounds);
  };
  row("Reference", "", axis.low, change.reference.value, change.reference, "lv", Form::level);
  double at = change.reference.value;
  for (size_t i = 0; i < steps.size(); ++i) {
    // The last ends at the current level itself, so that no rounding shows.
    const double next = i + 1 < steps.size() ? at + steps[i].value.value : change.current.value;
    row(steps[i].name, steps[i].remark, at, next, steps[i].value, steps[i].value.value > 0 ? "up" : "dn", Form::change);
    at = next;
  }
  row("Current", "", axis.low, change.current.value, change.current, "lc", Form::level);
  out.html += "</table>";
  return out;
}

Markup alone_list(std::string_view title, const std::vector<AloneExplains>& features, std::string_view unit) {
  if (features.empty()) return {};
  const size_t count = std::min<size_t>(10, features.size());
  std::vector<Bar> bars;
  for (size_t i = 0; i < count; ++i) bars.push_back({features[i].mix, undefined, Bar::Outside::nowhere, true});
  const Axis axis = axis_of(bars);
  Markup out = markup("<h4 class=gap>{}</h4><table class=bins><thead><tr><th scope=col>Column<th scope=col><span class=vh>Bar</span>"
                      "<th scope=col class=n>Explains</thead><tbody>",
                      title);
  for (size_t i = 0; i < count; ++i) {
    const EstimateText text = estimate_text(features[i].mix, unit, Form::change);
    add(out, "<tr><th scope=row>{}<td class=\"br bw\">{}<td class=n>{}<small>{}</small>", ellipsize(printable(features[i].column), 60),
        interval_bar(bars[i], axis, State::measured), text.value, text.bounds);
  }
  out.html += "</table><p class=mu>Columns overlap: these numbers do not add up.</p>";
  return out;
}

Markup cells_table(const Decomposition& split) {
  if (split.cells.empty()) return {};
  const std::string_view unit = unit_of(split.in_shares);
  Markup table{"<table class=bins><thead><tr><th scope=col>Cell<th scope=col class=n>Share of rows<th scope=col class=n>Level<th scope=col "
               "class=n>Mix<th scope=col class=n>Behaviour</thead><tbody>"};
  const size_t count = std::min<size_t>(60, split.cells.size());
  for (size_t i = 0; i < count; ++i) {
    const auto& cell = split.cells[i];
    add(table, "<tr><th scope=row>{}<td class=n>{} to {}<td class=n>{} to {}<td class=n>{}<td class=n>{}",
        ellipsize(printable(cell.label), 60), percent(cell.reference_share), percent(cell.current_share),
        number_text(cell.reference_mean, unit), number_text(cell.current_mean, unit), number_text(cell.mix, unit, Form::change),
        number_text(cell.behaviour, unit, Form::change));
  }
  table.html += "</table>";
  Markup out = markup("<details class=more><summary>The terms by cell</summary>{}", scrolling("Terms by cell", table));
  if (count < split.cells.size()) add(out, "<p class=cut>… and {} more cells.</p>", split.cells.size() - count);
  out.html += "</details>";
  return out;
}

Markup decomposition_card(const Decomposition& split) {
  const std::array steps = {Step{"Changed mix", "more or fewer cases that were difficult before", split.mix},
                            Step{"Changed behaviour", "the same kind of case now ends differently", split.behaviour}};
  Markup out = markup("<div class=card><h3>Where the change of {} comes from</h3><p>{}</p>{}", split.metric,
                      ellipsize(printable(split.sentence), 900),
                      waterfall({split.metric, unit_of(split.in_shares), split.reference, split.current}, steps));
  out.html += alone_list("What each column's moved distribution explains by itself", split.features, unit_of(split.in_shares)).html;
  out.html += cells_table(split).html;
  if (!split.note.empty()) add(out, "<p class=mu>{}</p>", split.note);
  out.html += "</div>";
  return out;
}

Markup cases_card(const CaseDecomposition& split) {
  const std::array steps = {
      Step{"Familiar cases", "another mix of the cases that both sides have", split.familiar},
      Step{"Other outcomes", "the same case, by its features, now ends differently", split.response},
      Step{"New cases", "cases that the other side hardly has", split.new_cases}};
  Markup out = markup("<div class=card><h3>The same change of {}, by the features</h3><p>{}</p>{}", split.metric,
                      ellipsize(printable(split.sentence), 900),
                      waterfall({split.metric, unit_of(split.in_shares), split.reference, split.current}, steps));
  add(out, "<p class=mu>From {} reference and {} current rows; the part that both sides share is worth {} and {}.</p>",
      grouped(split.reference_rows), grouped(split.current_rows), short_number(split.shared_reference_rows),
      short_number(split.shared_current_rows));
  if (!split.note.empty()) add(out, "<p class=mu>{}</p>", split.note);
  out.html += "</div>";
  return out;
}

Markup segments_card(const SegmentSearch& search) {
  const std::string_view unit = unit_of(search.in_shares);
  Markup out = markup("<div class=card><h3>Segments behind the change</h3><p class=mu>{} segments searched; each row is what remains "
                      "after the rows of those above it. “Sure” is beyond the limit for all segments searched.</p>",
                      grouped(search.searched));
  Markup table = markup("<table><thead><tr><th scope=col>Segment<th scope=col class=n>Share of rows<th scope=col class=n>{}<th scope=col "
                        "class=n>Adds<th scope=col class=n>z (limit)<th scope=col>Evidence</thead><tbody>",
                        search.metric);
  double most = 0;
  for (const auto& s : search.segments) most = std::max(most, std::fabs(s.contribution));
  for (size_t i = 0; i < std::min<size_t>(20, search.segments.size()); ++i) {
    const Segment& s = search.segments[i];
    add(table, "<tr><th scope=row>{}<small>n = {} and {}</small><td class=n>{} to {}<td class=n>{} to {}<td class=n>{}{}<td class=n>{} ({})<td>{}",
        ellipsize(printable(s.text), 200), grouped(s.reference_rows), grouped(s.current_rows), percent(s.reference_share, 2),
        percent(s.current_share, 2), number_text(s.reference_loss, unit), number_text(s.current_loss, unit),
        number_text(s.contribution, unit, Form::change), share_bar(std::fabs(s.contribution), most, "st"), short_number(s.z),
        short_number(s.z_limit), s.significant ? "sure" : "perhaps chance");
  }
  table.html += "</table>";
  if (!search.segments.empty()) out.html += scrolling("Segments", table).html;
  if (!search.note.empty()) add(out, "<p class=mu>{}</p>", search.note);
  out.html += "</div>";
  return out;
}

Markup prediction_card(const PredictionShift& shift) {
  const EstimateText total = estimate_text(shift.total, "", Form::change);
  Markup out = markup("<div class=card><h3>What moved the mean score</h3><p>{}</p><p class=mu>{} to {}: {}</p>",
                      ellipsize(printable(shift.sentence), 900), short_number(shift.reference.value, 4),
                      short_number(shift.current.value, 4), with_bounds(total));
  out.html += alone_list("What each column explains by itself", shift.features, "").html;
  out.html += "</div>";
  return out;
}

}  // namespace

Section explanation_section(const HtmlReport& r) {
  const Explanation& why = r.report.explanation;
  Section section{"why", "Why", State::measured, "", {}};
  Markup& out = section.body;
  const bool segments = why.segments && (!why.segments->segments.empty() || !why.segments->note.empty());
  if (why.performance) out.html += decomposition_card(*why.performance).html;
  if (why.cases) out.html += cases_card(*why.cases).html;
  if (segments) out.html += segments_card(*why.segments).html;
  if (why.prediction) out.html += prediction_card(*why.prediction).html;
  if (why.columns.empty()) return section;
  out.html += "<div class=card><h3>What moved in the columns</h3><ul class=notes>";
  const size_t count = std::min<size_t>(30, why.columns.size());
  for (size_t i = 0; i < count; ++i) add(out, "<li>{}", ellipsize(printable(why.columns[i].sentence), 600));
  out.html += "</ul>";
  if (count < why.columns.size())
    add(out, "<p class=cut>… and {} more; each column's card has its own.</p>", grouped(static_cast<int64_t>(why.columns.size() - count)));
  out.html += "</div>";
  return section;
}

}  // namespace leeway::reports
