#include "explain/moved_bins.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "explain/unit_change.h"

namespace leeway::explain {
namespace {

constexpr double worth_a_clause = 0.1;   // of the PSI
constexpr size_t most_clauses = 3;
constexpr double both_ways = 0.25;       // the lesser of two opposite movements, of the greater, to be named

struct Totals {
  double reference = 0, current = 0;
};

Totals totals_of(std::span<const BinCount> bins) {
  Totals totals;
  for (const auto& bin : bins) {
    totals.reference += static_cast<double>(bin.reference);
    totals.current += static_cast<double>(bin.current);
  }
  return totals;
}

/// Each bin's term of the PSI, as a share of the whole; zeros if nothing moved.
std::vector<double> contributions(std::span<const BinCount> bins, const Totals& totals) {
  const auto used = static_cast<double>(
      std::ranges::count_if(bins, [](const BinCount& bin) { return bin.reference + bin.current > 0; }));
  std::vector<double> terms(bins.size());
  double psi = 0;
  for (size_t i = 0; i < bins.size(); ++i) {
    if (bins[i].reference + bins[i].current == 0) continue;
    const double p = (static_cast<double>(bins[i].reference) + 0.5) / (totals.reference + used / 2);
    const double q = (static_cast<double>(bins[i].current) + 0.5) / (totals.current + used / 2);
    terms[i] = (q - p) * std::log(q / p);
    psi += terms[i];
  }
  if (psi > 0)
    for (double& term : terms) term /= psi;
  return terms;
}

/// A part of the sentence and how much of the PSI it tells.
struct Clause {
  double weight = 0;
  std::string text;
  bool of_values = false;  ///< Starts with a verb whose subject is the column's values.
};

std::string cut_words(const Bin& above, std::string_view behind_a_cut, std::string_view at_a_cut) {
  const auto cut = interval_end(above.low, above.time);
  return fmt::format("{} {}", cut.behind ? behind_a_cut : at_a_cut, cut.text);
}

/// Shares below each inner cut, among the values that lie in intervals.
struct Cumulative {
  std::vector<double> reference, current;

  explicit Cumulative(std::span<const BinCount> intervals) {
    const Totals totals = totals_of(intervals);
    double before = 0, now = 0;
    for (const auto& bin : intervals) {
      before += static_cast<double>(bin.reference);
      now += static_cast<double>(bin.current);
      reference.push_back(totals.reference > 0 ? before / totals.reference : undefined);
      current.push_back(totals.current > 0 ? now / totals.current : undefined);
    }
  }
  double change(size_t cut) const { return current[cut] - reference[cut]; }
};

/// Two shares with the digits it takes to tell them apart.
struct SharePair {
  std::string now, before;

  SharePair(double share_now, double share_before) {
    for (int digits = 3; digits <= 6 && now == before; ++digits) {
      now = percent(share_now, digits);
      before = percent(share_before, digits);
    }
  }
};

std::string now_and_before(double now, double before, std::string_view where) {
  const SharePair shares(now, before);
  return fmt::format("{} of values are now {} (was {})", shares.now, where, shares.before);
}

/// How the values moved, from the largest differences of the two distribution functions.
std::optional<std::string> interval_clause(std::span<const BinCount> intervals) {
  const Cumulative shares(intervals);
  size_t up = 0, down = 0;  // cuts with the most more, and the most fewer, rows below
  for (size_t cut = 0; cut + 1 < intervals.size(); ++cut) {
    if (shares.change(cut) > shares.change(up)) up = cut;
    if (shares.change(cut) < shares.change(down)) down = cut;
  }
  if (intervals.size() < 2) return std::nullopt;
  const double more_below = std::max(0.0, shares.change(up)), more_above = std::max(0.0, -shares.change(down));
  if (!(std::max(more_below, more_above) > 0)) return std::nullopt;
  const auto below = [&](size_t cut) { return cut_words(intervals[cut + 1].bin, "at or below", "below"); };
  const auto above = [&](size_t cut) { return cut_words(intervals[cut + 1].bin, "above", "at or above"); };
  if (more_above < both_ways * more_below)
    return "moved down: " + now_and_before(shares.current[up], shares.reference[up], below(up));
  if (more_below < both_ways * more_above)
    return "moved up: " + now_and_before(1 - shares.current[down], 1 - shares.reference[down], above(down));
  if (up < down) {
    const SharePair upper(1 - shares.current[down], 1 - shares.reference[down]);
    return fmt::format("spread out: {}, and {} {} (was {})",
                       now_and_before(shares.current[up], shares.reference[up], below(up)), upper.now, above(down),
                       upper.before);
  }
  const auto between = [&](const std::vector<double>& side) { return side[up] - side[down]; };
  return "drew together: " + now_and_before(between(shares.current), between(shares.reference),
                                            above(down) + " and " + below(up));
}

std::string level_change(std::string_view what, double before, double now) {
  const SharePair shares(now, before);
  return fmt::format("{} {} from {} to {} of rows", what, now > before ? "rose" : "fell", shares.before, shares.now);
}

/// Empty if the bin has the same share of rows on both sides.
std::optional<std::string> bin_clause(const BinCount& count, const Totals& totals) {
  const double before = static_cast<double>(count.reference) / totals.reference;
  const double now = static_cast<double>(count.current) / totals.current;
  if (now == before) return std::nullopt;
  switch (count.bin.kind) {
    case Bin::Kind::category: {
      const std::string name = fmt::format("'{}'", short_category(count.bin.category));
      if (count.reference == 0) return fmt::format("new category {} holds {} of rows", name, percent(now));
      if (count.current == 0) return fmt::format("category {} is gone (was {} of rows)", name, percent(before));
      return level_change("category " + name, before, now);
    }
    case Bin::Kind::other: return level_change("all rarer categories together", before, now);
    case Bin::Kind::unseen: return level_change("categories that the reference does not have", before, now);
    case Bin::Kind::infinite: return level_change("infinite values", before, now);
    case Bin::Kind::mistyped: return level_change("values of another type", before, now);
    case Bin::Kind::missing: return level_change("missing", before, now);
    case Bin::Kind::interval: break;
  }
  return std::nullopt;
}

std::string unit_clause(const UnitChange& change) {
  const std::string factor = short_number(change.factor >= 1 ? change.factor : 1 / change.factor);
  const bool larger = change.factor >= 1;
  return fmt::format(
      "looks as if it were in another unit, {} times {}: the median went from {} to {}, and the values {} by {} lie as "
      "the reference's do (to within {} of rows)",
      factor, larger ? "as large" : "smaller", short_number(change.reference_median),
      short_number(change.current_median), larger ? "divided" : "multiplied", factor, percent(change.gap, 2));
}

std::vector<Clause> clauses_of(const ColumnCounts& counts, std::span<const double> weights, const Totals& totals) {
  std::vector<Clause> clauses;
  size_t intervals = 0;
  double interval_weight = 0;
  while (intervals < counts.bins.size() && counts.bins[intervals].bin.kind == Bin::Kind::interval)
    interval_weight += weights[intervals++];
  const auto values = std::span(counts.bins).first(intervals);
  const Totals of_values = totals_of(values);
  const auto unit = find_unit_change(counts.quantiles.reference, counts.quantiles.current, of_values.reference,
                                     of_values.current);
  if (unit) clauses.push_back({interval_weight, unit_clause(*unit), true});
  else if (const auto text = interval_clause(values)) clauses.push_back({interval_weight, *text, true});
  for (size_t i = intervals; i < counts.bins.size(); ++i)
    if (const auto text = bin_clause(counts.bins[i], totals)) clauses.push_back({weights[i], *text, false});
  std::ranges::stable_sort(clauses, std::greater{}, &Clause::weight);
  while (clauses.size() > 1 && clauses.back().weight < worth_a_clause) clauses.pop_back();
  if (clauses.size() > most_clauses) clauses.resize(most_clauses);
  return clauses;
}

std::string sentence_of(const ColumnCounts& counts, std::span<const double> weights, const Totals& totals) {
  const std::string column = printable(counts.column);
  if (totals.reference == 0 || totals.current == 0)
    return fmt::format("{} has no rows {}.", column, totals.reference == 0 ? "in the reference" : "now");
  const auto clauses = clauses_of(counts, weights, totals);
  if (clauses.empty()) return fmt::format("{} has the same share of rows in every bin.", column);
  std::string text = column;
  for (size_t i = 0; i < clauses.size(); ++i) {
    const bool first = i == 0;
    if (first) text += clauses[i].of_values ? " " : ": ";
    else text += clauses[i].of_values ? "; its values " : "; ";
    text += clauses[i].text;
  }
  return text + ".";
}

}  // namespace

ColumnShift explain_shift(const ColumnCounts& counts) {
  const Totals totals = totals_of(counts.bins);
  ColumnShift shift;
  shift.column = counts.column;
  const auto weights = contributions(counts.bins, totals);
  for (size_t i = 0; i < counts.bins.size(); ++i) {
    const auto& bin = counts.bins[i];
    if (bin.reference + bin.current == 0) continue;
    const auto share = [](int64_t rows, double all) { return all > 0 ? static_cast<double>(rows) / all : 0; };
    shift.bins.push_back({bin_text(counts.column, bin.bin), share(bin.reference, totals.reference),
                          share(bin.current, totals.current), weights[i]});
  }
  std::ranges::stable_sort(shift.bins, std::greater{}, &BinShift::contribution);
  shift.sentence = sentence_of(counts, weights, totals);
  return shift;
}

}  // namespace leeway::explain
