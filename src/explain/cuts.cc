#include "explain/cuts.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"

namespace leeway::explain {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double cut_tolerance = 0.05;   // of a bin's rows
constexpr size_t sampled_rows = 16'384;  // enough to place a quantile within a percent of the rows

void place(std::span<double> values, size_t offset, std::span<const size_t> ranks) {
  if (ranks.empty() || values.size() < 2) return;
  const size_t chosen = ranks[ranks.size() / 2], rank = chosen - offset;
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(rank), values.end());
  const auto [first, last] = std::equal_range(ranks.begin(), ranks.end(), chosen);
  place(values.first(rank), offset, {ranks.begin(), first});
  place(values.subspan(rank + 1), chosen + 1, {last, ranks.end()});
}

/// k · 10^e, correctly rounded.
double decimal(double k, int e) { return parse_double(fmt::format("{:.0f}e{}", k, e)).value_or(infinity); }

/// A value that many rows share, and what lies beside it.
struct Atom {
  double value;
  double below = 0, with = 0;  ///< Rows less than it; less than or equal to it.
  double previous = -infinity, next = infinity;

  Atom(double at, std::span<const double> values) : value(at) {
    for (const double x : values) {
      below += x < at;
      with += x <= at;
      if (x > at) next = std::min(next, x);
      if (x < at) previous = std::max(previous, x);
    }
  }
  /// The cut below it or above it, whichever leaves nearer to `target` rows below; it has a neighbour on some side.
  double cut(double target, double rows) const {
    const bool may_below = below > 0, may_above = with < rows;
    if (may_below && (!may_above || std::fabs(below - target) <= std::fabs(with - target)))
      return roundest(previous, value);
    return roundest(value, next);
  }
};

/// All values, or some of them drawn by their position.
std::vector<double> sample_of(const std::vector<double>& values) {
  if (values.size() <= sampled_rows) return values;
  std::vector<double> sample(sampled_rows);
  for (size_t i = 0; i < sampled_rows; ++i) sample[i] = values[mix64(i + 1) % values.size()];
  return sample;
}

}  // namespace

double roundest(double low, double high) {
  if (low < 0 && high >= 0) return 0;
  const int top = static_cast<int>(std::ceil(std::log10(std::max(std::fabs(low), std::fabs(high)))));
  for (int e = top; e > top - 18 && e > -300; --e) {
    for (const int digit : {5, 2, 1}) {
      const double cut = decimal(std::floor(high / (std::pow(10.0, e) * digit)) * digit, e);
      if (cut > low && cut <= high) return cut;
    }
  }
  return high;
}

std::vector<double> few_distinct(std::span<const double> values, size_t limit) {
  std::vector<double> distinct;
  for (const double x : values) {
    const auto at = std::lower_bound(distinct.begin(), distinct.end(), x);
    if (at != distinct.end() && *at == x) continue;
    if (distinct.size() == limit) return {};
    distinct.insert(at, x);
  }
  return distinct;
}

std::vector<double> readable_cuts(const std::vector<double>& values, int max_bins) {
  std::vector<double> cuts;
  const auto distinct = few_distinct(values, static_cast<size_t>(max_bins));
  for (size_t i = 1; i < distinct.size(); ++i) cuts.push_back(roundest(distinct[i - 1], distinct[i]));
  if (!distinct.empty() || values.empty()) return cuts;

  auto sample = sample_of(values);
  std::vector<size_t> ranks;
  for (int i = 1; i < max_bins; ++i)
    for (const double side : {-cut_tolerance, cut_tolerance}) {
      const double rank = static_cast<double>(sample.size()) * (i + side) / max_bins;
      ranks.push_back(static_cast<size_t>(std::clamp(rank, 0.0, static_cast<double>(sample.size() - 1))));
    }
  const auto window = order_statistics(sample, ranks);
  const auto rows = static_cast<double>(values.size());
  std::optional<Atom> atom;
  for (size_t i = 0; i < window.size(); i += 2) {
    const double low = window[i], high = window[i + 1];
    if (low == high && !(atom && atom->value == low)) atom.emplace(low, values);
    const double target = rows * static_cast<double>(i / 2 + 1) / max_bins;
    cuts.push_back(low < high ? roundest(low, high) : atom->cut(target, rows));
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

std::vector<double> order_statistics(std::span<double> values, std::span<const size_t> ranks) {
  place(values, 0, ranks);
  std::vector<double> found;
  for (const size_t rank : ranks) found.push_back(values[rank]);
  return found;
}

CutSearch::CutSearch(std::span<const double> cuts) : half_(std::bit_ceil(cuts.size() + 1) / 2) {
  // NaN is at or below nothing, so the search never passes the last cut.
  padded_.assign(2 * half_, std::numeric_limits<double>::quiet_NaN());
  std::copy(cuts.begin(), cuts.end(), padded_.begin());
}

}  // namespace leeway::explain
