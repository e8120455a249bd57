#include "findings/sentence.h"

#include <cmath>
#include <fmt/format.h>

#include "base/text.h"

namespace leeway {
namespace {

std::string number(const Measurement& m, double value) {
  return m.method->scale == Scale::share || m.method->unit == "share" ? percent(value) : short_number(value);
}

std::string about(const Measurement& m) {
  std::string text = m.subject.column.empty() ? "" : printable(m.subject.column);
  if (!m.subject.slice.empty()) text += (text.empty() ? "" : ", ") + printable(m.subject.slice);
  return text;
}

std::string bounds(const Measurement& m, const Estimate& e) {
  const bool low = std::isfinite(e.lower), high = std::isfinite(e.upper);
  if (!low && !high) return "";
  if (m.confidence > 0.96 && low && high)
    return fmt::format(" ({:.0f} % interval {} to {})", 100 * (2 * m.confidence - 1), number(m, e.lower), number(m, e.upper));
  if (low && high)
    return fmt::format(" (between {} and {}, each bound {:.0f} % sure)", number(m, e.lower), number(m, e.upper), 100 * m.confidence);
  return fmt::format(" ({} {}, {:.0f} % sure)", low ? "at least" : "at most", number(m, low ? e.lower : e.upper), 100 * m.confidence);
}

/// "fell from 0.908 to 0.840 by 0.068 (95 % interval …)" or "is 0.21 (between …)"; a gap within the current rows is "0.21
/// (between …), 0.20 on the reference".
std::string level_and_change(const Measurement& m) {
  if (m.within_current())
    return fmt::format("is {}{}{}", number(m, m.value.value), bounds(m, m.value),
                       m.reference ? fmt::format(", {} on the reference", number(m, m.reference->value)) : "");
  if (m.reference && m.current && std::isfinite(m.value.value))
    return fmt::format("{} from {} to {}, by {}{}", movement_word(m.reference->value, m.current->value),
                       number(m, m.reference->value), number(m, m.current->value), number(m, m.value.value), bounds(m, m.value));
  const Estimate& e = m.current && !std::isfinite(m.value.value) ? *m.current : m.value;
  return fmt::format("is {}{}", number(m, e.value), bounds(m, e));
}

std::string whose(const Leeway& leeway) {
  return leeway.set_by_user ? "your" : leeway.origin.starts_with("policy") ? "the policy's" : "the default";
}

std::string against(const Finding& f) {
  const Leeway& l = *f.leeway;
  const Measurement& m = f.measurement;
  std::string limit = l.on == Leeway::On::current_minimum ? fmt::format("minimum of {}", number(m, l.limit))
                      : l.on == Leeway::On::current_maximum ? fmt::format("maximum of {}", number(m, l.limit))
                                                            : fmt::format("leeway of {}", number(m, std::fabs(l.limit)));
  if (f.verdict == Verdict::stable) return fmt::format("within {} {}", whose(l), limit);
  if (failed(f.verdict)) return fmt::format("beyond {} {}", whose(l), limit);
  return fmt::format("not surely on either side of {} {}", whose(l), limit);
}

std::string more_rows(const Finding& f) {
  if (!f.undecidable.empty()) return f.undecidable;
  if (!f.rows_needed) return "more rows are needed";
  return fmt::format("about {} current rows would decide (there are {})", grouped(*f.rows_needed),
                     grouped(f.measurement.current_rows.used));
}

std::string verdict_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::stable: return "is stable";
    case Verdict::undecided: return "is undecided";
    default: return std::string(name(verdict));
  }
}

}  // namespace

std::string movement_word(double reference, double current) {
  return current > reference ? "rose" : current < reference ? "fell" : "stayed";
}

std::string sentence(const Finding& f) {
  const Measurement& m = f.measurement;
  const std::string subject = about(m);
  const std::string title(m.method->title);
  const std::string lead = subject.empty() ? title : subject;
  if (f.verdict == Verdict::not_computable) {
    const std::string what = subject.empty() ? title : subject + ": " + title;
    return fmt::format("{} cannot be computed: {}.", what, m.not_computable);
  }
  std::string text = f.verdict == Verdict::measured ? fmt::format("{}{} {}", subject.empty() ? "" : subject + ": ", title, level_and_change(m))
                     : subject.empty() ? fmt::format("{} {}", title, level_and_change(m))
                                       : fmt::format("{} {}: {} {}", lead, verdict_word(f.verdict), title, level_and_change(m));
  if (f.leeway) text += ", " + against(f);
  if (m.by_chance && failed(f.verdict)) text += fmt::format("; chance alone gives {} at this size", number(m, *m.by_chance));
  if (f.verdict == Verdict::undecided) text += "; " + more_rows(f);
  if (f.verdict == Verdict::stable && f.smallest_detectable)
    text += fmt::format("; a {} of {} would have been found", m.within_current() ? "value" : "movement", number(m, *f.smallest_detectable));
  if (!m.note.empty()) text += "; " + m.note;
  return text + ".";
}

}  // namespace leeway
