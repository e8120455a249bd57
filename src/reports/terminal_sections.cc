#include "reports/terminal_sections.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "base/text.h"
#include "reports/summary.h"
#include "reports/words.h"

namespace leeway::reports {
namespace {

constexpr size_t most_rows = 20;       // of a table, unless everything was asked for
constexpr size_t most_quiet = 6;       // columns within their leeway
constexpr size_t most_sentences = 8;   // under the rows of one table

/// "▲ DRIFT", "● ok", "◌ no data": what happened, with its shape.
Span status_cell(const TerminalPage& page, const Finding* finding) {
  if (finding == nullptr || state(*finding) == State::measured) return {""};
  const State shown = state(*finding);
  std::string_view word;
  switch (finding->verdict) {
    case Verdict::drifted: word = "DRIFT"; break;
    case Verdict::degraded: word = "WORSE"; break;
    case Verdict::unfair: word = "UNFAIR"; break;
    case Verdict::stable: word = "ok"; break;
    case Verdict::undecided: word = "undecided"; break;
    default: word = "no data";
  }
  return {fmt::format("{} {}", page.shape(shown), word), ink_of(shown)};
}

bool needs_sentence(const Finding& finding) { return state(finding) > State::ok; }

/// How many of a list to show: all of it when it is only a little too long.
size_t shown(const TerminalReport& r, size_t size, size_t limit = most_rows) {
  return r.page.style().all || size <= limit + 2 ? size : limit;
}

void print_rest(const TerminalReport& r, size_t size, size_t shown, std::string_view remark = {}) {
  if (shown >= size) return;
  r.page.line({{fmt::format("  … and {} more{} (use --all)", grouped(static_cast<int64_t>(size - shown)), remark), Ink::muted}});
}

/// Bin shares merged to at most eight marks, on one scale for both sides.
std::string histograms(const TerminalPage& page, const ReportColumn& column) {
  constexpr size_t marks = 8;
  const size_t bins = column.histogram.size();
  if (bins == 0) return "";
  const size_t count = std::min(marks, bins);
  std::vector<double> before(count), after(count);
  for (size_t i = 0; i < bins; ++i) {
    before[i * count / bins] += column.histogram[i].reference_share;
    after[i * count / bins] += column.histogram[i].current_share;
  }
  const double most = std::max(*std::max_element(before.begin(), before.end()), *std::max_element(after.begin(), after.end()));
  return fmt::format("{} {} {}", page.sparkline(before, most), page.arrow(), page.sparkline(after, most));
}

TableRow column_row(const TerminalPage& page, const ColumnView& view, bool sentences) {
  const Finding* finding = view.headline();
  const EstimateText number = finding == nullptr ? EstimateText() : drift_text(*finding);
  TableRow row;
  row.cells = {{status_cell(page, finding)},
               {{view.name, Ink::strong}},
               {{view.column == nullptr ? "" : histograms(page, *view.column)}},
               {{number.value}},
               {{number.bounds, Ink::muted}}};
  if (sentences && finding != nullptr && needs_sentence(*finding)) row.below = finding->sentence;
  return row;
}

std::vector<TableColumn> column_table(std::string_view arrow) {
  return {{"", false, false, false},
          {"column", false, true, false},
          {fmt::format("reference {} current", arrow), false, false, true},
          {"PSI-eq.", true, false, false},
          {"bounds", false, false, true}};
}

void print_sentences(const TerminalReport& r, const std::vector<const Finding*>& findings, bool measured_too) {
  std::vector<const Finding*> listed;
  for (const Finding* finding : findings)
    if (needs_sentence(*finding) || (measured_too && !finding->sentence.empty()) || r.page.style().all) listed.push_back(finding);
  const size_t count = shown(r, listed.size());
  for (size_t i = 0; i < count; ++i) {
    Span status = status_cell(r.page, listed[i]);
    status.text = status.text.empty() ? "  ·" : "  " + status.text;
    r.page.paragraph(listed[i]->sentence, 14, Ink::plain, {status});
  }
  print_rest(r, listed.size(), count);
}

/// Is it judged, or did it surely change?
bool stands_out(const Finding& finding) {
  const Estimate& change = finding.measurement.value;
  return state(finding) != State::measured || (is_change(finding.measurement) && (change.lower > 0 || change.upper < 0));
}

TableRow level_row(const TerminalReport& r, const Finding& finding) {
  const Measurement& m = finding.measurement;
  const LevelTexts text = level_texts(m);
  const std::string slice = m.subject.slice.empty() ? "" : ", " + m.subject.slice;
  TableRow row;
  row.cells = {{status_cell(r.page, &finding)},
               {{short_title(*m.method) + slice, Ink::strong}},
               {{text.reference.value}},
               {{text.current.value}},
               {{text.value.value}},
               {{text.value.value.empty() ? text.current.bounds : text.value.bounds, Ink::muted}}};
  if (needs_sentence(finding)) row.below = finding.sentence;
  return row;
}

/// The event rates of all grades as one mark each, ascending scores.
std::optional<TableRow> grades_row(const TerminalReport& r) {
  std::vector<double> before, now;
  for (const Finding* grade : r.outline.grades) {
    const Measurement& m = grade->measurement;
    before.push_back(m.reference ? m.reference->value : undefined);
    now.push_back(m.current ? m.current->value : undefined);
  }
  double most = 0;
  for (const auto* side : {&before, &now})
    for (const double rate : *side) most = std::max(most, std::isnan(rate) ? 0 : rate);
  if (now.size() < 3 || most == 0) return std::nullopt;
  const bool known_before = std::any_of(before.begin(), before.end(), [](double rate) { return !std::isnan(rate); });
  return TableRow{{{{""}},
                   {{fmt::format("Event rate by grade, up to {}", percent(most)), Ink::strong}},
                   {{known_before ? r.page.sparkline(before, most) : ""}},
                   {{r.page.sparkline(now, most)}},
                   {{""}},
                   {{""}}}};
}

/// Metrics that have a level on each side: performance, estimates, business. In full where they are judged or surely
/// changed, the others in a few words.
void print_levels(const TerminalReport& r, const std::vector<const Finding*>& findings) {
  std::vector<const Finding*> listed;
  std::vector<std::string> others;
  const bool all = r.page.style().all;
  const bool one_side = std::none_of(findings.begin(), findings.end(), [](const Finding* f) { return is_change(f->measurement); });
  // Where there is nothing but parts (the classes of a model), they are the news.
  const bool only_parts = std::all_of(findings.begin(), findings.end(), [](const Finding* f) { return !f->measurement.subject.slice.empty(); });
  for (const Finding* finding : findings) {
    const Measurement& m = finding->measurement;
    const bool whole = m.subject.slice.empty() || only_parts;
    if (all || one_side || only_parts || stands_out(*finding)) {
      const bool by_age = m.method->id == "event_rate_by_age";
      if (all || whole || by_age || needs_sentence(*finding)) listed.push_back(finding);
    } else if (whole && m.current) {
      others.push_back(fmt::format("{} {}", mid_sentence(short_title(*m.method)), level_texts(m).current.value));
    }
  }
  std::vector<TableRow> rows;
  const size_t count = shown(r, listed.size());
  for (size_t i = 0; i < count; ++i) rows.push_back(level_row(r, *listed[i]));
  if (&findings == &r.outline.performance && !all)
    if (auto grades = grades_row(r)) rows.push_back(std::move(*grades));
  if (!rows.empty())
    r.page.table({{""}, {"metric", false, true}, {"reference", true, false, true}, {"current", true},
                  {"change", true, false, true}, {"95 % interval", false, false, true}}, rows);
  print_rest(r, listed.size(), count);
  if (!others.empty()) r.page.paragraph(fmt::format("No sure change: {}.", fmt::join(others, "; ")), 2, Ink::muted);
}

/// The values of one series from window `from` on as a sparkline, each mark in the colour of its state.
TableRow series_row(const TerminalReport& r, const Series& series, size_t from) {
  const SeriesRange range = series_range(series);
  std::vector<Span> marks;
  std::string last, first_outside;
  for (size_t w = 0; w < series.cells.size(); ++w) {
    const Finding* cell = series.cells[w];
    const State shown = cell == nullptr ? State::unknown : state(*cell);
    const double value = cell == nullptr ? undefined : series_value(*cell);
    if (shown >= State::warning && first_outside.empty()) first_outside = r.report.windows[w].from.substr(0, 10);
    if (std::isfinite(value)) last = number_text(value, cell->method().unit == "share" ? "share" : "");
    if (w >= from) marks.push_back({r.page.sparkline({value - range.low}, range.high - range.low), ink_of(shown)});
  }
  TableRow row;
  row.cells = {{{std::string(r.page.shape(series.worst)), ink_of(series.worst)}},
               {{series_label(series.first->measurement), Ink::strong}},
               marks,
               {{last}},
               {{first_outside, Ink::muted}}};
  return row;
}

std::string threshold_text(const ReportThresholds& thresholds) {
  const auto& [chosen, best, cheapest, curve] = thresholds;
  std::string text = fmt::format("Threshold {}: F1 {}", short_number(chosen.threshold), short_number(chosen.f1));
  if (cheapest) text += fmt::format(", cost {} a row", short_number(chosen.cost_per_row));
  text += fmt::format(". On these rows F1 would be best at {} ({})", short_number(best.threshold), short_number(best.f1));
  if (cheapest)
    text += fmt::format(", and cost least at {} ({} a row)", short_number(cheapest->threshold), short_number(cheapest->cost_per_row));
  return text + ".";
}

void print_thresholds(const TerminalReport& r, const ReportThresholds& thresholds) {
  r.page.paragraph(threshold_text(thresholds), 2, Ink::muted);
  if (!r.page.style().all) return;
  std::vector<TableRow> rows;
  for (size_t i = 0; i < thresholds.curve.size(); i += 10) {
    const auto& p = thresholds.curve[i];
    rows.push_back({{{{short_number(p.threshold)}}, {{number_text(p.precision, "share")}}, {{number_text(p.recall, "share")}},
                     {{number_text(p.f1, "")}},
                     {{thresholds.cheapest ? short_number(p.cost_per_row) : ""}}}});
  }
  r.page.table({{"threshold", true}, {"precision", true}, {"recall", true}, {"F1", true}, {"cost a row", true}}, rows);
}

void print_segments(const TerminalReport& r, const SegmentSearch& search) {
  const std::string_view unit = search.in_shares ? "share" : "";
  const size_t count = shown(r, search.segments.size(), 10);
  std::vector<TableRow> rows;
  for (size_t i = 0; i < count; ++i) {
    const Segment& s = search.segments[i];
    const auto moved = [&](const std::string& from, const std::string& to) {
      return fmt::format("{} {} {}", from, r.page.arrow(), to);
    };
    rows.push_back({{{{s.significant ? "sure" : "perhaps", s.significant ? Ink::strong : Ink::muted}},
                     {{s.text}},
                     {{moved(percent(s.reference_share, 2), percent(s.current_share, 2))}},
                     {{moved(number_text(s.reference_loss, unit), number_text(s.current_loss, unit))}},
                     {{number_text(s.contribution, unit, Form::change)}}}});
  }
  if (!rows.empty())
    r.page.table({{""}, {"segment", false, true}, {"share of rows", false, false, true},
                  {search.metric, false, false, true}, {"adds", true}}, rows);
  print_rest(r, search.segments.size(), count);
  r.page.paragraph(search.note, 2, Ink::muted);
}

std::string side_text(const ReportSide& side) {
  std::string text = fmt::format("{}: {} rows, {} columns", side.label, grouped(side.rows), grouped(side.columns));
  const std::string span = span_text(side.from, side.to);
  if (!span.empty()) text += ", " + span;
  if (side.is_profile) text += " (a profile)";
  return text;
}

std::string labels_text(const LabelCoverage& labels) {
  const int64_t all = labels.known + labels.unknown;
  if (all == 0) return "no rows with outcomes";
  return fmt::format("{} of {} outcomes known ({}){}", grouped(labels.known), grouped(all),
                     percent(static_cast<double>(labels.known) / static_cast<double>(all)),
                     labels.provisional ? ", provisional" : "");
}

/// "Outcomes become known: '1' 34 % by 23d, 66 % by 45d, …; '0' 0 % by 23d, …."
std::string maturity_text(const LabelCoverage& labels) {
  std::vector<std::string> outcomes;
  for (const auto& outcome : labels.maturity) {
    std::vector<std::string> known;
    for (const auto& [age, share] : outcome.known) known.push_back(fmt::format("{} by {}", percent(share, 2), age));
    outcomes.push_back(fmt::format("'{}' {}", printable(outcome.label), fmt::join(known, ", ")));
  }
  return fmt::format("Outcomes become known: {}.", fmt::join(outcomes, "; "));
}

}  // namespace

void print_header(const TerminalReport& r) {
  const Report& report = r.report;
  const std::string task = report.task.empty() || report.task == "none" ? "" : fmt::format(", {} model", report.task);
  r.page.heading(report.model.empty() ? "Leeway check" : "Leeway check of " + report.model + task,
                 report.generated_at.empty() ? "" : report.generated_at);
  r.page.paragraph(side_text(report.reference), 13, Ink::plain, {{"  reference", Ink::muted}});
  r.page.paragraph(side_text(report.current), 13, Ink::plain, {{"  current", Ink::muted}});
  const std::string leeway = report.policy.empty() || report.policy == "leeway"
                                 ? fmt::format("drift up to PSI {} (or its equivalent)", short_number(report.drift_leeway))
                                 : fmt::format("policy {}", report.policy);
  r.page.paragraph(leeway, 13, Ink::plain, {{"  leeway", Ink::muted}});
  if (report.notes.empty()) return;
  r.page.heading("Inferred", "override with --set or a monitor file");
  const size_t count = shown(r, report.notes.size(), 8);
  for (size_t i = 0; i < count; ++i) r.page.paragraph(report.notes[i], 4, Ink::plain, {{"  ·", Ink::muted}});
  print_rest(r, report.notes.size(), count);
}

void print_summary(const TerminalReport& r) {
  const StateCounts counts = count_states(r.report);
  r.page.heading("Summary");
  std::vector<Span> tally;
  const auto add = [&](int count, State shape, std::string_view word) {
    if (count > 0) tally.push_back({fmt::format("{} {} {}", r.page.shape(shape), grouped(count), word), ink_of(shape)});
  };
  add(counts.critical, State::critical, "critical");
  add(counts.warning, State::warning, counts.warning == 1 ? "warning" : "warnings");
  add(counts.undecided, State::unknown, "undecided");
  add(counts.no_data, State::unknown, "without data");
  add(counts.ok, State::ok, "ok");
  r.page.flow(tally);
  if (const Advice advised = advice(r.report); advised.action != Action::none) {
    std::string word(name(advised.action));
    for (char& c : word) c = static_cast<char>(c - 'a' + 'A');
    r.page.paragraph(advised.reason, 2, Ink::strong, {{"  " + word + ":", ink_of(overall(r.report))}});
  }
  r.page.paragraph(verdict_sentence(r.report), 2);
  r.page.paragraph(r.report.explanation.sentence, 2);
  for (const auto& step : next_steps(r.report, r.outline))
    r.page.paragraph(step, 4, Ink::plain, {{fmt::format("  {}", r.page.arrow()), Ink::muted}});
}

void print_drift(const TerminalReport& r) {
  const auto& features = r.outline.features;
  if (!features.empty()) {
    r.page.heading(fmt::format("Drift of {}", count_text(static_cast<int64_t>(features.size()), "column", "columns")),
                   "PSI-equivalent, each bound 95 % sure; worst first");
    std::vector<TableRow> rows;
    const auto open = std::count_if(features.begin(), features.end(), [](const ColumnView& v) { return v.status > State::ok; });
    const size_t count = shown(r, features.size(), std::min(most_rows, static_cast<size_t>(open) + most_quiet));
    for (size_t i = 0; i < count; ++i)
      rows.push_back(column_row(r.page, features[i], i < most_sentences || r.page.style().all));
    r.page.table(column_table(r.page.arrow()), rows);
    const auto failing = std::count_if(features.begin() + static_cast<std::ptrdiff_t>(count), features.end(),
                                       [](const ColumnView& view) { return view.status >= State::warning; });
    print_rest(r, features.size(), count,
               failing == 0 ? std::string() : fmt::format(", {} of them drifted", grouped(failing)));
  }
  if (r.outline.table_drift.empty()) return;
  r.page.heading("Drift of all columns together");
  print_sentences(r, r.outline.table_drift, true);
}

void print_targets(const TerminalReport& r) {
  if (r.outline.targets.empty()) return;
  r.page.heading("Prediction and target");
  std::vector<TableRow> rows;
  for (const auto& view : r.outline.targets) {
    rows.push_back(column_row(r.page, view, true));
    for (size_t i = 1; i < view.drift.size(); ++i) {
      if (!is_change(view.drift[i]->measurement) && !needs_sentence(*view.drift[i])) continue;
      rows.back().below += (rows.back().below.empty() ? "" : " ") + view.drift[i]->sentence;
    }
  }
  r.page.table(column_table(r.page.arrow()), rows);
}

void print_performance(const TerminalReport& r) {
  if (!r.outline.performance.empty()) {
    r.page.heading("Performance", r.report.labels ? labels_text(*r.report.labels) : "");
    print_levels(r, r.outline.performance);
  }
  if (r.report.labels && !r.report.labels->maturity.empty()) r.page.paragraph(maturity_text(*r.report.labels), 2, Ink::muted);
  if (r.report.thresholds) print_thresholds(r, *r.report.thresholds);
  if (r.outline.estimate.empty()) return;
  r.page.heading("Performance estimated without labels", "holds while outcomes at a given score do not change");
  print_levels(r, r.outline.estimate);
}

void print_fairness(const TerminalReport& r) {
  auto listed = r.page.style().all ? r.outline.fairness : fairness_headlines(r.outline);
  if (r.outline.fairness.empty()) return;
  const size_t count = shown(r, listed.size());
  listed.resize(count);
  // By metric, the metric with the worst finding first.
  std::vector<std::string_view> metrics;
  for (const Finding* finding : listed)
    if (std::find(metrics.begin(), metrics.end(), finding->method().title) == metrics.end())
      metrics.push_back(finding->method().title);
  std::vector<TableRow> rows;
  for (const std::string_view metric : metrics) {
    std::string title(metric);
    for (const Finding* finding : listed) {
      if (finding->method().title != metric) continue;
      const Measurement& m = finding->measurement;
      const LevelTexts text = level_texts(m);
      const EstimateText& shown = m.current ? text.current : text.value;
      rows.push_back({{{status_cell(r.page, finding)},
                       {{subject_text(m.subject), Ink::strong}},
                       {{text.reference.value}},
                       {{shown.value}},
                       {{shown.bounds, Ink::muted}}},
                      needs_sentence(*finding) ? finding->sentence : "",
                      std::exchange(title, "")});
    }
  }
  r.page.heading("Fairness");
  if (!rows.empty())
    r.page.table({{""}, {"groups", false, true}, {"reference", true, false, true}, {"current", true},
                  {"bounds", false, false, true}}, rows);
  print_rest(r, r.outline.fairness.size(), count);
}

void print_business(const TerminalReport& r) {
  if (r.outline.business.empty()) return;
  r.page.heading("Business");
  print_levels(r, r.outline.business);
}

void print_quality(const TerminalReport& r) {
  if (r.outline.quality.empty()) return;
  r.page.heading("Data quality");
  print_sentences(r, r.outline.quality, false);
  const auto fine = std::count_if(r.outline.quality.begin(), r.outline.quality.end(),
                                  [](const Finding* finding) { return !needs_sentence(*finding); });
  if (fine > 0 && !r.page.style().all)
    r.page.paragraph(count_text(fine, "check shows nothing new", "checks show nothing new"), 14, Ink::muted,
                     {{fmt::format("  {} ok", r.page.shape(State::ok)), Ink::ok}});
}

void print_explanation(const TerminalReport& r) {
  const Explanation& why = r.report.explanation;
  const bool segments = why.segments && (!why.segments->segments.empty() || !why.segments->note.empty());
  if (why.columns.empty() && !why.performance && !why.cases && !segments && !why.prediction) return;
  r.page.heading("Why");
  // The summary has said it already where it is the sentence of the whole report.
  if (why.performance && why.performance->sentence != why.sentence) r.page.paragraph(why.performance->sentence, 2);
  if (why.cases) r.page.paragraph(why.cases->sentence, 2);
  if (why.prediction) r.page.paragraph(why.prediction->sentence, 2);
  const bool told = why.prediction || why.cases || (why.performance && why.performance->sentence != why.sentence);
  if (segments && told) r.page.blank();
  if (segments) print_segments(r, *why.segments);
  if (why.columns.empty()) return;
  if (segments || told) r.page.blank();
  const size_t count = shown(r, why.columns.size(), 8);
  for (size_t i = 0; i < count; ++i) r.page.paragraph(why.columns[i].sentence, 4, Ink::plain, {{"  ·", Ink::muted}});
  print_rest(r, why.columns.size(), count);
}

void print_windows(const TerminalReport& r) {
  const auto& windows = r.report.windows;
  if (windows.empty() || r.outline.series.empty()) return;
  const size_t most = static_cast<size_t>(std::max(8, r.page.width() - 52));
  const size_t from = r.page.style().all || windows.size() <= most ? 0 : windows.size() - most;
  r.page.heading(fmt::format("Over {}", count_text(static_cast<int64_t>(windows.size()), "window", "windows")),
                 span_text(windows.front().from, windows.back().to));
  std::vector<TableRow> rows;
  const size_t count = shown(r, r.outline.series.size(), 12);
  for (size_t i = 0; i < count; ++i) rows.push_back(series_row(r, r.outline.series[i], from));
  r.page.table({{""}, {"", false, true}, {"over time", false, false, true}, {"last", true},
                {"first outside", false, false, true}}, rows);
  print_rest(r, r.outline.series.size(), count);
}

void print_verdict(const TerminalReport& r) {
  const StateCounts counts = count_states(r.report);
  const State worst = overall(r.report);
  const int failed = counts.critical + counts.warning, open = counts.undecided + counts.no_data;
  std::string text;
  if (failed > 0) text = fmt::format("{} of {} outside the leeway", grouped(failed), count_text(counts.judged(), "check", "checks"));
  else text = verdict_sentence(r.report);
  if (failed > 0 && open > 0) text += fmt::format(", {} not decided", grouped(open));
  r.page.blank();
  const std::string_view word = failed > 0 ? "FAILED" : worst == State::ok ? "PASSED" : "NOT DECIDED";
  r.page.paragraph(text, 2, Ink::plain, {{fmt::format("{} {} ", r.page.shape(worst), word), ink_of(worst)}});
  if (r.report.command.empty()) return;
  r.page.paragraph("next, every figure on one page:", 0, Ink::muted);
  r.page.command(html_command(r.report));
}

}  // namespace leeway::reports
