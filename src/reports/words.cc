#include "reports/words.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "base/text.h"

namespace leeway::reports {
namespace {

constexpr int most_decimals = 6, most_digits = 5;

/// Decimals that show two digits of the interval's width, but at most five digits of a number; -1 where there is no
/// interval to go by.
int decimals_for(const Estimate& estimate, double factor) {
  const double width = (estimate.upper - estimate.lower) * factor;
  if (!std::isfinite(width) || width <= 0) return -1;
  const double largest = std::max(std::fabs(estimate.lower), std::fabs(estimate.upper)) * factor;
  const auto magnitude = [](double x) { return static_cast<int>(std::floor(std::log10(x))); };
  return std::clamp(std::min(1 - magnitude(width), most_digits - 1 - magnitude(largest)), 0, most_decimals);
}

std::string plain(double value, int decimals) {
  const double size = std::fabs(value);
  const bool too_small = size != 0 && size < 1e-6 && decimals == most_decimals;
  if (decimals < 0 || !std::isfinite(value) || size >= 1e12 || too_small) return short_number(value);
  if (decimals == 0) return grouped(std::llround(value));
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (size < 1000) return text;
  const auto point = text.find('.');
  return grouped(std::stoll(text.substr(0, point))) + text.substr(point);
}

struct Writer {
  bool share;
  Form form;
  int decimals;

  std::string operator()(double value) const {
    std::string text = plain(share ? value * 100 : value, decimals);
    const bool zero = text.find_first_of("123456789") == std::string::npos && std::isfinite(value);
    if (zero && text.starts_with('-')) text.erase(0, 1);
    if (form == Form::change && value > 0 && !zero) text.insert(0, "+");
    if (share && std::isfinite(value)) text += form == Form::change ? " pp" : " %";
    return text;
  }
};

}  // namespace

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

std::string subject_text(const Subject& subject) {
  if (subject.column.empty()) return subject.slice.empty() ? "the table" : subject.slice;
  if (subject.slice.empty()) return subject.column;
  if (subject.slice.starts_with(subject.column)) return subject.slice;
  return subject.column + ", " + subject.slice;
}

std::string number_text(double value, std::string_view unit, Form form) {
  return Writer{unit == "share", form, -1}(value);
}

EstimateText estimate_text(const Estimate& estimate, std::string_view unit, Form form, int decimals) {
  const bool share = unit == "share";
  const double factor = share ? 100 : 1;
  const Writer write{share, form, decimals};
  EstimateText out{std::isnan(estimate.value) ? "" : write(estimate.value), ""};
  // Inside an interval the unit stands once, and the value has shown the sign.
  const auto bare = [&](double bound) { return Writer{false, Form::level, decimals}(bound * factor); };
  const std::string_view unit_after = !share ? "" : form == Form::change ? " pp" : " %";
  const bool lower = std::isfinite(estimate.lower), upper = std::isfinite(estimate.upper);
  if (lower && upper) out.bounds = bare(estimate.lower) + " to " + bare(estimate.upper);
  else if (lower) out.bounds = "at least " + bare(estimate.lower);
  else if (upper) out.bounds = "at most " + bare(estimate.upper);
  if (!out.bounds.empty()) out.bounds += unit_after;
  return out;
}

EstimateText estimate_text(const Estimate& estimate, std::string_view unit, Form form) {
  return estimate_text(estimate, unit, form, decimals_for(estimate, unit == "share" ? 100 : 1));
}

LevelTexts level_texts(const Measurement& m) {
  const std::string_view unit = m.method->unit;
  const bool has_change = std::isfinite(m.value.upper - m.value.lower) || !m.current;
  const int decimals = decimals_for(has_change ? m.value : *m.current, unit == "share" ? 100 : 1);
  LevelTexts out;
  out.value = estimate_text(m.value, unit, value_form(m), decimals);
  if (m.reference) out.reference = estimate_text(*m.reference, unit, Form::level, decimals);
  if (m.current) out.current = estimate_text(*m.current, unit, Form::level, decimals);
  return out;
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

bool is_change(const Measurement& m) {
  if (!m.reference || !m.current) return false;
  switch (m.method->family) {
    case Family::multivariate: return false;
    case Family::fairness: return m.value.value != m.current->value;   // a gap or ratio repeats itself as its level
    case Family::drift: return m.method->scale == Scale::metric || m.method->scale == Scale::share;
    default: return true;
  }
}

bool on_psi_axis(const Finding& finding) { return finding.psi_equivalent && finding.method().family == Family::drift; }

Form value_form(const Measurement& measurement) { return is_change(measurement) ? Form::change : Form::level; }

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

std::string mid_sentence(std::string_view title) {
  std::string text(title);
  // A capital in the second or third place makes an acronym: "ROC", "NaN".
  const bool acronym = std::any_of(text.begin() + std::min<std::ptrdiff_t>(1, std::ssize(text)),
                                   text.begin() + std::min<std::ptrdiff_t>(3, std::ssize(text)),
                                   [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
  if (!acronym && !text.empty()) text.replace(0, 1, lower_ascii(text.substr(0, 1)));
  return text;
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
