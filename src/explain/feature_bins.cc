#include "explain/feature_bins.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <span>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.h"
#include "explain/cuts.h"

namespace leeway::explain {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int longest_category = 60;

/// Calls visit(row, value) for each row, NaN where there is none.
template <class Visit>
void for_each_number(const Column& column, Visit visit) {
  const bool all = column.null_count() == 0;
  if (column.type() == Type::real) {
    const auto values = column.reals();
    for (size_t row = 0; row < values.size(); ++row)
      visit(row, all || column.is_valid(row) ? values[row] : std::numeric_limits<double>::quiet_NaN());
  } else {
    const auto values = column.integers();
    for (size_t row = 0; row < values.size(); ++row)
      visit(row, all || column.is_valid(row) ? static_cast<double>(values[row])
                                             : std::numeric_limits<double>::quiet_NaN());
  }
}

std::vector<double> finite_values(const Column& column) {
  std::vector<double> values;
  values.reserve(column.size());
  for_each_number(column, [&](size_t, double x) {
    if (std::isfinite(x)) values.push_back(x);
  });
  return values;
}

/// Takes away the bins behind `keep` that no row is in.
void drop_unused(BinnedFeature& feature, size_t keep) {
  std::vector<int64_t> used(feature.bins.size());
  for (const auto* codes : {&feature.reference, &feature.current})
    for (const uint8_t code : *codes) ++used[code];
  std::vector<uint8_t> renumbered(feature.bins.size());
  std::vector<Bin> kept;
  for (size_t bin = 0; bin < feature.bins.size(); ++bin) {
    renumbered[bin] = static_cast<uint8_t>(kept.size());
    if (bin < keep || used[bin] > 0) kept.push_back(std::move(feature.bins[bin]));
  }
  if (kept.size() == used.size()) {
    feature.bins = std::move(kept);
    return;
  }
  for (auto* codes : {&feature.reference, &feature.current})
    for (uint8_t& code : *codes) code = renumbered[code];
  feature.bins = std::move(kept);
}

/// Cuts off what lies outside a reference of few values: it would hide in the bin of the least or the greatest of them.
void add_outer_cuts(std::vector<double>& cuts, const std::vector<double>& reference_values, const Column& current) {
  if (reference_values.empty()) return;
  const double least = reference_values.front(), greatest = reference_values.back();
  double next = infinity;
  bool below = false;
  for_each_number(current, [&](size_t, double x) {
    if (!std::isfinite(x)) return;
    below |= x < least;
    if (x > greatest) next = std::min(next, x);
  });
  if (below) cuts.insert(cuts.begin(), least);
  if (next < infinity) cuts.push_back(roundest(greatest, next));
}

BinnedFeature bin_numbers(const Column& reference, const Column& current, int max_bins) {
  const auto values = finite_values(reference);
  auto cuts = readable_cuts(values, max_bins);
  add_outer_cuts(cuts, few_distinct(values, static_cast<size_t>(max_bins)), current);
  BinnedFeature feature{reference.name(), intervals_between(cuts), {}, {}};
  const size_t intervals = feature.bins.size();
  const auto infinite = static_cast<uint8_t>(intervals), missing = static_cast<uint8_t>(intervals + 1);
  const CutSearch search(cuts);
  std::vector<double> least(intervals, infinity), most(intervals, -infinity);
  const auto assign = [&](const Column& column, std::vector<uint8_t>& codes) {
    codes.resize(column.size());
    for_each_number(column, [&](size_t row, double x) {
      if (!std::isfinite(x)) {
        codes[row] = std::isnan(x) ? missing : infinite;
        return;
      }
      const size_t bin = search(x);
      codes[row] = static_cast<uint8_t>(bin);
      least[bin] = std::min(least[bin], x);
      most[bin] = std::max(most[bin], x);
    });
  };
  assign(reference, feature.reference);
  assign(current, feature.current);
  for (size_t i = 0; i < intervals; ++i) {
    if (least[i] > most[i]) continue;
    feature.bins[i].least = least[i];
    feature.bins[i].most = most[i];
  }
  feature.bins.push_back({.kind = Bin::Kind::infinite});
  feature.bins.push_back({.kind = Bin::Kind::missing});
  drop_unused(feature, intervals);
  return feature;
}

/// Categories of a text or boolean column: a number per row into `names`, or names.size() for none.
struct Categories {
  std::vector<std::string> names;
  std::vector<uint32_t> of_row;

  explicit Categories(const Column& column) : of_row(column.size()) {
    if (column.type() == Type::text) names.assign(column.dictionary().begin(), column.dictionary().end());
    else names = {"false", "true"};
    for (size_t row = 0; row < column.size(); ++row) {
      if (!column.is_valid(row)) of_row[row] = static_cast<uint32_t>(names.size());
      else if (column.type() == Type::text) of_row[row] = column.codes()[row];
      else of_row[row] = column.integers()[row] != 0;
    }
  }
};

using Tally = std::unordered_map<std::string_view, int64_t>;

void add_to(Tally& tally, const Categories& side) {
  std::vector<int64_t> counts(side.names.size() + 1);
  for (const uint32_t category : side.of_row) ++counts[category];
  for (size_t i = 0; i < side.names.size(); ++i)
    if (counts[i] > 0) tally[side.names[i]] += counts[i];
}

/// Commonest first, ties by name.
std::vector<std::string_view> by_frequency(const Tally& tally) {
  std::vector<std::string_view> names;
  for (const auto& [name, count] : tally) names.push_back(name);
  std::ranges::sort(names, [&](auto a, auto b) {
    const int64_t left = tally.at(a), right = tally.at(b);
    return left != right ? left > right : a < b;
  });
  return names;
}

BinnedFeature bin_categories(const Column& reference, const Column& current, int max_bins) {
  BinnedFeature feature{reference.name(), {}, {}, {}};
  const Categories sides[2] = {Categories(reference), Categories(current)};
  Tally tally;
  for (const auto& side : sides) add_to(tally, side);
  auto names = by_frequency(tally);
  const bool has_other = names.size() > static_cast<size_t>(max_bins);
  if (has_other) names.resize(static_cast<size_t>(max_bins) - 1);
  std::unordered_map<std::string_view, uint8_t> bin_of;
  for (const auto name : names) {
    bin_of[name] = static_cast<uint8_t>(feature.bins.size());
    feature.bins.push_back({.kind = Bin::Kind::category, .category = std::string(name)});
  }
  const auto other = static_cast<uint8_t>(feature.bins.size());
  if (has_other) feature.bins.push_back({.kind = Bin::Kind::other});
  const auto missing = static_cast<uint8_t>(feature.bins.size());
  feature.bins.push_back({.kind = Bin::Kind::missing});
  for (const bool is_current : {false, true}) {
    const auto& side = sides[is_current];
    std::vector<uint8_t> codes;
    for (const auto& name : side.names) {
      const auto at = bin_of.find(name);
      codes.push_back(at == bin_of.end() ? other : at->second);
    }
    codes.push_back(missing);
    auto& out = is_current ? feature.current : feature.reference;
    for (const uint32_t category : side.of_row) out.push_back(codes[category]);
  }
  drop_unused(feature, other);
  return feature;
}

/// As people write it, and exactly: "25,000", "0.125".
std::string number_text(double x) {
  if (x == std::floor(x) && std::fabs(x) < 1e15) return grouped(static_cast<int64_t>(x));
  return exact_number(x);
}

std::string time_text(int64_t nanoseconds) {
  constexpr int64_t day = 86'400'000'000'000;
  return format_time(nanoseconds, nanoseconds % day == 0);
}

std::string interval_text(const std::string& name, const Bin& first, const Bin& last) {
  if (first.least == last.most) return fmt::format("{} = {}", name, number_text(first.least));
  const bool from = first.low != -infinity, to = last.high != infinity;
  const auto low = interval_end(first.low, first.time), high = interval_end(last.high, last.time);
  if (from && to && std::nextafter(first.low, infinity) == last.high) return fmt::format("{} = {}", name, low.text);
  const std::string_view above = low.behind ? "<" : "≤", below = high.behind ? "≤" : "<";
  if (from && to) return fmt::format("{} {} {} {} {}", low.text, above, name, below, high.text);
  if (from) return fmt::format("{} {} {}", name, low.behind ? ">" : "≥", low.text);
  if (to) return fmt::format("{} {} {}", name, below, high.text);
  return fmt::format("{} is present", name);
}

bool is_number(const Column& column) { return is_numeric(column.type()); }

}  // namespace

size_t BinnedFeature::intervals() const {
  return static_cast<size_t>(
      std::ranges::count_if(bins, [](const Bin& bin) { return bin.kind == Bin::Kind::interval; }));
}

Result<BinnedFeature> bin_feature(const Column& reference, const Column& current, int max_bins) {
  assert(max_bins >= 2 && max_bins <= 64);
  if (reference.type() == Type::time || current.type() == Type::time)
    return fail(Code::invalid_argument, fmt::format("'{}' is a time, which is not cut into bins", reference.name()));
  if (is_number(reference) != is_number(current))
    return fail(Code::invalid_argument, fmt::format("'{}' is {} in the reference and {} now", reference.name(),
                                                    name(reference.type()), name(current.type())));
  return is_number(reference) ? bin_numbers(reference, current, max_bins)
                              : bin_categories(reference, current, max_bins);
}

std::vector<Bin> intervals_between(std::span<const double> cuts) {
  std::vector<Bin> bins(cuts.size() + 1, Bin{.kind = Bin::Kind::interval});
  for (size_t i = 0; i < cuts.size(); ++i) bins[i].high = bins[i + 1].low = cuts[i];
  return bins;
}

IntervalEnd interval_end(double edge, bool time) {
  if (!std::isfinite(edge)) return {exact_number(edge), false};
  const auto text = [&](double x) { return time ? time_text(static_cast<int64_t>(x)) : exact_number(x); };
  const double before = std::nextafter(edge, -infinity);
  const bool behind = text(before).size() < text(edge).size();
  const double value = behind ? before : edge;
  return {time ? text(value) : number_text(value), behind};
}

std::string short_category(const std::string& category) { return ellipsize(printable(category), longest_category); }

std::string predicate_text(const BinnedFeature& feature, size_t first, size_t last) {
  const std::string column = printable(feature.column);
  if (feature.bins[first].kind == Bin::Kind::interval)
    return interval_text(column, feature.bins[first], feature.bins[last]);
  return bin_text(feature.column, feature.bins[first]);
}

std::string bin_text(const std::string& name, const Bin& bin) {
  const std::string column = printable(name);
  switch (bin.kind) {
    case Bin::Kind::interval: return interval_text(column, bin, bin);
    case Bin::Kind::category: return fmt::format("{} = {}", column, short_category(bin.category));
    case Bin::Kind::other: return fmt::format("{} is a rarer category", column);
    case Bin::Kind::unseen: return fmt::format("{} is a category new to the reference", column);
    case Bin::Kind::infinite: return fmt::format("{} is infinite", column);
    case Bin::Kind::mistyped: return fmt::format("{} is of another type", column);
    case Bin::Kind::missing: return fmt::format("{} is missing", column);
  }
  return column;
}

}  // namespace leeway::explain
