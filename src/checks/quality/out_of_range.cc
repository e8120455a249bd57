// Values beyond the least and the greatest of the reference, less those that any new sample would bring.

#include <algorithm>

#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

/// Rows of the reference that the others leave outside their range: Good's idea, for extremes. A least or greatest
/// value that occurs twice is not outside.
ShareCount lone_extremes(const NumericReference& reference) {
  const size_t last = reference.distinct_count() - 1;
  const int64_t least = reference.cumulative(0);
  const int64_t greatest = last > 0 ? reference.size() - reference.cumulative(last - 1) : least;
  return {(least == 1 ? 1 : 0) + (greatest == 1 ? 1 : 0), reference.size()};
}

void measure_out_of_range(const MethodInfo& method, const ColumnPair& pair, const QualityOptions& options,
                          std::vector<Measurement>& out) {
  if (!pair.numeric || pair.numeric->reference->size() == 0 || pair.numeric->current->size() == 0) return;
  const NumericReference& reference = *pair.numeric->reference;
  const Moments& current = *pair.numeric->current;
  const double least = reference.min(), greatest = reference.max();
  if (current.min() >= least && current.max() <= greatest) return;
  const auto values = pair.numeric->values;
  const auto is_outside = [&](double x) { return x < least || x > greatest; };
  const int64_t outside = std::count_if(values.begin(), values.end(), is_outside);
  Measurement m = share_change(method, pair.subject(), pair.reference, pair.current, lone_extremes(reference),
                               {outside, static_cast<int64_t>(values.size())}, options);
  if (values.empty()) {
    m.not_computable = "a profile does not tell how many rows are outside";
    m.value = {};
  }
  m.details = {{"reference_minimum", least},
               {"reference_maximum", greatest},
               {"current_minimum", current.min()},
               {"current_maximum", current.max()}};
  out.push_back(std::move(m));
}

}  // namespace

extern const ColumnCheck out_of_range;
constexpr ColumnCheck out_of_range{
    .info = {.id = "out_of_range",
             .title = "Out of the reference's range",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::share,
             .unit = "share",
             .measures = "The share of values below the reference's least or above its greatest, less the share that "
                         "fresh rows like the reference's would bring (its own extremes, where they occur just once).",
             .hypothesis = "values out of range are as frequent as in fresh rows like the reference's",
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "A reference with one absurd value has a range that nothing leaves.",
             .cost = "O(1); O(n) where the range is left",
             .source = "Good 1953, doi:10.1093/biomet/40.3-4.237; Miettinen & Nurminen 1985, "
                       "doi:10.1002/sim.4780040211"},
    .measure = measure_out_of_range,
};

}  // namespace leeway::quality
