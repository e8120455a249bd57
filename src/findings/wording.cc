#include "findings/wording.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "base/text.h"

namespace leeway {
namespace {

constexpr int most_decimals = 6, most_digits = 5;

/// The interval's width; of a skewed one twice its narrower side, so that the near bound keeps its digits.
double width_of(const Estimate& e) {
  const double nearer = std::min(e.upper - e.value, e.value - e.lower), whole = e.upper - e.lower;
  return std::isfinite(whole) && nearer > 0 ? 2 * nearer : whole;
}

/// Decimals that show two digits of the interval's width, but at most five digits of a number; -1 where there is no
/// interval to go by.
int decimals_for(const Estimate& estimate, double factor) {
  const double width = width_of(estimate) * factor;
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
    const bool whole = value == 0 || (share && std::fabs(value) == 1);
    std::string text = plain(share ? value * 100 : value, whole ? 0 : decimals);
    const bool zero = text.find_first_of("123456789") == std::string::npos && std::isfinite(value);
    if (zero && text.starts_with('-')) text.erase(0, 1);
    if (form == Form::change && value > 0 && !zero) text.insert(0, "+");
    if (share && std::isfinite(value)) text += form == Form::change ? " pp" : " %";
    return text;
  }
};

/// How measurements are named in the middle of a sentence; {} stands for the columns. Others go by their title.
struct Phrase {
  std::string_view method, matter, event = {};
};
constexpr std::array<Phrase, 21> phrases = {{
    {"missing_share", "missing share of {}"},
    {"unseen_share", "share of {} in unseen categories"},
    {"vanished_share", "share of {} in categories now gone"},
    {"type_errors", "share of {} of another type"},
    {"nan_share", "share of {} that is not a number"},
    {"infinite_share", "share of {} that is infinite"},
    {"out_of_range", "share of {} out of the reference's range"},
    {"duplicate_ids", "share of repeated {}"},
    {"constant_column", "share of {}"},
    {"suspect_values", "share of {}"},
    {"time_order", "share of rows out of order by {}"},
    {"time_gaps", "share of gaps in {}"},
    {"mean_shift", "mean of {}"},
    {"true_share", "share of {} that is true"},
    {"second_moments", "change of spreads and correlations"},
    {"confusion_matrix", "share of {}"},
    {"calibration_by_grade", "event rate at {}"},
    {"predicted_share", "share predicted as {}"},
    {"missing_column", "missing column {}", "is missing"},
    {"new_column", "new column {}", "is new"},
    {"retyped_column", "type of {}", "has another type"},
}};

const Phrase* phrase_of(const MethodInfo& method) {
  const auto found = std::find_if(phrases.begin(), phrases.end(), [&](const Phrase& p) { return p.method == method.id; });
  return found == phrases.end() ? nullptr : &*found;
}

}  // namespace

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

bool is_change(const Measurement& m) {
  if (!m.reference || !m.current) return false;
  switch (m.method->family) {
    case Family::multivariate: return false;
    case Family::fairness: return m.value.value != m.current->value;   // a gap or ratio repeats itself as its level
    case Family::drift: return m.method->scale == Scale::metric || m.method->scale == Scale::share;
    default: return true;
  }
}

Form value_form(const Measurement& measurement) { return is_change(measurement) ? Form::change : Form::level; }

std::string mid_sentence(std::string_view title) {
  // People's names keep their capital, as do acronyms ("ROC", "NaN", "F1").
  constexpr std::array<std::string_view, 8> people = {"Brier", "Gini", "Hellinger", "Kuiper", "Theil", "Wasserstein", "Spiegelhalter", "Bayes"};
  const std::string_view word = title.substr(0, title.find(' '));
  const bool name = std::find(people.begin(), people.end(), word) != people.end() || word.find('\'') != std::string_view::npos;
  const bool acronym = std::any_of(word.begin() + std::min<std::ptrdiff_t>(1, std::ssize(word)), word.end(),
                                   [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
  const bool letter = word.size() > 1 && word[1] == '-';   // "F-beta"
  std::string text(title);
  if (!name && !acronym && !letter && !text.empty()) text.replace(0, 1, lower_ascii(text.substr(0, 1)));
  return text;
}

std::string short_title(const MethodInfo& method) {
  std::string title(trim(method.title.substr(0, method.title.find(" ("))));
  // The group is named beside it.
  constexpr std::string_view group = " of a group";
  if (const size_t at = title.find(group); at != std::string::npos) title.erase(at, group.size());
  return title;
}

std::string matter(const MethodInfo& method, const std::vector<std::string>& subjects) {
  const std::string names = join_words(subjects);
  if (const Phrase* phrase = phrase_of(method)) return fmt::format(fmt::runtime(phrase->matter), names);
  const std::string title = mid_sentence(short_title(method));
  if (names.empty()) return title;
  const size_t subgroup = title.find("a subgroup");
  if (subgroup != std::string::npos) return std::string(title).replace(subgroup, 10, names);
  return fmt::format("{} {} {}", title, method.family == Family::fairness ? "for" : "of", names);
}

std::string matter(const Measurement& m) {
  const Phrase* phrase = phrase_of(*m.method);
  const std::string column = printable(m.subject.column), slice = printable(m.subject.slice);
  if (slice.empty()) return matter(*m.method, column.empty() ? std::vector<std::string>{} : std::vector{column});
  const bool slice_alone = slice.starts_with(column) || m.method->title.find("a subgroup") != std::string_view::npos;
  if (!column.empty() && !slice_alone)
    return matter(*m.method, {fmt::format("{}{} {}", column, phrase == nullptr ? "," : " with", slice)});
  if (column.empty() && phrase == nullptr) return fmt::format("{}, {}", matter(*m.method, std::vector<std::string>{}), slice);
  return matter(*m.method, {slice});
}

int64_t rounded_up(int64_t rows) {
  int64_t unit = 1;
  while (rows / unit >= 100) unit *= 10;
  return (rows + unit - 1) / unit * unit;
}

std::string_view event(const MethodInfo& method) {
  const Phrase* phrase = phrase_of(method);
  return phrase == nullptr ? std::string_view() : phrase->event;
}

}  // namespace leeway
