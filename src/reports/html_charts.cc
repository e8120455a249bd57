#include "reports/html_charts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "reports/words.h"

namespace leeway::reports {
namespace {

constexpr double largest_psi = 4;

/// Grows a range by the finite numbers given to it.
struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  Axis axis() const {
    if (low > high) return {};
    const double margin = high > low ? 0.08 * (high - low) : std::max(0.5, 0.1 * std::fabs(high));
    return {low - margin, high + margin, false};
  }
};

/// `part` of `whole` within 0 and 1; 0 where that is not a number, so that no chart has a coordinate that is none.
double fraction(double part, double whole) {
  const double share = part / whole;
  return std::isnan(share) ? 0 : std::clamp(share, 0.0, 1.0);
}

/// A rectangle over the part of the bar that the leeway forbids.
Markup zone(const Axis& axis, double from, double to) {
  const double left = axis.at(from), right = axis.at(to);
  if (right <= left) return {};
  return markup("<rect class=zo x={:.4g}% width={:.4g}% height=22 />", left, right - left);
}

Markup limit_line(const Axis& axis, double limit) {
  if (!axis.holds(limit)) return {};
  return markup("<line class=lw x1={0:.4g}% x2={0:.4g}% y1=0 y2=22 />", axis.at(limit));
}

double peak(const ReportColumn& column) {
  double most = 0;
  for (const auto& bin : column.histogram) most = std::max({most, bin.reference_share, bin.current_share});
  return most > 0 ? most : 1;
}

/// The outline of a histogram as steps, ten units a bin and a hundred high.
std::string steps(const ReportColumn& column, double ReportColumn::Bin::* share) {
  const double most = peak(column);
  std::string path = "M0 100";
  size_t i = 0;
  for (const auto& bin : column.histogram) {
    path += fmt::format("V{:.0f}H{}", 100 - 97 * fraction(bin.*share, most), 10 * ++i);
  }
  return path + "V100";
}

/// One bar a category, at `offset` within its ten units.
std::string bars(const ReportColumn& column, double ReportColumn::Bin::* share, double offset) {
  const double most = peak(column);
  std::string path;
  double x = offset;
  for (const auto& bin : column.histogram) {
    const double height = 97 * fraction(bin.*share, most);
    if (height > 0) path += fmt::format("M{:.4g} 100v-{:.3g}h3.6V100z", x, height);
    x += 10;
  }
  return path;
}

Markup drawing(const ReportColumn& column) {
  using Bin = ReportColumn::Bin;
  if (has_numeric_bins(column))
    return markup("<path class=hr d=\"{}\" /><path class=hc d=\"{}\" />", steps(column, &Bin::reference_share),
                  steps(column, &Bin::current_share));
  return markup("<path class=hr d=\"{}\" /><path class=hb d=\"{}\" />", bars(column, &Bin::reference_share, 1.2),
                bars(column, &Bin::current_share, 5.2));
}

}  // namespace

std::string_view css_class(State state) {
  constexpr std::array<std::string_view, 5> classes = {"me", "ok", "un", "wa", "cr"};
  return classes[static_cast<size_t>(state)];
}

Markup icon_symbols() {
  return {
      "<svg class=defs aria-hidden=true>"
      "<symbol id=i-ok viewBox=\"0 0 16 16\"><circle cx=8 cy=8 r=6 fill=currentColor /></symbol>"
      "<symbol id=i-wa viewBox=\"0 0 16 16\"><path d=\"M8 1.2 15.4 14.4H.6z\" fill=currentColor /></symbol>"
      "<symbol id=i-cr viewBox=\"0 0 16 16\"><path d=\"M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z\" fill=currentColor /></symbol>"
      "<symbol id=i-un viewBox=\"0 0 16 16\"><circle cx=8 cy=8 r=5.6 fill=none stroke=currentColor stroke-width=2.2 "
      "stroke-dasharray=\"3.4 2.46\" /></symbol>"
      "<symbol id=i-me viewBox=\"0 0 16 16\"><path d=\"M3 8h10\" stroke=currentColor stroke-width=2 /></symbol></svg>"};
}

Markup icon(State state) {
  const std::string_view name = css_class(state);
  return markup("<svg class=\"i {}\" aria-hidden=true><use href=\"#i-{}\" /></svg>", name, name);
}

Markup badge(State state, std::string_view word) {
  return markup("<span class=\"bg {}\">{}{}</span>", css_class(state), icon(state), word);
}

Markup badge(const Finding& finding) { return badge(state(finding), status_word(finding)); }

double Axis::at(double value) const {
  if (!(high > low)) return 0;
  const double share = fraction(value - low, high - low);
  return 100 * (root ? std::sqrt(share) : share);
}

Bar bar_of(const Finding& finding, bool psi) {
  const Measurement& m = finding.measurement;
  Bar bar;
  if (psi && on_psi_axis(finding)) {
    bar.estimate = *finding.psi_equivalent;
    bar.from_zero = true;
    bar.outside = Bar::Outside::above;
    if (finding.leeway) bar.limit = finding.leeway->psi_equivalent;
    return bar;
  }
  bar.estimate = m.value;
  bar.from_zero = is_change(m) || m.method->orientation == Orientation::higher_is_worse;
  if (!finding.leeway) return bar;
  bar.limit = finding.leeway->limit + (m.method->scale == Scale::separation_auc ? 0.5 : 0);
  if (finding.leeway->on != Leeway::On::value) {
    if (m.current) bar.estimate = *m.current;
    bar.from_zero = false;
    bar.outside = finding.leeway->on == Leeway::On::current_minimum ? Bar::Outside::below : Bar::Outside::above;
    return bar;
  }
  switch (m.method->orientation) {
    case Orientation::higher_is_worse: bar.outside = Bar::Outside::above; break;
    case Orientation::lower_is_worse: bar.outside = Bar::Outside::below; break;
    case Orientation::either: bar.outside = Bar::Outside::both; break;
  }
  return bar;
}

Axis axis_of(const std::vector<Bar>& bars) {
  Range range;
  for (const auto& bar : bars) {
    for (const double value : {bar.estimate.value, bar.estimate.lower, bar.estimate.upper, bar.limit}) range.include(value);
    if (bar.outside == Bar::Outside::both) range.include(-bar.limit);
    if (bar.from_zero) range.include(0);
  }
  return range.axis();
}

Axis psi_axis(const Report& report) {
  double high = std::isfinite(report.drift_leeway) ? 4 * report.drift_leeway : 0.4;
  for (const auto& finding : report.findings) {
    if (!on_psi_axis(finding)) continue;
    const double upper = finding.psi_equivalent->upper;
    high = std::max(high, 1.08 * (std::isfinite(upper) ? upper : finding.psi_equivalent->value));
  }
  return {0, std::min(std::isfinite(high) ? high : largest_psi, largest_psi), true};
}

Markup interval_bar(const Bar& bar, const Axis& axis, State state, std::string_view label) {
  const Estimate& e = bar.estimate;
  Markup out = markup("<svg class=\"iv {}\"", css_class(state));
  if (label.empty()) out.html += " aria-hidden=true>";
  else add(out, " role=img aria-label=\"{}\">", label);
  const bool above = bar.outside == Bar::Outside::above || bar.outside == Bar::Outside::both;
  const bool below = bar.outside == Bar::Outside::below || bar.outside == Bar::Outside::both;
  const double lower_limit = bar.outside == Bar::Outside::both ? -std::fabs(bar.limit) : bar.limit;
  const double upper_limit = bar.outside == Bar::Outside::both ? std::fabs(bar.limit) : bar.limit;
  if (std::isfinite(bar.limit)) {
    if (above) out.html += zone(axis, upper_limit, axis.high).html;
    if (below) out.html += zone(axis, axis.low, lower_limit).html;
  }
  out.html += "<line class=tk x1=0 x2=100% y1=11 y2=11 />";
  if (bar.from_zero && axis.low < 0) add(out, "<line class=z0 x1={0:.4g}% x2={0:.4g}% y1=3 y2=19 />", axis.at(0));
  if (above) out.html += limit_line(axis, upper_limit).html;
  if (below) out.html += limit_line(axis, lower_limit).html;
  const double lower = std::isnan(e.lower) ? e.value : e.lower, upper = std::isnan(e.upper) ? e.value : e.upper;
  if (!std::isnan(e.value)) {
    add(out, "<line class=in x1={:.4g}% x2={:.4g}% y1=11 y2=11 /><circle class=pt cx={:.4g}% cy=11 r=4.5 />", axis.at(lower),
        axis.at(upper), axis.at(e.value));
    if (upper > axis.high) out.html += "<text class=of x=100% y=15 text-anchor=end>›</text>";
  }
  out.html += "</svg>";
  return out;
}

Markup psi_ticks(const Axis& axis, double leeway) {
  Markup out{"<svg class=tx aria-hidden=true>"};
  double last = -100;
  const auto put = [&](double value, std::string_view css) {
    const double x = axis.at(value);
    add(out, "<text class={} x={:.4g}% y=12 text-anchor={}>{}</text>", css, x, x < 3 ? "start" : x > 97 ? "end" : "middle",
        short_number(value));
    last = x;
  };
  for (const double value : {0.0, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0}) {
    const double x = axis.at(value);
    if (!axis.holds(value) || value == leeway || std::fabs(x - axis.at(leeway)) < 14 || x - last < 14) continue;
    put(value, "tl");
  }
  if (axis.holds(leeway)) put(leeway, "tw");
  out.html += "</svg>";
  return out;
}

bool has_numeric_bins(const ReportColumn& column) {
  const auto ranges = std::count_if(column.histogram.begin(), column.histogram.end(), [](const ReportColumn::Bin& bin) {
    return !std::isnan(bin.low) || !std::isnan(bin.high);
  });
  return 2 * static_cast<size_t>(ranges) > column.histogram.size();
}

Markup histogram(const ReportColumn& column, std::string_view id) {
  if (column.histogram.empty()) return {"<span class=hg></span>"};
  return markup("<svg class=hg viewBox=\"0 0 {} 100\" preserveAspectRatio=none aria-hidden=true><g id=\"{}\">{}</g></svg>",
                10 * column.histogram.size(), id, drawing(column));
}

Markup histogram_again(const ReportColumn& column, std::string_view id, std::string_view label) {
  return markup("<svg class=hl viewBox=\"0 0 {} 100\" preserveAspectRatio=none role=img aria-label=\"{}\"><use href=\"#{}\" /></svg>",
                10 * column.histogram.size(), label, id);
}

Markup share_bar(double share, double most, std::string_view css) {
  const double width = 100 * fraction(share, most);
  return markup("<svg class=\"sb {}\" aria-hidden=true><rect width={:.3g}% height=100% /></svg>", css, width);
}

Markup trend(const Series& series) {
  const SeriesRange range = series_range(series);
  const double span = range.high > range.low ? range.high - range.low : 1;
  const auto y = [&](double value) { return 26 - 24 * fraction(value - range.low, span); };
  std::string path;
  bool pen_down = false;
  for (size_t w = 0; w < series.cells.size(); ++w) {
    const double value = series.cells[w] == nullptr ? undefined : series_value(*series.cells[w]);
    if (!std::isfinite(value)) {
      pen_down = false;
      continue;
    }
    path += fmt::format("{}{} {:.1f}", pen_down ? "L" : "M", w * 10 + 5, y(value));
    // A point alone draws nothing; give it a length.
    if (!pen_down) path += "h.1";
    pen_down = true;
  }
  return markup("<svg class=td viewBox=\"0 0 {} 28\" preserveAspectRatio=none aria-hidden=true><path d=\"{}\" /></svg>",
                series.cells.size() * 10, path);
}

Markup reliability_diagram(const ReportCalibration& calibration) {
  double most = 0;
  for (const auto* points : {&calibration.reference, &calibration.current})
    for (const auto& p : *points)
      for (const double value : {p.mean_score, p.observed.value, p.observed.upper})
        if (std::isfinite(value)) most = std::max(most, value);
  const double step = most > 0.5 ? 0.2 : most > 0.2 ? 0.1 : most > 0.1 ? 0.05 : 0.02;
  most = std::clamp(std::ceil(most / step) * step, step, 1.0);
  const auto x = [&](double v) { return 42 + 300 * fraction(v, most); };
  const auto y = [&](double v) { return 312 - 300 * fraction(v, most); };
  Markup out{
      "<svg class=rd viewBox=\"0 0 352 352\" role=img aria-label=\"Reliability diagram: observed rate against mean score; "
      "the numbers are in the table below\"><path class=ax d=\"M42 12V312H342\" /><path class=di d=\"M42 312 342 12\" />"};
  for (int i = 0; i * step <= most * 1.001; ++i) {
    const double value = step * i;
    add(out, "<text x={:.4g} y=328 text-anchor=middle>{}</text><text x=36 y={:.4g} text-anchor=end>{}</text>", x(value),
        short_number(value, 2), y(value) + 4, short_number(value, 2));
  }
  out.html += "<text x=192 y=348 text-anchor=middle>mean score</text>"
              "<text transform=\"translate(11 162)rotate(-90)\" text-anchor=middle>observed rate</text>";
  const auto draw = [&](const std::vector<ReportCalibration::Point>& points, std::string_view css) {
    add(out, "<g class={}>", css);
    for (const auto& p : points) {
      if (std::isnan(p.mean_score) || std::isnan(p.observed.value)) continue;
      if (std::isfinite(p.observed.lower) && std::isfinite(p.observed.upper))
        add(out, "<path d=\"M{:.4g} {:.4g}V{:.4g}\" />", x(p.mean_score), y(p.observed.lower), y(p.observed.upper));
      add(out, "<circle cx={:.4g} cy={:.4g} r=4 />", x(p.mean_score), y(p.observed.value));
    }
    out.html += "</g>";
  };
  draw(calibration.reference, "rf");
  draw(calibration.current, "cu");
  out.html += "</svg>";
  return out;
}

Markup waterfall_bar(const Axis& axis, double from, double to, const Estimate& end, std::string_view css) {
  const double left = axis.at(std::min(from, to)), right = axis.at(std::max(from, to));
  Markup out = markup("<svg class=wf aria-hidden=true><rect class={} x={:.4g}% width={:.4g}% y=3 height=20 rx=2 />", css, left,
                      std::max(0.4, right - left));
  if (std::isfinite(end.lower) && std::isfinite(end.upper))
    add(out, "<line class=wh x1={:.4g}% x2={:.4g}% y1=13 y2=13 />", axis.at(to + end.lower - end.value),
        axis.at(to + end.upper - end.value));
  out.html += "</svg>";
  return out;
}

}  // namespace leeway::reports
