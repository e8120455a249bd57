// A column that has one value on one side and several on the other.

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"
#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

// A value with its rows on both sides.
struct OneValue {
  std::string text;
  ShareCount reference, current;
};

int64_t rows_equal(std::span<const double> values, double value) {
  return std::count(values.begin(), values.end(), value);
}

std::optional<OneValue> constant_number(const NumericPair& pair) {
  const NumericReference& reference = *pair.reference;
  const int64_t m = reference.size(), n = pair.current->size();
  if (m < 2 || n < 2) return std::nullopt;
  const bool now = pair.current->min() == pair.current->max();
  if (now == reference.constant()) return std::nullopt;
  const double value = now ? pair.current->min() : reference.min();
  if (!now && pair.values.empty()) return std::nullopt;
  const int64_t then_rows = reference.at_most(value) - reference.below(value);
  return OneValue{exact_number(value), {then_rows, m}, {now ? n : rows_equal(pair.values, value), n}};
}

// The only category with rows; counts are those of the dictionary's values, `rest` of all others.
std::optional<size_t> only_category(std::span<const int64_t> counts, int64_t rest) {
  std::optional<size_t> only;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    if (only) return std::nullopt;
    only = i;
  }
  return rest == 0 ? only : std::nullopt;
}

std::optional<OneValue> constant_category(const CategorySummary& reference, const CategorySummary& current) {
  if (reference.size() < 2 || current.size() < 2) return std::nullopt;
  const auto then = only_category(reference.counts(), reference.other() + reference.unseen());
  const auto now = only_category(current.counts(), current.other() + current.unseen());
  if (then.has_value() == now.has_value()) return std::nullopt;
  const size_t at = now ? *now : *then;
  return OneValue{std::string(reference.dictionary().values()[at]),
                  {reference.counts()[at], reference.size()},
                  {current.counts()[at], current.size()}};
}

void measure_constant(const MethodInfo& method, const ColumnPair& pair, const QualityOptions& options,
                      std::vector<Measurement>& out) {
  std::optional<OneValue> value;
  if (pair.numeric) value = constant_number(*pair.numeric);
  else if (pair.reference_categories) value = constant_category(*pair.reference_categories, *pair.current_categories);
  if (!value) return;
  out.push_back(share_change(method, pair.subject("value = " + value->text), pair.reference, pair.current,
                             value->reference, value->current, options));
  out.back().note = value->current.hits == value->current.rows ? "the only value now, not in the reference"
                                                               : "the only value in the reference, not now";
}

}  // namespace

extern const ColumnCheck constant_column;
constexpr ColumnCheck constant_column{
    .info = {.id = "constant_column",
             .title = "Constant column",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::either,
             .scale = Scale::share,
             .unit = "share",
             .measures = "For a column with one value on one side and several on the other: the change of the share "
                         "of the rows that hold this value.",
             .hypothesis = leeway::texts::same_share,
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "A value of 99 % of the rows is the only one in a batch of 60 rows every other time.",
             .cost = "O(1); O(n) where the reference is the constant side",
             .source = leeway::texts::share_source},
    .measure = measure_constant,
};

}  // namespace leeway::quality
