// Columns: one foldable card each, with the histograms of both sides and the movement on the common scale.

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "reports/html_sections.h"
#include "reports/words.h"

namespace leeway::reports {
namespace {

/// What a bin is called on the axis: its edge, where it has one. An edge that is zero but for rounding is zero.
std::string edge(double value, double span, const std::string& label) {
  if (!std::isfinite(value)) return ellipsize(printable(label), 24);
  return short_number(std::fabs(value) < 1e-9 * span ? 0 : value);
}

Markup numeric_chart(const ReportColumn& column, std::string_view drawing) {
  const auto& bins = column.histogram;
  const auto& middle = bins[bins.size() / 2];
  const double span = bins.back().high - bins.front().low;
  Markup out = markup("<figure>{}<div class=xa aria-hidden=true><span>{}</span><span>{}</span><span>{}</span></div></figure>",
                      histogram_again(column, drawing, "Histogram of both sides; the numbers are in the table of bins"),
                      edge(bins.front().low, span, bins.front().label), edge(middle.low, span, middle.label),
                      edge(bins.back().high, span, bins.back().label));
  // There are thousands of these rows in a page, so they carry no attributes.
  out.html += "<details class=more><summary>Bins as a table</summary><table class=\"bins bt\"><thead><tr><th>Bin<th class=n>"
              "Reference, %<th class=n>Current, %</thead><tbody>";
  for (const auto& bin : bins)
    add(out, "<tr><th>{}<td>{}<td>{}", ellipsize(printable(bin.label), 60), short_number(100 * bin.reference_share),
        short_number(100 * bin.current_share));
  out.html += "</table></details>";
  return out;
}

Markup category_chart(const ReportColumn& column) {
  double most = 0;
  for (const auto& bin : column.histogram) most = std::max({most, bin.reference_share, bin.current_share});
  Markup out{"<table class=bins><thead><tr><th scope=col>Category<th scope=col><span class=vh>Bars</span>"
             "<th scope=col class=n>Reference<th scope=col class=n>Current</thead><tbody>"};
  for (const auto& bin : column.histogram)
    add(out, "<tr><th scope=row>{}<td class=br>{}{}<td class=n>{}<td class=n>{}", ellipsize(printable(bin.label), 60),
        share_bar(bin.reference_share, most, "rf"), share_bar(bin.current_share, most, "cu"), percent(bin.reference_share),
        percent(bin.current_share));
  out.html += "</table>";
  return out;
}

std::string share_of_rows(int64_t count, int64_t rows) {
  if (count == 0 || rows == 0) return grouped(count);
  return fmt::format("{} ({})", grouped(count), percent(static_cast<double>(count) / static_cast<double>(rows)));
}

Markup facts_table(const ReportColumn& column) {
  Markup out{"<table class=bins><thead><tr><th scope=col><span class=vh>Count</span><th scope=col class=n>Reference"
             "<th scope=col class=n>Current</thead><tbody>"};
  const auto line = [&](std::string_view name, const std::string& reference, const std::string& current) {
    add(out, "<tr><th scope=row>{}<td class=n>{}<td class=n>{}", name, reference, current);
  };
  const InputCounts &a = column.reference, &b = column.current;
  const auto counted = [&](std::string_view name, int64_t InputCounts::* field) {
    if (a.*field == 0 && b.*field == 0) return;
    line(name, share_of_rows(a.*field, a.rows), share_of_rows(b.*field, b.rows));
  };
  line("Rows", grouped(a.rows), grouped(b.rows));
  counted("Missing", &InputCounts::missing);
  counted("NaN", &InputCounts::nan);
  counted("+infinity", &InputCounts::plus_infinity);
  counted("-infinity", &InputCounts::minus_infinity);
  counted("Wrong type", &InputCounts::type_errors);
  counted("Unseen category", &InputCounts::unseen);
  const auto moment = [&](std::string_view name, std::optional<double> before, std::optional<double> after) {
    if (before || after) line(name, before ? short_number(*before) : "", after ? short_number(*after) : "");
  };
  moment("Mean", column.reference_mean, column.current_mean);
  moment("Standard deviation", column.reference_sd, column.current_sd);
  out.html += "</table>";
  return out;
}

Markup moved_bins(const ColumnShift& shift) {
  Markup out = markup("<h4 class=gap>What moved</h4><p>{}</p>", ellipsize(printable(shift.sentence), 600));
  out.html += "<table class=bins><thead><tr><th scope=col>Part<th scope=col class=n>Reference<th scope=col class=n>Current"
              "<th scope=col class=n>Of the movement</thead><tbody>";
  for (size_t i = 0; i < std::min<size_t>(6, shift.bins.size()); ++i) {
    const BinShift& bin = shift.bins[i];
    add(out, "<tr><th scope=row>{}<td class=n>{}<td class=n>{}<td class=n>{}", ellipsize(printable(bin.label), 60),
        percent(bin.reference_share), percent(bin.current_share), percent(bin.contribution, 2));
  }
  out.html += "</table>";
  return out;
}

/// "missing share 1.1 % to 1.2 %": a quality check that needs no row of its own.
std::string quiet_text(const Finding& finding) {
  const LevelTexts text = level_texts(finding.measurement);
  const std::string name = mid_sentence(finding.method().title);
  if (!is_change(finding.measurement)) return name + " " + text.value.value;
  return fmt::format("{} {} to {}", name, text.reference.value, text.current.value);
}

Markup card_body(const ColumnView& view, std::string_view drawing) {
  Markup out{"<div class=fb>"};
  if (const Finding* finding = view.headline(); finding != nullptr && !finding->sentence.empty())
    add(out, "<p>{}</p>", ellipsize(printable(finding->sentence), 900));
  if (view.column != nullptr) {
    out.html += "<div class=fg><div>";
    if (view.column->histogram.empty()) out.html += "<p class=mu>There are no values to draw.</p>";
    else if (has_numeric_bins(*view.column)) out.html += numeric_chart(*view.column, drawing).html;
    else out.html += category_chart(*view.column).html;
    if (view.shift != nullptr) out.html += moved_bins(*view.shift).html;
    out.html += "</div><div>";
    out.html += facts_table(*view.column).html;
    out.html += "</div></div>";
  }
  std::vector<const Finding*> listed = view.drift;
  std::vector<std::string> quiet;
  for (const Finding* finding : view.quality) {
    if (state(*finding) > State::ok) listed.push_back(finding);
    else quiet.push_back(quiet_text(*finding));
  }
  if (!listed.empty()) out.html += finding_table(listed).html;
  if (!quiet.empty()) add(out, "<p class=mu>Without news: {}.</p>", join_words(quiet));
  out.html += "</div>";
  return out;
}

Markup column_item(const ColumnView& view, std::string_view id, const Axis& psi, bool open) {
  const Finding* finding = view.headline();
  const std::string drawing = fmt::format("h-{}", id);
  const bool on_axis = finding != nullptr && on_psi_axis(*finding) && std::isfinite(finding->psi_equivalent->value);
  const std::string reason = finding == nullptr ? "" : ellipsize(printable(open_reason(*finding)), 120);
  Markup out = markup("<li class=\"f {}\" data-v={:.6g}><details id={}{}><summary><span class=st>{}</span>", css_class(view.status),
                      on_axis ? finding->psi_equivalent->value : -1, id, open ? " open" : "",
                      finding == nullptr ? badge(State::measured, "Not checked") : badge(*finding));
  add(out, "<h3>{} <small>{}{}</small></h3>{}", ellipsize(printable(view.name), 80),
      view.column == nullptr ? "" : view.column->type, on_axis && !reason.empty() ? ", " + reason : "",
      view.column == nullptr ? Markup{"<span class=hg></span>"} : histogram(*view.column, drawing));
  if (on_axis) out.html += interval_bar(bar_of(*finding, true), psi, view.status).html;
  else add(out, "<small class=iv>{}</small>", reason);
  const EstimateText text = finding == nullptr ? EstimateText() : drift_text(*finding);
  add(out, "<span class=num><b>{}</b> <small>{}</small></span></summary>{}</details>", text.value, text.bounds,
      card_body(view, drawing));
  return out;
}

/// The columns beyond the last card: how many, and in which state.
Markup left_out(const std::vector<ColumnView>& views, size_t from) {
  size_t failing = 0;
  for (size_t i = from; i < views.size(); ++i) failing += views[i].status >= State::warning;
  return markup("<p class=cut>… and {} more columns, {} of them outside their leeway. Every one of them is in the JSON form "
                "of this report (--format json).</p>",
                grouped(static_cast<int64_t>(views.size() - from)), failing == 0 ? "none" : grouped(static_cast<int64_t>(failing)));
}

Markup state_filters(const std::vector<ColumnView>& views) {
  Markup out{"<div class=tools role=group aria-label=\"Which columns are shown\">"};
  const std::pair<State, std::string_view> states[] = {{State::critical, "Critical"}, {State::warning, "Warning"},
                                                       {State::unknown, "Undecided or no data"}, {State::ok, "OK"},
                                                       {State::measured, "Not judged"}};
  for (const auto& [state, word] : states) {
    const auto count = std::count_if(views.begin(), views.end(), [&](const ColumnView& view) { return view.status == state; });
    if (count > 0)
      add(out, "<label><input type=checkbox id=k-{} checked>{} {}</label>", css_class(state), badge(state, word), grouped(count));
  }
  out.html += "<span class=js id=js-tools hidden><label><span class=vh>Find a column</span><input type=search id=find "
              "placeholder=\"Find a column\"></label><label>Order <select id=order><option value=worst>worst first"
              "<option value=moved>largest movement<option value=name>name</select></label>"
              "<span id=shown role=status></span></span></div>";
  return out;
}

}  // namespace

Markup column_list(const HtmlReport& r, const std::vector<ColumnView>& views, std::string_view kind, size_t open) {
  const Axis psi = psi_axis(r.report);
  Markup out = markup("<div class=fh aria-hidden=true><span>State</span><span>Column</span><span>Both sides</span>{}<span "
                      "class=n>PSI-equivalent</span><span></span></div><ul class=fl{}>",
                      psi_ticks(psi, r.report.drift_leeway), Markup{kind == "column" ? " id=columns" : ""});
  const size_t count = std::min(views.size(), most_cards);
  for (size_t i = 0; i < count; ++i)
    out.html += column_item(views[i], card_id(kind, i), psi, i < open && views[i].status >= State::warning).html;
  out.html += "</ul>";
  if (count < views.size()) out.html += left_out(views, count).html;
  return out;
}

Section drift_section(const HtmlReport& r) {
  const auto& views = r.outline.features;
  Section section{"drift", "Drift by column", State::measured, "", {}};
  if (views.empty()) return section;
  section.worst = views.front().status;
  section.aside = count_text(static_cast<int64_t>(views.size()), "column", "columns") + ", worst first";
  add(section.body,
      "<div class=key><span><i></i>reference</span><span><i class=cu></i>current</span><span><i class=zn></i>beyond the "
      "leeway</span><span>The axis is the PSI-equivalent movement, spaced by its square root; each bound is 95 % sure.</span></div>"
      "{}{}",
      state_filters(views), column_list(r, views, "column", 1));
  return section;
}

Section target_section(const HtmlReport& r) {
  Section section{"targets", "Prediction and target", State::measured, "", {}};
  if (r.outline.targets.empty()) return section;
  for (const auto& view : r.outline.targets) section.worst = std::max(section.worst, worst(view.drift));
  section.body = column_list(r, r.outline.targets, "target", r.outline.targets.size());
  return section;
}

Section joint_section(const HtmlReport& r) {
  Section section{"joint", "Columns together", worst(r.outline.table_drift), "", {}};
  if (r.outline.table_drift.empty()) return section;
  section.body.html = "<div class=card>";
  section.body.html += finding_table(r.outline.table_drift).html;
  section.body.html += "</div>";
  return section;
}

}  // namespace leeway::reports
