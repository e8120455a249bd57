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

std::vector<double> quantiles_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::vector<size_t> ranks;
  for (size_t i = 1; i <= quantile_count; ++i) ranks.push_back(values.size() * i / (quantile_count + 1));
  return order_statistics(values, ranks);
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

std::vector<double> finite_numbers(const Column& column) {
  std::vector<double> values;
  for (size_t row = 0; row < column.size(); ++row)
    if (const double x = column.number(row); std::isfinite(x)) values.push_back(x);
  return values;
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
                   std::span<const int64_t> current, bool time) {
  const auto read = time ? std::vector<double>(edges.begin(), edges.end()) : rounded(edges);
  const auto intervals = intervals_between(read);
  for (size_t i = 0; i < intervals.size(); ++i) {
    counts.bins.push_back({intervals[i], reference[i], current[i]});
    counts.bins.back().bin.time = time;
  }
}

void add_rest(ColumnCounts& counts, const RowCounts& reference, const RowCounts& current) {
  const auto infinite = [](const RowCounts& rows) { return rows.plus_infinity + rows.minus_infinity; };
  counts.bins.push_back({{.kind = Bin::Kind::infinite}, infinite(reference), infinite(current)});
  counts.bins.push_back({{.kind = Bin::Kind::mistyped}, reference.type_errors, current.type_errors});
  counts.bins.push_back(
      {{.kind = Bin::Kind::missing}, reference.missing + reference.nan, current.missing + current.nan});
}

}  // namespace

ColumnCounts count_bins(const BinnedFeature& feature, const Column& reference, const Column& current) {
  ColumnCounts counts;
  counts.column = feature.column;
  for (const auto& bin : feature.bins) counts.bins.push_back({bin, 0, 0});
  for (const uint8_t bin : feature.reference) ++counts.bins[bin].reference;
  for (const uint8_t bin : feature.current) ++counts.bins[bin].current;
  if (feature.intervals() > 0)
    counts.quantiles = {quantiles_of(finite_numbers(reference)), quantiles_of(finite_numbers(current))};
  return counts;
}

ColumnCounts count_bins(std::string column, const NumericReference& reference, const Column& current,
                        int64_t type_errors) {
  ColumnCounts counts;
  counts.column = std::move(column);
  const auto edges = reference.size() > 0 ? reference.psi_edges() : std::vector<double>{};
  std::vector<int64_t> before, now(edges.size() + 1);
  for (const double edge : edges) before.push_back(reference.below(edge));
  before.push_back(reference.size());
  for (size_t i = before.size(); i-- > 1;) before[i] -= before[i - 1];
  auto values = finite_numbers(current);
  const CutSearch search(edges);
  for (const double x : values) ++now[search(x)];
  const bool time = current.type() == Type::time;
  add_intervals(counts, edges, before, now, time);
  RowCounts rows(current);
  rows.missing -= type_errors;
  rows.type_errors = type_errors;
  add_rest(counts, reference.rows(), rows);
  if (!time) counts.quantiles = {quantiles_of(reference), quantiles_of(std::move(values))};
  return counts;
}

ColumnCounts count_bins(std::string column, const NumberSummary& reference, const NumberSummary& current, bool time) {
  ColumnCounts counts;
  counts.column = std::move(column);
  const auto edges = reference.bins.map().psi_edges();
  add_intervals(counts, edges, reference.bins.counts_on(edges), current.bins.counts_on(edges), time);
  add_rest(counts, reference.rows, current.rows);
  if (!time) counts.quantiles = {quantiles_of(reference.values), quantiles_of(current.values)};
  return counts;
}

ColumnCounts count_bins(std::string column, const CategorySummary& reference, const RowCounts& reference_rows,
                        const CategorySummary& current, const RowCounts& current_rows) {
  ColumnCounts counts;
  counts.column = std::move(column);
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
  add_rest(counts, reference_rows, current_rows);
  return counts;
}

}  // namespace leeway::explain
