// Values that stand apart from all others, as marks for missing do (-200, 9999) and slips of the comma.

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

/// One end of a law: values at the outside, and the rest.
struct Outside {
  double from = 0, to = 0;         ///< from <= to; equal if it is one value
  int64_t rows = 0, total = 0;
  double rest_nearest = 0, rest_farthest = 0;
  double rest_near = 0;            ///< 1 % of the rest lie between the nearest and this.
  double rest_quartile_range = 0;
  size_t rest_distinct = 0;
};

/// More rows than a slip or two.
bool many(int64_t rows, int64_t total) { return rows >= std::max<int64_t>(10, total / 1000); }

/// One repeated value must be farther from the rest than three times the rest's own tail, half its middle and ten of
/// its usual steps; a few rows ten times farther than the rest is wide. Codes (few distinct values) have gaps by
/// nature.
bool stands_apart(const Outside& end, bool greatest) {
  constexpr size_t least_distinct = 20;
  if (end.rest_distinct < least_distinct || !std::isfinite(end.rest_farthest - end.rest_nearest)) return false;
  const double gap = greatest ? end.from - end.rest_nearest : end.rest_nearest - end.to;
  const double range = std::fabs(end.rest_farthest - end.rest_nearest);
  if (!many(end.rows, end.total)) return gap >= 10 * range;
  return end.from == end.to && gap >= 3 * std::fabs(end.rest_near - end.rest_nearest) &&
         gap >= 0.5 * end.rest_quartile_range && gap >= 10 * range / static_cast<double>(end.rest_distinct);
}

/// The outermost `values` distinct values of the reference against its others.
Outside end_of(const NumericReference& reference, bool greatest, size_t values) {
  const size_t distinct = reference.distinct_count();
  const int64_t m = reference.size();
  const int64_t rows = greatest ? m - reference.cumulative(distinct - values - 1) : reference.cumulative(values - 1);
  const int64_t rest = m - rows, before = greatest ? 0 : rows;
  const auto quantile = [&](double q) {
    const int64_t rank = std::clamp<int64_t>(std::llround(q * static_cast<double>(rest)), 1, rest);
    return reference.order_statistic(before + rank);
  };
  return {.from = greatest ? reference.value(distinct - values) : reference.min(),
          .to = greatest ? reference.max() : reference.value(values - 1),
          .rows = rows,
          .total = m,
          .rest_nearest = reference.value(greatest ? distinct - values - 1 : values),
          .rest_farthest = greatest ? reference.min() : reference.max(),
          .rest_near = quantile(greatest ? 0.99 : 0.01),
          .rest_quartile_range = quantile(0.75) - quantile(0.25),
          .rest_distinct = distinct - values};
}

/// The current values beyond the reference's range on one side, outermost first.
std::vector<double> beyond(const NumericPair& pair, bool greatest) {
  std::vector<double> out;
  const double edge = greatest ? pair.reference->max() : pair.reference->min();
  if (greatest ? pair.current->max() <= edge : pair.current->min() >= edge) return out;
  for (const double x : pair.values)
    if (greatest ? x > edge : x < edge) out.push_back(x);
  std::sort(out.begin(), out.end());
  if (greatest) std::reverse(out.begin(), out.end());
  return out;
}

/// The first `rows` of `outer` (as from beyond()) against what follows them and the reference.
Outside end_of(const NumericPair& pair, std::span<const double> outer, size_t rows, bool greatest) {
  const NumericReference& reference = *pair.reference;
  const double edge = greatest ? reference.max() : reference.min();
  const auto [low, high] = std::minmax(outer.front(), outer[rows - 1]);
  return {.from = low,
          .to = high,
          .rows = static_cast<int64_t>(rows),
          .total = static_cast<int64_t>(pair.values.size()),
          .rest_nearest = rows < outer.size() ? outer[rows] : edge,
          .rest_farthest = greatest ? reference.min() : reference.max(),
          .rest_near = reference.quantile(greatest ? 0.99 : 0.01),
          .rest_quartile_range = reference.quantile(0.75) - reference.quantile(0.25),
          .rest_distinct = reference.distinct_count()};
}

// One value, or some of the outermost as long as they are few rows.
constexpr size_t most_values = 10;

std::optional<Outside> suspect_of_reference(const NumericReference& reference, bool greatest) {
  for (size_t values = 1; values <= most_values && values + 1 < reference.distinct_count(); ++values) {
    const Outside end = end_of(reference, greatest, values);
    if (values > 1 && many(end.rows, end.total)) break;
    if (stands_apart(end, greatest)) return end;
  }
  return std::nullopt;
}

std::optional<Outside> suspect_of_current(const NumericPair& pair, bool greatest) {
  const std::vector<double> outer = beyond(pair, greatest);
  size_t rows = 0;
  for (size_t values = 1; values <= most_values && rows < outer.size(); ++values) {
    const double value = outer[rows];
    while (rows < outer.size() && outer[rows] == value) ++rows;
    const Outside end = end_of(pair, outer, rows, greatest);
    if (values > 1 && many(end.rows, end.total)) break;
    if (stands_apart(end, greatest)) return end;
  }
  return std::nullopt;
}

std::vector<Outside> suspects(const NumericPair& pair) {
  std::vector<Outside> out;
  for (const bool greatest : {false, true})
    for (const auto& end : {suspect_of_reference(*pair.reference, greatest), suspect_of_current(pair, greatest)})
      if (end) out.push_back(*end);
  return out;
}

void measure_suspects(const MethodInfo& method, const ColumnPair& pair, const QualityOptions& options,
                      std::vector<Measurement>& out) {
  if (!pair.numeric || pair.numeric->values.empty() || pair.numeric->reference->size() == 0) return;
  const NumericReference& reference = *pair.numeric->reference;
  const auto values = pair.numeric->values;
  for (const Outside& end : suspects(*pair.numeric)) {
    const ShareCount then{reference.at_most(end.to) - reference.below(end.from), reference.size()};
    const auto is_there = [&](double x) { return x >= end.from && x <= end.to; };
    const int64_t hits = std::count_if(values.begin(), values.end(), is_there);
    const std::string slice = end.from == end.to
                                  ? "value = " + exact_number(end.from)
                                  : fmt::format("value {} to {}", exact_number(end.from), exact_number(end.to));
    out.push_back(share_change(method, pair.subject(slice), pair.reference, pair.current, then,
                               {hits, static_cast<int64_t>(values.size())}, options));
    out.back().note = "far from all other values: a mark for missing, to be declared as one, or a slip";
  }
}

}  // namespace

extern const ColumnCheck suspect_values;
constexpr ColumnCheck suspect_values{
    .info = {.id = "suspect_values",
             .title = "Values that stand apart",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::either,
             .scale = Scale::share,
             .unit = "share",
             .measures = "For least or greatest values that lie far from all others, as marks for missing and slips "
                         "do: the change of the share of values there.",
             .hypothesis = leeway::texts::same_share,
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "That values stand apart is a rule of thumb, not a test: one repeated value farther from "
                         "the rest than three times the rest's outermost per cent, half its quartile range and ten "
                         "of its usual steps, or a few rows ten times farther than the rest is wide, which heavy "
                         "tails can do honestly. Marks inside the range (0, 99) are not found.",
             .cost = "O(1); O(n) where there is one or the reference's range is left",
             .source = "this project; shares: Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211"},
    .measure = measure_suspects,
};

}  // namespace leeway::quality
