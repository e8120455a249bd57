// Rows that come before the row above them.

#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

/// Of the valid times, those earlier than the valid one before.
ShareCount out_of_order(const Column& times) {
  ShareCount out;
  bool first = true;
  int64_t previous = 0;
  const auto values = times.integers();
  for (size_t row = 0; row < values.size(); ++row) {
    if (!times.is_valid(row)) continue;
    out.rows += 1;
    out.hits += !first && values[row] < previous;
    previous = values[row];
    first = false;
  }
  return out;
}

InputCounts counts_of(const Column& times, const ShareCount& valid) {
  const auto rows = static_cast<int64_t>(times.size());
  return {.rows = rows, .used = valid.rows, .missing = rows - valid.rows};
}

void measure_time_order(const MethodInfo& method, const TimePair& pair, const QualityOptions& options,
                        std::vector<Measurement>& out) {
  const ShareCount reference = out_of_order(*pair.reference), current = out_of_order(*pair.current);
  if (reference.hits + current.hits == 0) return;
  out.push_back(share_change(method, {pair.reference->name(), {}}, counts_of(*pair.reference, reference),
                             counts_of(*pair.current, current), reference, current, options));
}

}  // namespace

extern const TimeCheck time_order;
constexpr TimeCheck time_order{
    .info = {.id = "time_order",
             .title = "Rows out of time order",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::share,
             .unit = "share",
             .measures = "The change of the share of rows whose time is before that of the row above.",
             .hypothesis = leeway::texts::same_share,
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "A shuffled export has half of its rows out of order without a fault.",
             .cost = "O(n + m)",
             .source = leeway::texts::share_source},
    .measure = measure_time_order,
};

}  // namespace leeway::quality
