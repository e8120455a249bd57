#include "reports/words.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "base/text.h"

namespace leeway::reports {
std::string_view status_word(State state) {
  switch (state) {
    case State::measured: return "Measured";
    case State::ok: return "OK";
    case State::unknown: return "No data";
    case State::warning: return "Warning";
    case State::critical: return "Critical";
  }
  return "";
}

std::string_view status_word(const Finding& finding) {
  return finding.verdict == Verdict::undecided ? "Undecided" : status_word(state(finding));
}

EstimateText drift_text(const Finding& finding) {
  const Measurement& m = finding.measurement;
  if (on_psi_axis(finding)) return estimate_text(*finding.psi_equivalent, "", Form::level, 3);
  return estimate_text(m.value, m.method->unit, value_form(m));
}

std::string with_bounds(const EstimateText& text) {
  if (text.bounds.empty()) return text.value;
  return text.value.empty() ? text.bounds : text.value + " (" + text.bounds + ")";
}

bool on_psi_axis(const Finding& finding) { return finding.psi_equivalent && finding.method().family == Family::drift; }

double series_value(const Finding& finding) {
  const Measurement& m = finding.measurement;
  if (!m.computed()) return undefined;
  if (is_change(m)) return m.current->value;
  return on_psi_axis(finding) ? finding.psi_equivalent->value : m.value.value;
}

SeriesRange series_range(const Series& series) {
  double low = std::numeric_limits<double>::infinity(), high = -low, leeway = 0;
  bool level = true;
  for (const Finding* cell : series.cells) {
    const double value = cell == nullptr ? undefined : series_value(*cell);
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
    level = is_change(cell->measurement) || cell->method().orientation == Orientation::lower_is_worse;
    if (!level && cell->leeway)
      leeway = std::max(leeway, on_psi_axis(*cell) ? cell->leeway->psi_equivalent : cell->leeway->limit);
  }
  if (low > high) return {};
  if (!level) return {std::min(0.0, low), std::max(high, leeway)};
  return low == high ? SeriesRange{low - 1, low + 1} : SeriesRange{low, high};
}

std::string series_label(const Measurement& measurement) {
  const Subject& subject = measurement.subject;
  const std::string title(measurement.method->title);
  switch (measurement.method->family) {
    case Family::drift: return subject.column.empty() ? title : subject_text(subject);
    case Family::performance:
    case Family::estimate:
    case Family::business: return subject.slice.empty() ? title : title + ", " + subject.slice;
    default: return subject.column.empty() && subject.slice.empty() ? title : title + ", " + subject_text(subject);
  }
}

std::string confidence_text(const Measurement& m) {
  const bool interval = m.confidence > 0.96;
  return interval ? percent(2 * m.confidence - 1) + " interval" : "each bound " + percent(m.confidence) + " sure";
}

std::string limit_text(const Finding& finding) {
  if (!finding.leeway || !std::isfinite(finding.leeway->limit)) return "";
  const MethodInfo& method = finding.method();
  // The limit of a separation is its distance from one half, where nothing moved.
  const double limit = finding.leeway->limit + (method.scale == Scale::separation_auc ? 0.5 : 0);
  if (finding.leeway->on != Leeway::On::value || !is_change(finding.measurement)) return number_text(limit, method.unit);
  if (method.orientation != Orientation::either) return number_text(limit, method.unit, Form::change);
  std::string size = number_text(std::fabs(limit), method.unit, Form::change);
  if (size.starts_with('+')) size.erase(0, 1);
  return "±" + size;
}

std::string open_reason(const Finding& finding) {
  if (finding.verdict == Verdict::not_computable) return finding.measurement.not_computable;
  if (finding.verdict != Verdict::undecided) return "";
  if (!finding.undecidable.empty()) return finding.undecidable;
  if (!finding.rows_needed) return "not enough data";
  const int64_t more = *finding.rows_needed - finding.measurement.current_rows.used;
  return more > 0 ? count_text(more, "more row needed", "more rows needed") : "not enough data";
}

std::string with_stop(std::string_view sentence) { return without_stop(sentence) + "."; }

std::string without_stop(std::string_view sentence) {
  while (sentence.ends_with('.')) sentence.remove_suffix(1);
  return std::string(sentence);
}

std::string count_text(int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

std::string span_text(std::string_view from, std::string_view to) {
  constexpr std::string_view midnight = "T00:00:00Z";
  if (from.empty() && to.empty()) return "";
  if (from.ends_with(midnight) && to.ends_with(midnight)) {
    from.remove_suffix(midnight.size());
    to.remove_suffix(midnight.size());
  }
  return fmt::format("{} to {}", from, to);
}

}  // namespace leeway::reports
