#include "findings/sentence.h"

#include <cmath>
#include <fmt/format.h>

#include "base/text.h"
#include "findings/wording.h"

namespace leeway {
namespace {

/// Chance is worth a word when it explains this part of what was found.
constexpr double telling_chance = 0.2;

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

/// Percentage points in a sentence.
std::string in_points(std::string text) {
  if (text.ends_with(" pp")) text.replace(text.size() - 2, 2, "points");
  return text;
}

std::string change_text(const Measurement& m, double value) {
  return in_points(number_text(value, m.method->unit, value_form(m)));
}

/// A size without a sign: "7.74 points", "0.128", "20 %".
std::string size_text(const Measurement& m, double value) {
  std::string text = change_text(m, std::fabs(value));
  if (text.starts_with('+')) text.erase(0, 1);
  return text;
}

bool is_point(const Estimate& e) { return !(e.upper > e.lower); }
bool includes_zero(const Estimate& e) { return e.lower <= 0 && e.upper >= 0 && !is_point(e); }

/// "95 % interval 0.43 to 0.66", or "between 0.43 and 0.66" for bounds that are meant one at a time; empty without.
std::string interval_text(const Measurement& m, const Estimate& e, std::string bounds) {
  if (is_point(e) && std::isfinite(e.lower) && std::isfinite(e.upper)) return "";
  const size_t to = bounds.find(" to ");
  if (to == std::string::npos || bounds.substr(0, to) == bounds.substr(to + 4)) return to == std::string::npos ? bounds : "";
  if (m.confidence > 0.96) return fmt::format("{:.0f} % interval {}", 100 * (2 * m.confidence - 1), bounds);
  return "between " + bounds.replace(to, 4, " and ");
}

/// "rose from 3.3 % to 19.1 %", "went from …" where that may be chance, "stayed at 23".
std::string course(const Measurement& m, const LevelTexts& text) {
  if (text.reference.value == text.current.value && (includes_zero(m.value) || m.value.value == 0))
    return "stayed at " + text.current.value;
  const std::string_view verb = includes_zero(m.value) ? "went" : m.current->value > m.reference->value ? "rose" : "fell";
  return fmt::format("{} from {} to {}", verb, text.reference.value, text.current.value);
}

/// "fell from 0.908 to 0.840 (-0.068, 95 % interval -0.076 to -0.060)", "stayed at 23".
std::string change_phrase(const Measurement& m, const LevelTexts& text) {
  std::string bounds = text.value.bounds;
  if (bounds.ends_with(" pp")) bounds.resize(bounds.size() - 3);
  bounds = interval_text(m, m.value, bounds);
  if (m.value.value == 0 && bounds.empty()) return course(m, text);
  return fmt::format("{} ({}{}{})", course(m, text), in_points(text.value.value), bounds.empty() ? "" : ", ", bounds);
}

/// "is 0.21 (between 0.18 and 0.25)", with the level of the reference for what is no movement.
std::string level_phrase(const Measurement& m) {
  const bool alone = m.current && !std::isfinite(m.value.value);
  const Estimate& e = alone ? *m.current : m.value;
  const EstimateText text = estimate_text(e, m.method->unit, alone ? Form::level : value_form(m));
  const std::string bounds = interval_text(m, e, text.bounds);
  std::string out = "is " + in_points(text.value);
  if (!bounds.empty()) out += fmt::format(" ({})", bounds);
  if (m.within_current() && m.reference)
    out += fmt::format(", {} in the reference", number_text(m.reference->value, m.method->unit));
  return out;
}

std::string movement(const Measurement& m) {
  return is_change(m) && std::isfinite(m.value.value) ? change_phrase(m, level_texts(m)) : level_phrase(m);
}

std::string whose(const Leeway& leeway) {
  return leeway.set_by_user ? "your" : leeway.origin.starts_with("policy") ? "the policy's" : "the default";
}

/// A one-sided separation AUC is judged by its distance above 1/2, and read as the AUC.
double judged_limit(const Measurement& m, const Leeway& leeway) {
  const bool above_half = m.method->scale == Scale::separation_auc && m.method->orientation == Orientation::higher_is_worse;
  return above_half ? leeway.limit + 0.5 : leeway.limit;
}

/// "beyond the default leeway of 0.1", "below your minimum of 0.7", "within …", "too close to … to tell".
std::string against(const Finding& f) {
  const Leeway& l = *f.leeway;
  const Measurement& m = f.measurement;
  const bool worse_when_low = m.method->orientation == Orientation::lower_is_worse;
  const bool minimum = l.on == Leeway::On::current_minimum || (m.within_current() && worse_when_low);
  const bool maximum = l.on == Leeway::On::current_maximum || (m.within_current() && !minimum);
  std::string limit;
  if (minimum || maximum)
    limit = fmt::format("{} {} of {}", whose(l), minimum ? "minimum" : "maximum", number_text(l.limit, m.method->unit));
  else
    limit = fmt::format("{} leeway of {}", whose(l), size_text(m, judged_limit(m, l)));
  if (f.verdict == Verdict::undecided) {
    const bool by_itself = f.undecidable.starts_with("beyond the leeway by itself");
    return by_itself ? fmt::format("beyond {} by itself, but not surely among so many comparisons", limit) : "too close to " + limit + " to tell";
  }
  const bool failing = failed(f.verdict);
  if (minimum) return (failing ? "below " : "above ") + limit;
  if (maximum) return (failing ? "above " : "below ") + limit;
  return (failing ? "beyond " : "within ") + limit;
}

std::string what_would_decide(const Finding& f) {
  if (f.undecidable.starts_with("beyond the leeway by itself")) return "";
  if (!f.undecidable.empty()) return f.undecidable;
  if (!f.rows_needed) return "more rows are needed";
  return fmt::format("about {} current rows would decide (there are {})", grouped(rounded_up(*f.rows_needed)),
                     grouped(f.measurement.current_rows.used));
}

/// What the value would be if nothing were the matter.
double neutral(const MethodInfo& method) {
  if (method.scale == Scale::separation_auc) return 0.5;
  return method.family == Family::fairness && method.orientation == Orientation::lower_is_worse ? 1 : 0;
}

bool chance_tells(const Measurement& m) {
  const double base = neutral(*m.method);
  return m.by_chance && std::fabs(*m.by_chance - base) >= telling_chance * std::fabs(m.value.value - base);
}

/// "income drifted: Kolmogorov-Smirnov distance is …" for movements of columns, "Missing share of income rose …".
std::string statement(const Finding& f) {
  const Measurement& m = f.measurement;
  const bool of_column = m.method->family == Family::drift && !m.subject.column.empty() && f.verdict != Verdict::measured;
  if (!of_column) return fmt::format("{} {}", capital(matter(m)), movement(m));
  const std::string_view word = f.verdict == Verdict::stable      ? "is stable"
                                : f.verdict == Verdict::undecided ? "is undecided"
                                                                  : name(f.verdict);
  return fmt::format("{} {}: {} {}", printable(subject_text(m.subject)), word, short_title(*m.method), movement(m));
}

}  // namespace

std::string sentence(const Finding& f) {
  const Measurement& m = f.measurement;
  if (f.verdict == Verdict::not_computable)
    return fmt::format("{} cannot be computed: {}.", capital(matter(m)), m.not_computable);
  if (const std::string_view what = event(*m.method); !what.empty())
    return fmt::format("{} {}{}{}.", printable(m.subject.column), what, m.note.empty() ? "" : ": ", m.note);
  std::string text = statement(f);
  if (f.leeway) text += ", " + against(f);
  if (const std::string deciding = f.verdict == Verdict::undecided ? what_would_decide(f) : ""; !deciding.empty()) text += "; " + deciding;
  if (failed(f.verdict) && chance_tells(m))
    text += fmt::format("; chance alone gives {} with so few rows", size_text(m, *m.by_chance));
  if (f.verdict == Verdict::stable && f.smallest_detectable)
    text += m.within_current() ? fmt::format("; {} would have been found", number_text(*f.smallest_detectable, m.method->unit))
                               : fmt::format("; a movement of {} would have been found", size_text(m, *f.smallest_detectable));
  if (!m.note.empty()) text += "; " + m.note;
  return text + ".";
}

}  // namespace leeway
