// Times that should be there and are not, where times come in regular steps.

#include <algorithm>
#include <optional>
#include <vector>

#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

constexpr double nanoseconds_a_second = 1e9;

std::vector<int64_t> distinct_times(const Column& times) {
  std::vector<int64_t> out;
  const auto values = times.integers();
  for (size_t row = 0; row < values.size(); ++row)
    if (times.is_valid(row)) out.push_back(values[row]);
  if (!std::is_sorted(out.begin(), out.end())) std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// Nanoseconds from a to b >= a; they may lie farther apart than an int64 reaches.
uint64_t distance(int64_t a, int64_t b) { return static_cast<uint64_t>(b) - static_cast<uint64_t>(a); }

/// The distance between neighbours that at least half of them have.
std::optional<uint64_t> regular_step(const std::vector<int64_t>& times) {
  if (times.size() < 3) return std::nullopt;
  std::vector<uint64_t> steps;
  for (size_t i = 1; i < times.size(); ++i) steps.push_back(distance(times[i - 1], times[i]));
  // What at least half have is the median, or one of the two medians.
  const size_t half = steps.size() / 2;
  std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(half), steps.end());
  const uint64_t upper = steps[half];
  const uint64_t lower = *std::max_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(half));
  for (const uint64_t candidate : {lower, upper})
    if (std::count(steps.begin(), steps.end(), candidate) * 2 >= std::ssize(steps)) return candidate;
  return std::nullopt;
}

struct Gaps {
  ShareCount steps;         // missing of expected
  int64_t longest = 0;      // in missing steps
};

Gaps gaps_of(const std::vector<int64_t>& times, uint64_t step) {
  constexpr uint64_t most = 1'000'000'000;  // of one gap, so that sums stay sums
  Gaps out;
  for (size_t i = 1; i < times.size(); ++i) {
    const uint64_t gap = distance(times[i - 1], times[i]), rounded = gap / step + (gap % step >= step - gap % step);
    const auto missing = static_cast<int64_t>(std::min(most, std::max<uint64_t>(rounded, 1) - 1));
    out.steps.hits += missing;
    out.longest = std::max(out.longest, missing);
  }
  out.steps.rows = static_cast<int64_t>(times.size()) + out.steps.hits;
  return out;
}

InputCounts counts_of(const Column& times) {
  const auto rows = static_cast<int64_t>(times.size()), missing = static_cast<int64_t>(times.null_count());
  return {.rows = rows, .used = rows - missing, .missing = missing};
}

void measure_time_gaps(const MethodInfo& method, const TimePair& pair, const QualityOptions& options,
                       std::vector<Measurement>& out) {
  const auto then = distinct_times(*pair.reference), now = distinct_times(*pair.current);
  const auto step = regular_step(then);
  if (!step || now.size() < 2) return;
  const Gaps reference = gaps_of(then, *step), current = gaps_of(now, *step);
  const bool regular = reference.steps.hits * 2 < reference.steps.rows;
  if (!regular || reference.steps.hits + current.steps.hits == 0) return;
  out.push_back(share_change(method, {pair.reference->name(), {}}, counts_of(*pair.reference), counts_of(*pair.current),
                             reference.steps, current.steps, options));
  const auto real = [](auto value) { return static_cast<double>(value); };
  out.back().details = {{"step_seconds", real(*step) / nanoseconds_a_second},
                        {"reference_missing_steps", real(reference.steps.hits)},
                        {"current_missing_steps", real(current.steps.hits)},
                        {"current_expected_steps", real(current.steps.rows)},
                        {"current_longest_gap_steps", real(current.longest)}};
}

}  // namespace

extern const TimeCheck time_gaps;
constexpr TimeCheck time_gaps{
    .info = {.id = "time_gaps",
             .title = "Missing times",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::share,
             .unit = "share",
             .measures = "Where at least half of the reference's times follow each other at one distance and fill "
                         "most of its span: the change of the share of steps of that length, between first and last, "
                         "that have no row.",
             .hypothesis = leeway::texts::same_share,
             .guarantee = "Miettinen-Nurminen bounds that take each step for itself; an outage hides many steps at "
                          "once, so they are too narrow for those.",
             .misleads = "Days without trade are missing from daily data on both sides. Times before the first and "
                         "after the last row are not missed. Events that come at any moment have no step, and the "
                         "check is silent.",
             .cost = "O(n + m), with a sort where times are out of order",
             .source = leeway::texts::share_source},
    .measure = measure_time_gaps,
};

}  // namespace leeway::quality
