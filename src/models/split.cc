#include "models/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace leeway::models {
namespace {

Status check(const SplitShares& shares) {
  const auto part = [](double share) { return share > 0 && share < 1; };
  if (!part(shares.validation) || !part(shares.test) || shares.validation + shares.test >= 1)
    return fail(Code::invalid_argument, "the shares of validation and test leave no rows to train on",
                "Give two shares above 0 that add up to less than 1, such as 0.15 and 0.25.");
  if (shares.windows < 1) return fail(Code::invalid_argument, "the test rows cannot be cut into no windows");
  return {};
}

/// Rows in the order of time, and where an instant ends: the only places where they may be cut.
struct Ordered {
  std::vector<uint32_t> rows;
  std::vector<size_t> ends;   // one an instant: the number of rows up to and with it

  Ordered(std::span<const uint32_t> given, std::span<const int64_t> times) : rows(given.begin(), given.end()) {
    std::stable_sort(rows.begin(), rows.end(), [&](uint32_t a, uint32_t b) { return times[a] < times[b]; });
    for (size_t i = 0; i < rows.size(); ++i)
      if (i + 1 == rows.size() || times[rows[i + 1]] != times[rows[i]]) ends.push_back(i + 1);
  }

  /// The index into `ends` nearest to `target` rows among [first, last].
  size_t nearest(double target, size_t first, size_t last) const {
    size_t best = first;
    for (size_t e = first; e <= last; ++e)
      if (std::fabs(static_cast<double>(ends[e]) - target) < std::fabs(static_cast<double>(ends[best]) - target))
        best = e;
    return best;
  }

  /// Cuts after [.., last) into `parts` stretches, none empty: indices into `ends`, the last of them `ends.size() - 1`.
  std::vector<size_t> cuts(const std::vector<double>& targets) const {
    std::vector<size_t> out;
    for (size_t k = 0; k < targets.size(); ++k) {
      const size_t first = out.empty() ? 0 : out.back() + 1;
      const size_t last = ends.size() - 1 - (targets.size() - k);   // leaves an instant for each part to come
      out.push_back(nearest(targets[k], first, last));
    }
    return out;
  }

  std::vector<uint32_t> between(size_t from, size_t to) const {
    std::vector<uint32_t> out(rows.begin() + static_cast<std::ptrdiff_t>(from),
                              rows.begin() + static_cast<std::ptrdiff_t>(to));
    std::sort(out.begin(), out.end());
    return out;
  }
};

std::vector<SplitWindow> windows_of(const Ordered& ordered, size_t train_cut, std::span<const int64_t> times,
                                    int count) {
  const size_t first = ordered.ends[train_cut], all = ordered.rows.size();
  const size_t instants = ordered.ends.size() - 1 - train_cut;
  const auto windows = std::min<size_t>(static_cast<size_t>(count), instants);
  std::vector<SplitWindow> out;
  size_t from = first, cut = train_cut;
  for (size_t w = 1; w <= windows; ++w) {
    const double target = static_cast<double>(first) +
                          static_cast<double>(all - first) * static_cast<double>(w) / static_cast<double>(windows);
    cut = w == windows ? ordered.ends.size() - 1
                       : ordered.nearest(target, cut + 1, ordered.ends.size() - 1 - (windows - w));
    const size_t to = ordered.ends[cut];
    const int64_t end = to < all ? times[ordered.rows[to]] : times[ordered.rows[to - 1]];
    out.push_back({times[ordered.rows[from]], end, ordered.between(from, to)});
    from = to;
  }
  return out;
}

/// The rows of each stratum, shuffled.
std::vector<std::vector<uint32_t>> shuffled(std::span<const uint32_t> rows, std::span<const uint32_t> strata,
                                            Random& random) {
  std::vector<std::vector<uint32_t>> out;
  for (const uint32_t row : rows) {
    if (strata[row] >= out.size()) out.resize(strata[row] + 1);
    out[strata[row]].push_back(row);
  }
  for (auto& stratum : out) random.shuffle(stratum);
  return out;
}

/// At least one row for each of three parts where there are three.
size_t part_of(size_t size, double share) {
  const auto rounded = static_cast<size_t>(std::llround(static_cast<double>(size) * share));
  return size < 3 ? std::min(rounded, size) : std::clamp<size_t>(rounded, 1, size - 2);
}

void sort_all(Split& split) {
  for (auto* part : {&split.train, &split.validation, &split.test}) std::sort(part->begin(), part->end());
}

Status check_folds(int count) {
  if (count < 2) return fail(Code::invalid_argument, "cross-validation needs at least two folds");
  return {};
}

}   // namespace

Result<Split> split_by_time(std::span<const uint32_t> rows, std::span<const int64_t> times, const SplitShares& shares) {
  LEEWAY_CHECK(check(shares));
  const Ordered ordered(rows, times);
  if (ordered.ends.size() < 3)
    return fail(Code::invalid_data,
                fmt::format("the time column has {} distinct values, too few to train, validate and test in turn",
                            ordered.ends.size()),
                "Give data over a longer span, or --split random.");
  const auto all = static_cast<double>(ordered.rows.size());
  const auto cuts = ordered.cuts({all * (1 - shares.validation - shares.test), all * (1 - shares.test)});
  const size_t train_end = ordered.ends[cuts[0]], validation_end = ordered.ends[cuts[1]];
  Split split;
  split.train = ordered.between(0, train_end);
  split.validation = ordered.between(train_end, validation_end);
  split.test = ordered.between(validation_end, ordered.rows.size());
  split.validation_from = times[ordered.rows[train_end]];
  split.test_from = times[ordered.rows[validation_end]];
  split.windows = windows_of(ordered, cuts[1], times, shares.windows);
  return split;
}

Result<Split> split_stratified(std::span<const uint32_t> rows, std::span<const uint32_t> strata,
                               const SplitShares& shares, Random random) {
  LEEWAY_CHECK(check(shares));
  Split split;
  for (const auto& stratum : shuffled(rows, strata, random)) {
    size_t test = part_of(stratum.size(), shares.test), validation = part_of(stratum.size(), shares.validation);
    if (stratum.size() >= 3 && test + validation >= stratum.size()) validation = stratum.size() - 1 - test;
    const auto begin = stratum.begin();
    const auto middle = begin + static_cast<std::ptrdiff_t>(test),
               end = middle + static_cast<std::ptrdiff_t>(validation);
    split.test.insert(split.test.end(), begin, middle);
    split.validation.insert(split.validation.end(), middle, end);
    split.train.insert(split.train.end(), end, stratum.end());
  }
  if (split.train.empty() || split.validation.empty() || split.test.empty())
    return fail(Code::invalid_data,
                fmt::format("{} rows with a known label are too few to train, validate and test", rows.size()),
                "Give at least some dozens of labelled rows; some thousands make a model worth having.");
  sort_all(split);
  return split;
}

std::vector<uint32_t> strata_of_numbers(std::span<const uint32_t> rows, std::span<const double> target) {
  constexpr size_t tenths = 10;
  std::vector<double> sorted;
  for (const uint32_t row : rows) sorted.push_back(target[row]);
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> cuts;
  for (size_t q = 1; q < tenths && !sorted.empty(); ++q) cuts.push_back(sorted[q * sorted.size() / tenths]);
  std::vector<uint32_t> out(target.size(), 0);
  for (const uint32_t row : rows)
    out[row] = static_cast<uint32_t>(std::upper_bound(cuts.begin(), cuts.end(), target[row]) - cuts.begin());
  return out;
}

Result<std::vector<Fold>> stratified_folds(std::span<const uint32_t> rows, std::span<const uint32_t> strata, int count,
                                           Random random) {
  LEEWAY_CHECK(check_folds(count));
  const auto folds = static_cast<size_t>(count);
  std::vector<Fold> out(folds);
  size_t next = 0;   // carried on from stratum to stratum, so that small ones do not all begin in the first fold
  for (const auto& stratum : shuffled(rows, strata, random)) {
    if (!stratum.empty() && stratum.size() < folds)
      return fail(Code::invalid_data,
                  fmt::format("a class has {} rows to learn from, fewer than the {} folds of cross-validation",
                              stratum.size(), folds),
                  "Give more rows of it, fewer --folds, or no tuning.");
    for (const uint32_t row : stratum) {
      for (size_t f = 0; f < folds; ++f) (f == next ? out[f].validation : out[f].train).push_back(row);
      next = (next + 1) % folds;
    }
  }
  for (auto& fold : out) {
    std::sort(fold.train.begin(), fold.train.end());
    std::sort(fold.validation.begin(), fold.validation.end());
  }
  return out;
}

Result<std::vector<Fold>> time_folds(std::span<const uint32_t> rows, std::span<const int64_t> times, int count) {
  LEEWAY_CHECK(check_folds(count));
  const auto folds = static_cast<size_t>(count);
  const Ordered ordered(rows, times);
  if (ordered.ends.size() < folds + 1)
    return fail(Code::invalid_data,
                fmt::format("{} instants are too few for {} folds over time", ordered.ends.size(), folds),
                "Give fewer --folds, or --split random.");
  std::vector<double> targets;
  for (size_t f = 1; f <= folds; ++f)
    targets.push_back(static_cast<double>(ordered.rows.size()) * static_cast<double>(f) /
                      static_cast<double>(folds + 1));
  const auto cuts = ordered.cuts(targets);
  std::vector<Fold> out;
  for (size_t f = 0; f < folds; ++f) {
    const size_t begin = ordered.ends[cuts[f]], end = f + 1 < folds ? ordered.ends[cuts[f + 1]] : ordered.rows.size();
    out.push_back({ordered.between(0, begin), ordered.between(begin, end)});
  }
  return out;
}

}   // namespace leeway::models
