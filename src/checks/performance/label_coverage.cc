#include "checks/performance/label_coverage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "checks/level.h"
#include "checks/performance/binary_sample.h"

namespace leeway::performance {
namespace {

bool known(const Column& label, size_t row) {
  return label.is_valid(row) && (label.type() != Type::real || !std::isnan(label.reals()[row]));
}

/// Age of a row, at least 0 and at most the largest integer; nothing without a time.
std::optional<int64_t> age(const Column* time, size_t row, int64_t as_of) {
  if (!time || !time->is_valid(row)) return std::nullopt;
  const int64_t at = time->integers()[row];
  int64_t age = 0;
  if (at >= as_of) return 0;
  return __builtin_sub_overflow(as_of, at, &age) ? std::numeric_limits<int64_t>::max() : age;
}

/// A quarter of `span` in whole days, hours or seconds, as people count.
int64_t quarter_of(int64_t span) {
  constexpr int64_t second = 1'000'000'000;
  const int64_t quarter = span / 4;
  for (const int64_t unit : {86400 * second, 3600 * second, second})
    if (quarter >= unit) return quarter / unit * unit;
  return quarter;
}

std::vector<LabelAge> empty_ages(int64_t oldest, std::optional<int64_t> matures_after) {
  constexpr int64_t open = std::numeric_limits<int64_t>::max();
  const int64_t quarter = quarter_of(matures_after.value_or(oldest));
  std::vector<int64_t> cuts{0};
  const auto cut = [&](int64_t at) {
    if (at > cuts.back() && at <= oldest) cuts.push_back(at);
  };
  for (const int64_t quarters : {1, 2, 3}) cut(quarters * quarter);
  if (matures_after) {
    cut(*matures_after);
    if (*matures_after <= open / 2) cut(2 * *matures_after);
  }
  std::vector<LabelAge> ages;
  for (size_t i = 0; i < cuts.size(); ++i) {
    const bool last = i + 1 == cuts.size();
    const std::string from = cuts[i] == 0 ? "0" : duration_text(cuts[i]);
    ages.push_back({cuts[i], last ? open : cuts[i + 1],
                    last ? from + " and older" : from + " to " + duration_text(cuts[i + 1]), 0, 0,
                    matures_after && cuts[i] >= *matures_after});
  }
  return ages;
}

Level coverage_level(const InputCounts& usable, const InputCounts& labelled) {
  return Level::of_proportion(labelled.used, usable.used, "no row has a usable prediction");
}

/// `events` of the rows with a known label, with what the unknown ones could make of it.
Level limited(int64_t events, const BinaryRows& rows) {
  Level level = Level::of_proportion(events, rows.labelled.used, "no label is known");
  if (!level.computed()) return level;
  const auto all = static_cast<double>(rows.size());
  const auto unknown = static_cast<int64_t>(rows.size()) - rows.labelled.used;
  if (unknown > 0)
    level.bracket = stats::Interval{static_cast<double>(events) / all, static_cast<double>(events + unknown) / all};
  level.details = {{"unknown", static_cast<double>(unknown)}};
  return level;
}

}  // namespace

std::string duration_text(int64_t nanoseconds) {
  constexpr int64_t second = 1'000'000'000;
  constexpr std::array<std::pair<int64_t, const char*>, 4> units{
      {{86400 * second, "d"}, {3600 * second, "h"}, {60 * second, "min"}, {second, "s"}}};
  const int64_t whole = (nanoseconds + second / 2) / second * second;
  for (const auto& [unit, name] : units)
    if (whole % unit == 0 && whole > 0) return fmt::format("{}{}", whole / unit, name);
  return "0s";
}

LabelCoverage label_coverage(const Column& label, const Column* time, int64_t as_of,
                             std::optional<int64_t> matures_after) {
  if (time && time->type() != Type::time) time = nullptr;
  LabelCoverage coverage;
  int64_t oldest = 0;
  for (size_t i = 0; i < label.size(); ++i) {
    (known(label, i) ? coverage.known : coverage.unknown) += 1;
    const auto row_age = age(time, i, as_of);
    oldest = std::max(oldest, row_age.value_or(0));
    if (matures_after) coverage.provisional |= !row_age || *row_age < *matures_after;
  }
  if (!time || label.size() == 0) return coverage;
  coverage.ages = empty_ages(oldest, matures_after);
  for (size_t i = 0; i < label.size(); ++i) {
    const auto row_age = age(time, i, as_of);
    if (!row_age) continue;
    LabelAge& bucket = *(std::ranges::upper_bound(coverage.ages, *row_age, {}, &LabelAge::from) - 1);
    ++bucket.rows;
    bucket.known += known(label, i);
  }
  return coverage;
}

std::vector<uint32_t> immature_labels(const Column& label, const Column& time, int64_t as_of, int64_t matures_after) {
  std::vector<uint32_t> rows;
  for (size_t row = 0; row < label.size(); ++row)
    if (known(label, row) && age(&time, row, as_of).value_or(0) < matures_after) rows.push_back(static_cast<uint32_t>(row));
  return rows;
}

constexpr MethodInfo label_coverage_info{
    .id = "label_coverage",
    .title = "Known labels",
    .family = Family::performance,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "The share of rows with a usable prediction whose label is known and old enough to be final",
    .hypothesis = no_change,
    .guarantee = proportion_bounds,
    .misleads = "A high share can still leave out just the rows that differ",
    .cost = "O(n)",
    .source = proportion_bounds_source};

constexpr MethodInfo event_rate_info{
    .id = "event_rate",
    .title = "Event rate",
    .family = Family::performance,
    .version = 1,
    .orientation = Orientation::either,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "The share of known labels that are positive; its bracket is what unknown labels could make of it",
    .hypothesis = no_change,
    .guarantee = "Wilson's interval for the known labels; the bracket holds whatever the unknown ones are",
    .misleads = "Among known labels alone it is biased where one outcome is known sooner than the other",
    .cost = "O(n)",
    .source = "Manski 1989, doi:10.2307/145818"};

constexpr MethodInfo accuracy_limits_info{
    .id = "accuracy_limits",
    .title = "Accuracy with its limits from unknown labels",
    .family = Family::performance,
    .version = 1,
    .orientation = Orientation::lower_is_worse,
    .scale = Scale::metric,
    .unit = "share",
    .measures = "The share of right decisions among rows with a known label; its bracket is what unknown labels could "
                "make of it",
    .hypothesis = no_change,
    .guarantee = "Wilson's interval for the known labels; the bracket holds whatever the unknown ones are",
    .misleads = "Wide, and honestly so, while many labels are unknown",
    .cost = "O(n)",
    .source = "Manski 1989, doi:10.2307/145818"};

Measurement measure_label_coverage(const Subject& subject, const InputCounts* reference_usable,
                                   const InputCounts* reference_labelled, const InputCounts& usable,
                                   const InputCounts& labelled) {
  Levels from;
  if (reference_usable) from.push_back(coverage_level(*reference_usable, *reference_labelled));
  const Levels to{coverage_level(usable, labelled)};
  return compare(label_coverage_info, subject, from, reference_usable ? *reference_usable : InputCounts{}, to, usable)
      .front();
}

std::vector<Measurement> measure_labels(const Subject& subject, const BinaryRows* reference, const BinaryRows& current,
                                        double threshold) {
  std::vector<Measurement> out{measure_label_coverage(subject, reference ? &reference->usable : nullptr,
                                                      reference ? &reference->labelled : nullptr, current.usable,
                                                      current.labelled)};
  const auto add = [&](const MethodInfo& info, int64_t (*events)(const Confusion&)) {
    const auto level_of = [&](const BinaryRows& rows) { return limited(events(confusion_of(rows, threshold)), rows); };
    const Levels from = reference && reference->labelled.used > 0 ? Levels{level_of(*reference)} : Levels{};
    for (Measurement& m : compare(info, subject, from, reference ? reference->labelled : InputCounts{},
                                  Levels{level_of(current)}, current.labelled))
      out.push_back(std::move(m));
  };
  add(event_rate_info, [](const Confusion& c) { return c.positives(); });
  add(accuracy_limits_info, [](const Confusion& c) { return c.true_positives + c.true_negatives; });
  return out;
}

}  // namespace leeway::performance
