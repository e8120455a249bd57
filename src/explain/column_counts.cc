#include "explain/column_counts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "explain/cuts.h"

namespace leeway::explain {
namespace {

constexpr size_t quantile_count = 19;
constexpr double own_bin_share = 0.01;
constexpr double rounding = 0.01;       // of the narrower bin beside an end
constexpr size_t short_enough = 7;      // digits that need no rounding
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Of values in ascending order.
std::vector<double> quantiles_of(std::span<const double> sorted) {
  std::vector<double> quantiles;
  for (size_t i = 1; i <= quantile_count && !sorted.empty(); ++i)
    quantiles.push_back(sorted[(sorted.size() * i + quantile_count) / (quantile_count + 1) - 1]);
  return quantiles;
}

std::vector<double> quantiles_of(const NumericReference& reference) {
  std::vector<double> quantiles;
  for (size_t i = 1; i <= quantile_count && reference.size() > 0; ++i)
    quantiles.push_back(reference.quantile(static_cast<double>(i) / (quantile_count + 1)));
  return quantiles;
}

std::vector<double> quantiles_of(const LogHistogram* values) {
  if (values == nullptr || values->size() == 0) return {};
  std::vector<double> quantiles;
  const auto rows = static_cast<double>(values->size());
  double below = 0;
  for (const auto& bin : values->bins()) {
    below += static_cast<double>(bin.count);
    while (quantiles.size() < quantile_count &&
           below >= rows * static_cast<double>(quantiles.size() + 1) / (quantile_count + 1))
      quantiles.push_back(values->lower_value(bin.key) / 2 + values->upper_value(bin.key) / 2);
  }
  return quantiles;
}

/// Ends that read well: an end of many digits becomes the roundest number near it.
std::vector<double> rounded(std::span<const double> edges) {
  std::vector<double> read(edges.begin(), edges.end());
  for (size_t i = 0; i < edges.size(); ++i) {
    if (interval_end(edges[i]).text.size() <= short_enough) continue;
    double narrower = edges.size() == 1 ? std::fabs(edges[i]) : infinity;
    if (i > 0) narrower = std::min(narrower, edges[i] - edges[i - 1]);
    if (i + 1 < edges.size()) narrower = std::min(narrower, edges[i + 1] - edges[i]);
    const double round = roundest(edges[i] - rounding * narrower, edges[i] + rounding * narrower);
    if (round != std::nextafter(edges[i], -infinity)) read[i] = round;
  }
  return read;
}

void add_intervals(ColumnCounts& counts, std::span<const double> edges, std::span<const int64_t> reference,
                   std::span<const int64_t> current, bool time = false) {
  const auto read = time ? std::vector<double>(edges.begin(), edges.end()) : rounded(edges);
  const auto intervals = intervals_between(read);
  for (size_t i = 0; i < intervals.size(); ++i) {
    counts.bins.push_back({intervals[i], reference[i], current[i]});
    counts.bins.back().bin.time = time;
  }
}

void add_rest(ColumnCounts& counts, const InputCounts& reference, const InputCounts& current) {
  const auto infinite = [](const InputCounts& rows) { return rows.plus_infinity + rows.minus_infinity; };
  counts.bins.push_back({{.kind = Bin::Kind::infinite}, infinite(reference), infinite(current)});
  counts.bins.push_back({{.kind = Bin::Kind::mistyped}, reference.type_errors, current.type_errors});
  counts.bins.push_back(
      {{.kind = Bin::Kind::missing}, reference.missing + reference.nan, current.missing + current.nan});
}

void add(ColumnCounts& counts, drift::NumericRows& rows) {
  const NumericReference& reference = rows.reference();
  NumericScan& scan = rows.scan();
  std::vector<int64_t> before, now(rows.edges().size() + 1);
  for (const double edge : rows.edges()) before.push_back(reference.below(edge));
  before.push_back(reference.size());
  for (size_t i = before.size(); i-- > 1;) before[i] -= before[i - 1];
  if (reference.size() == 0) now.front() = scan.size();
  else if (scan.size() > 0) now.assign(scan.counts().begin(), scan.counts().end());
  const bool time = rows.type() == Type::time;
  add_intervals(counts, rows.edges(), before, now, time);
  if (!time && reference.size() > 0 && scan.size() > 0)
    counts.quantiles = {quantiles_of(reference), quantiles_of(scan.sorted())};
}

void add(ColumnCounts& counts, const drift::NumericProfiles& profiles) {
  const auto edges = profiles.reference->map().psi_edges();
  add_intervals(counts, edges, profiles.reference->counts_on(edges), profiles.current->counts_on(edges));
  counts.quantiles = {quantiles_of(profiles.reference_values), quantiles_of(profiles.current_values)};
}

void add(ColumnCounts& counts, const drift::TextPair& texts) {
  const BinnedCounts &reference = texts.reference->lengths(), &current = texts.current->lengths();
  const auto edges = reference.map().psi_edges();
  add_intervals(counts, edges, reference.counts_on(edges), current.counts_on(edges));
}

void add(ColumnCounts& counts, const drift::CategoryPair& pair) {
  const CategorySummary &reference = *pair.reference, &current = *pair.current;
  const double least[2] = {own_bin_share * static_cast<double>(reference.size()),
                           own_bin_share * static_cast<double>(current.size())};
  BinCount rare{{.kind = Bin::Kind::other}, reference.other(), current.other()};
  const auto names = reference.dictionary().values();
  for (size_t i = 0; i < names.size(); ++i) {
    const int64_t before = reference.counts()[i], now = current.counts()[i];
    if (static_cast<double>(before) >= least[0] || static_cast<double>(now) >= least[1]) {
      counts.bins.push_back({{.kind = Bin::Kind::category, .category = names[i]}, before, now});
    } else {
      rare.reference += before;
      rare.current += now;
    }
  }
  BinCount unseen{{.kind = Bin::Kind::unseen}, reference.unseen(), current.unseen()};
  for (const auto& heavy : current.new_values()) {
    if (heavy.error > 0 || static_cast<double>(heavy.count) < least[1] || reference.unseen() > 0) continue;
    counts.bins.push_back({{.kind = Bin::Kind::category, .category = heavy.value}, 0, heavy.count});
    unseen.current -= heavy.count;
  }
  counts.bins.push_back(rare);
  counts.bins.push_back(unseen);
}

}  // namespace

ColumnCounts count_bins(drift::DriftInput& input) {
  ColumnCounts counts;
  counts.column = input.subject().column;
  if (auto* rows = input.from<drift::NumericRows>()) add(counts, *rows);
  else if (const auto* profiles = input.from<drift::NumericProfiles>()) add(counts, *profiles);
  else if (const auto* categories = input.from<drift::CategoryPair>()) add(counts, *categories);
  else if (const auto* texts = input.from<drift::TextPair>()) add(counts, *texts);
  add_rest(counts, input.reference_rows(), input.current_rows());
  return counts;
}

}  // namespace leeway::explain
