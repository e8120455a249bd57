#include "explain/sentence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace leeway::explain {
namespace {

/// How levels and changes of one metric are written: all with the same decimals, so that they add up for the reader.
class Style {
 public:
  /// Enough decimals for two digits of the largest of `changes` in points, three of other units.
  Style(bool in_shares, std::initializer_list<double> changes) : scale_(in_shares ? 100 : 1), in_shares_(in_shares) {
    double largest = 0;
    for (const double change : changes)
      if (std::isfinite(change)) largest = std::max(largest, std::fabs(change) * scale_);
    if (largest > 0) decimals_ = (in_shares ? 1 : 2) - static_cast<int>(std::floor(std::log10(largest)));
    decimals_ = std::clamp(decimals_, in_shares ? 1 : 0, 8);
  }

  std::string level(double value) const { return number(value) + (in_shares_ ? " %" : ""); }
  /// "+4.3", "-0.2", "0.0"
  std::string change(double value) const {
    const std::string text = number(value);
    const bool zero = text.find_first_of("123456789in") == std::string::npos;
    if (zero) return number(0);
    return value > 0 ? "+" + text : text;
  }
  std::string change_with_unit(double value) const { return change(value) + (in_shares_ ? " points" : ""); }
  std::string interval(const Estimate& estimate) const {
    return fmt::format("{} to {}", change(estimate.lower), change(estimate.upper));
  }

 private:
  std::string number(double value) const {
    const double scaled = value * scale_;
    if (!std::isfinite(scaled) || std::fabs(scaled) >= 1e15) return short_number(scaled);
    std::string text = fmt::format("{:.{}f}", scaled, decimals_);
    const size_t first = scaled < 0 ? 1 : 0;
    for (size_t at = std::min(text.find('.'), text.size()); std::fabs(scaled) >= 1e4 && at > first + 3; at -= 3)
      text.insert(at - 3, ",");
    return text;
  }

  double scale_;
  bool in_shares_;
  int decimals_ = 1;
};

bool has_interval(const Estimate& estimate) { return std::isfinite(estimate.se); }
/// The interval leaves open that there is nothing.
bool may_be_chance(const Estimate& estimate) {
  return has_interval(estimate) && estimate.lower <= 0 && estimate.upper >= 0;
}

std::string capital(std::string_view name) {
  std::string text(name);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string movement(const std::string& metric, const Estimate& reference, const Estimate& current,
                     const Estimate& total, const Style& style) {
  const std::string_view verb = may_be_chance(total) ? "went" : total.value > 0 ? "rose" : "fell";
  std::string text = fmt::format("{} {} from {} to {} ({}", capital(metric), verb, style.level(reference.value),
                                 style.level(current.value), style.change_with_unit(total.value));
  if (has_interval(total)) text += fmt::format(", 95 % interval {}", style.interval(total));
  return text + (may_be_chance(total) ? "), which may be chance." : ").");
}

std::string segment_phrase(const Segment& segment, const std::string& metric, const Style& style) {
  return fmt::format("where {} ({} of rows, {} {} → {}: {})", segment.text, percent(segment.current_share), metric,
                     style.level(segment.reference_loss), style.level(segment.current_loss),
                     style.change_with_unit(segment.contribution));
}

/// "where A (…), then where B (…)"; empty without a significant segment.
std::string segment_list(const SegmentSearch* segments, const std::string& metric, const Style& style) {
  std::string text;
  if (segments == nullptr) return text;
  for (const auto& segment : segments->segments) {
    if (!segment.significant) break;
    text += (text.empty() ? "" : ", then ") + segment_phrase(segment, metric, style);
  }
  return text;
}

struct Part {
  Estimate value;
  std::string words;
};

/// " (the movement of x1 alone explains +3.9 points)": the feature that explains most, if that is no chance.
std::string mover_phrase(const Decomposition& split, const Style& style) {
  if (split.features.empty() || may_be_chance(split.mix)) return {};
  const auto& most = split.features.front();
  if (may_be_chance(most.mix) || !has_interval(most.mix)) return {};
  return fmt::format(" (the movement of {} alone explains {})", printable(most.column),
                     style.change_with_unit(most.mix.value));
}

std::string part_phrase(const Part& part, std::string_view verb, const Style& style) {
  std::string text = style.change_with_unit(part.value.value);
  if (has_interval(part.value)) text += fmt::format(" ({})", style.interval(part.value));
  text += fmt::format(" {}from {}", verb, part.words);
  if (may_be_chance(part.value)) text += ", which may be chance";
  return text;
}

}  // namespace

std::string performance_sentence(const Decomposition& split, const SegmentSearch* segments) {
  const Style style(split.in_shares, {split.total.value, split.mix.value, split.behaviour.value, split.total.se});
  std::string text = movement(split.metric, split.reference, split.current, split.total, style);
  if (may_be_chance(split.total) && may_be_chance(split.mix) && may_be_chance(split.behaviour)) return text;

  const std::string found = segment_list(segments, split.metric, style);
  const bool worse_behaviour = split.behaviour.value > 0 && !may_be_chance(split.behaviour);
  Part parts[] = {{split.behaviour, "rows that turn out differently at the same score"},
                  {split.mix, "another mix of scores"}};
  parts[1].words += mover_phrase(split, style);
  if (worse_behaviour && !found.empty()) parts[0].words += ", first of all " + found;
  if (std::fabs(parts[1].value.value) > std::fabs(parts[0].value.value)) std::swap(parts[0], parts[1]);
  text += fmt::format(" Of this, {}, and {}.", part_phrase(parts[0], "come ", style), part_phrase(parts[1], "", style));

  if (!worse_behaviour && !found.empty()) text += fmt::format(" The rise is surest {}.", found);
  if (worse_behaviour && found.empty() && segments != nullptr && segments->searched > 0)
    text += fmt::format(" None of the {} segments searched stands out.", grouped(segments->searched));
  return text;
}

std::string cases_sentence(const CaseDecomposition& split) {
  const Style style(split.in_shares, {split.total.value, split.familiar.value, split.response.value,
                                      split.new_cases.value, split.total.se});
  std::array parts = {Part{split.response, "rows that turn out differently though their features are the same"},
                      Part{split.familiar, "another mix of familiar cases"},
                      Part{split.new_cases, "new kinds of cases"}};
  const auto chance = [](const Part& part) { return may_be_chance(part.value); };
  const std::string total = fmt::format("{} (95 % interval {})", style.change_with_unit(split.total.value),
                                        style.interval(split.total));
  if (may_be_chance(split.total) && std::ranges::all_of(parts, chance))
    return fmt::format("By the features themselves, {} has no part that is not within chance.", total);
  std::ranges::stable_sort(parts, std::greater(), [](const Part& part) { return std::fabs(part.value.value); });
  return fmt::format("By the features themselves, of {}: {}, {}, and {}.", total, part_phrase(parts[0], "come ", style),
                     part_phrase(parts[1], "", style), part_phrase(parts[2], "", style));
}

std::string rows_left_out(int64_t reference, int64_t current) {
  std::vector<std::string> sides;
  if (reference > 0) sides.push_back(grouped(reference) + " reference");
  if (current > 0) sides.push_back(grouped(current) + " current");
  if (sides.empty()) return {};
  return fmt::format("Left out: {} row{} without a known outcome or score", join_words(sides),
                     reference + current == 1 ? "" : "s");
}

std::string prediction_sentence(const PredictionShift& shift) {
  constexpr size_t named = 3;
  const Style style(false, {shift.total.value, shift.total.se});
  std::string text = movement("mean score", shift.reference, shift.current, shift.total, style);
  if (may_be_chance(shift.total)) return text;
  std::vector<std::string> parts;
  for (const auto& feature : shift.features) {
    if (parts.size() == named || may_be_chance(feature.mix) || !has_interval(feature.mix)) continue;
    const std::string column = printable(feature.column), change = style.change(feature.mix.value);
    parts.push_back(parts.empty() ? fmt::format("the movement of {} explains {} of it", column, change)
                                  : fmt::format("that of {} {}", column, change));
  }
  if (parts.empty()) return text;
  return fmt::format("{} By itself, {}.", text, fmt::join(parts, ", "));
}

}  // namespace leeway::explain
