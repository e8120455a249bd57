#include "monitor/distribution.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/text.h"
#include "summaries/numeric_scan.h"

namespace leeway {
namespace {

using drift::DriftInput;

constexpr int number_bins = 24;
constexpr size_t shown_categories = 12;
constexpr double infinite = std::numeric_limits<double>::infinity();

/// Rows of both sides in the edges.size() + 1 bins that `edges` cut the line into.
struct Cut {
  std::vector<double> edges;
  std::vector<int64_t> reference, current;
};

Cut cut_rows(drift::NumericRows& rows, std::vector<double> edges) {
  const NumericReference& reference = rows.reference();
  Cut cut{std::move(edges), {}, {}};
  int64_t before = 0;
  for (const double edge : cut.edges) {
    const int64_t below = reference.below(edge);
    cut.reference.push_back(below - before);
    before = below;
  }
  cut.reference.push_back(reference.size() - before);
  cut.current = rows.scan().counts(cut.edges);
  return cut;
}

Cut cut_profiles(const BinnedCounts& reference, const BinnedCounts& current, std::vector<double> edges) {
  Cut cut{std::move(edges), {}, {}};
  cut.reference = reference.counts_on(cut.edges);
  cut.current = current.counts_on(cut.edges);
  return cut;
}

/// Of the map's own edges those nearest to equal steps over the central 99 % of the reference.
std::vector<double> even_edges(const BinnedCounts& reference) {
  const BinMap& map = reference.map();
  if (reference.size() == 0) return {};
  const double low = map.lower(std::max<size_t>(1, reference.quantile_bin(0.005)));
  const double high = map.upper(std::min(map.bins() - 2, reference.quantile_bin(0.995)));
  std::vector<double> edges;
  for (int i = 0; i <= number_bins; ++i) {
    const double target = low + (high - low) * i / number_bins;
    const auto all = map.edges();
    auto at = std::lower_bound(all.begin(), all.end(), target);
    if (at == all.end() || (at != all.begin() && target - *(at - 1) < *at - target)) --at;
    if (edges.empty() || *at > edges.back()) edges.push_back(*at);
  }
  return edges;
}

double share(int64_t count, int64_t total) {
  return total == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(total);
}

std::vector<ReportColumn::Bin> bins_of(const Cut& cut) {
  const int64_t m = std::accumulate(cut.reference.begin(), cut.reference.end(), int64_t{0});
  const int64_t n = std::accumulate(cut.current.begin(), cut.current.end(), int64_t{0});
  std::vector<ReportColumn::Bin> out;
  for (size_t b = 0; b < cut.reference.size(); ++b) {
    const double low = b == 0 ? -infinite : cut.edges[b - 1];
    const double high = b == cut.edges.size() ? infinite : cut.edges[b];
    if ((b == 0 || b == cut.edges.size()) && cut.reference[b] + cut.current[b] == 0) continue;
    const bool atom = std::nextafter(low, infinite) == high;
    std::string label = low == -infinite   ? "below " + short_number(high, 4)
                        : high == infinite ? short_number(low, 4) + " and above"
                        : atom             ? short_number(low, 4)
                                           : short_number(low, 4) + " to " + short_number(high, 4);
    out.push_back({std::move(label), std::isfinite(low) ? low : undefined, std::isfinite(high) ? high : undefined,
                   share(cut.reference[b], m), share(cut.current[b], n)});
  }
  return out;
}

std::vector<ReportColumn::Bin> category_bins(const drift::CategoryPair& sides) {
  const auto names = sides.reference->dictionary().values();
  const auto reference = sides.reference->counts(), current = sides.current->counts();
  const int64_t m = sides.reference->size(), n = sides.current->size();
  std::vector<size_t> order(names.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto weight = [&](size_t i) { return share(reference[i], m) + share(current[i], n); };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return weight(a) > weight(b); });
  std::vector<ReportColumn::Bin> out;
  ReportColumn::Bin rest{"other", undefined, undefined, share(sides.reference->other(), m),
                         share(sides.current->other(), n)};
  for (size_t k = 0; k < order.size(); ++k) {
    const size_t i = order[k];
    if (k < shown_categories) {
      out.push_back({names[i], undefined, undefined, share(reference[i], m), share(current[i], n)});
    } else {
      rest.reference_share += share(reference[i], m);
      rest.current_share += share(current[i], n);
    }
  }
  if (rest.reference_share + rest.current_share > 0) out.push_back(rest);
  if (sides.current->unseen() > 0)
    out.push_back({"unseen in the reference", undefined, undefined, 0, share(sides.current->unseen(), n)});
  return out;
}

}  // namespace

std::vector<ReportColumn::Bin> histogram(DriftInput& input) {
  if (const auto* categories = input.from<drift::CategoryPair>()) return category_bins(*categories);
  if (const auto* texts = input.from<drift::TextPair>()) {
    const BinnedCounts& lengths = texts->reference->lengths();
    return bins_of(cut_profiles(lengths, texts->current->lengths(), even_edges(lengths)));
  }
  if (auto* rows = input.from<drift::NumericRows>()) {
    if (rows->reference().size() == 0 || rows->scan().size() == 0) return {};
    return bins_of(cut_rows(*rows, rows->reference().histogram_edges(number_bins)));
  }
  const auto& profiles = *input.from<drift::NumericProfiles>();
  return bins_of(cut_profiles(*profiles.reference, *profiles.current, even_edges(*profiles.reference)));
}

}  // namespace leeway
