// Categories of the reference that the current data no longer have: unseen_share with the sides exchanged.

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/quality/method.h"

namespace leeway::quality {
namespace {

struct Vanished {
  int64_t rows = 0;                 // of the reference
  std::vector<std::string> values;  // most frequent first, as the dictionary has them
};

Vanished vanished(const CategorySummary& reference, const CategorySummary& current) {
  Vanished out;
  for (size_t i = 0; i < reference.counts().size(); ++i) {
    if (reference.counts()[i] == 0 || current.counts()[i] > 0) continue;
    out.rows += reference.counts()[i];
    out.values.push_back(reference.dictionary().values()[i]);
  }
  return out;
}

// Good's estimate of the share of new values in further rows like the current ones: rows of values seen just once. What
// new values the summary does not name counts as seen once, which errs on the side of no alarm.
ShareCount expected(const CategorySummary& current) {
  const int64_t named = std::count(current.counts().begin(), current.counts().end(), 1);
  const auto fresh = current.new_values();
  int64_t repeated = 0;
  for (const auto& value : fresh)
    if (value.count - value.error > 1) repeated += value.count - value.error;
  const int64_t once = named + current.other() + std::max<int64_t>(0, current.unseen() - repeated);
  return {std::min(once, current.size()), current.size()};
}

void measure_vanished(const MethodInfo& method, const ColumnPair& pair, const QualityOptions& options,
                      std::vector<Measurement>& out) {
  if (!pair.reference_categories || pair.current_categories->size() == 0) return;
  const CategorySummary &reference = *pair.reference_categories, &current = *pair.current_categories;
  Vanished gone = vanished(reference, current);
  if (gone.rows == 0) return;
  // The sides change places: a share of the reference's rows against what chance would hide from the current ones.
  Measurement m = share_change(method, pair.subject(), pair.reference, pair.current, expected(current),
                               {gone.rows, reference.size()}, options);
  m.details = {{"categories", static_cast<double>(gone.values.size())}};
  constexpr size_t shown = 3;
  const size_t more = gone.values.size() > shown ? gone.values.size() - shown : 0;
  gone.values.resize(gone.values.size() - more);
  if (more > 0) gone.values.push_back(fmt::format("{} more", more));
  m.note = "without a current row: " + printable(join_words(gone.values));
  out.push_back(std::move(m));
}

}  // namespace

extern const ColumnCheck vanished_share;
constexpr ColumnCheck vanished_share{
    .info = {.id = "vanished_share",
             .title = "Vanished categories",
             .family = Family::quality,
             .version = 1,
             .orientation = Orientation::higher_is_worse,
             .scale = Scale::share,
             .unit = "share",
             .measures = "The share of the reference's rows whose category no current row has, less the share that "
                         "this many current rows would miss by chance (current rows of values that occur just once).",
             .hypothesis = "no more categories are gone than so few rows would miss",
             .guarantee = leeway::texts::share_guarantee,
             .misleads = "A renamed category is one that vanished and one that is unseen.",
             .cost = "O(categories)",
             .source = "Good 1953, doi:10.1093/biomet/40.3-4.237; Miettinen & Nurminen 1985, "
                       "doi:10.1002/sim.4780040211"},
    .measure = measure_vanished,
};

}  // namespace leeway::quality
