#include "reports/html.h"

#include <array>

#include "base/text.h"
#include "reports/html_sections.h"
#include "reports/html_style.h"

namespace leeway {
namespace {

using namespace reports;

/// A course, and the track made good beside it.
constexpr std::string_view logo =
    "<svg viewBox=\"0 0 26 26\" aria-hidden=true><circle cx=13 cy=13 r=13 fill=\"var(--ok)\" /><path d=\"M13 21V4\" stroke=#fff "
    "stroke-width=1.6 stroke-dasharray=\"2.5 2\" /><path d=\"M13 21 18.6 6.2\" stroke=#fff stroke-width=2.4 stroke-linecap=round />"
    "<path d=\"M13 9.5a11 11 0 0 1 4.1.8\" fill=none stroke=#fff stroke-width=1.4 /></svg>";

constexpr std::string_view theme_switch =
    "<fieldset class=theme><legend class=vh>Colours</legend><label><input type=radio name=t id=t-auto checked>Auto</label>"
    "<label><input type=radio name=t id=t-light>Light</label><label><input type=radio name=t id=t-dark>Dark</label></fieldset>";

std::string title_of(const Report& report) {
  const std::string what = report.model.empty() ? "Leeway check" : "Leeway check of " + report.model;
  return ellipsize(printable(what), 120);
}

Markup head(const Report& report) {
  return markup(
      "<!doctype html>\n<html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\">"
      "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src "
      "'{}'; base-uri 'none'; form-action 'none'\"><meta name=color-scheme content=\"light dark\"><meta name=generator "
      "content=\"Leeway {}\"><title>{}</title><style>{}</style></head>",
      Markup{std::string(script_hash())}, report.tool_version, title_of(report), Markup{style_sheet()});
}

Markup top(const Report& report) {
  const std::string task = report.task.empty() || report.task == "none" ? "" : report.task + " model, ";
  return markup(
      "<body><a class=skip href=\"#main\">Skip to the findings</a>{}<header class=top><div class=brand>{}<div><h1>{}</h1><small>{}{} "
      "against {}</small></div></div>{}</header>",
      icon_symbols(), Markup{std::string(logo)}, title_of(report), task, ellipsize(printable(report.current.label), 80),
      ellipsize(printable(report.reference.label), 80), Markup{std::string(theme_switch)});
}

}  // namespace

std::string report_html(const Report& report) {
  const Outline sections = outline(report);
  const HtmlReport r{report, sections};
  constexpr std::array parts = {summary_section,     worst_section,    drift_section,   target_section,     joint_section,
                                performance_section, estimate_section, fairness_section, business_section,  explanation_section,
                                windows_section,     quality_section,  notes_section};
  Markup page = head(report), navigation, body;
  page.html += top(report).html;
  for (const auto part : parts) {
    const Section section = part(r);
    if (section.body.empty()) continue;
    add(navigation, "<li><a href=\"#{}\">{}{}</a>", section.id, icon(section.worst), section.title);
    add(body, "<section id={0} aria-labelledby={0}-title><header><h2 id={0}-title>{1}</h2><small>{2}</small></header>{3}</section>",
        section.id, section.title, section.aside, section.body);
  }
  add(page, "<div class=page><nav aria-label=Sections><ol>{}</ol></nav><main id=main tabindex=-1>{}</main></div><script>{}</script></body></html>\n",
      navigation, body, Markup{std::string(script())});
  return std::move(page.html);
}

}  // namespace leeway
