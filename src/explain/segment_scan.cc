#include "explain/segment_scan.h"

#include <algorithm>

namespace leeway::explain {
namespace {

constexpr size_t width = 8;       // lanes are padded to whole vectors of doubles
constexpr size_t quantities = 6;  // rows, weights and squares of each side

// The test is written once, without branches or loops, so that the compiler can do many segments in one step.

/// One sample's smoothed mean, the variance of a row, and one over the rows.
struct Sample {
  double mean, variance, weight;
};

[[gnu::always_inline]] inline Sample sample_of(const stats::LevelSums& sums, double weight,
                                               const ScanContext& context) {
  const double mean = (sums.weights + context.pseudo_sum) * weight;
  return {mean, (sums.squares + context.pseudo_squares) * weight - mean * mean, weight};
}

/// The segment and its complement on one side.
struct SideSamples {
  Sample segment, rest;
};

[[gnu::always_inline]] inline SideSamples samples_of(const stats::LevelSums& part, const stats::LevelSums& total,
                                                     const ScanContext& context) {
  const stats::LevelSums others{total.rows - part.rows, total.weights - part.weights, total.squares - part.squares};
  // Both reciprocals by one division, the slowest step of all.
  const double rows = part.rows + 2.0, rest_rows = others.rows + 2.0, inverse = 1.0 / (rows * rest_rows);
  return {sample_of(part, rest_rows * inverse, context), sample_of(others, rows * inverse, context)};
}

/// Of the difference of two means: the separate variances, or the pooled one if that is larger. Of a small sample that
/// happens to lack its large losses both mean and variance are too low; against a large sample the pooled one notices.
[[gnu::always_inline]] inline double difference_variance(const Sample& a, const Sample& b) {
  const double separate = a.variance * a.weight + b.variance * b.weight;
  const double pooled = a.variance * b.weight + b.variance * a.weight;
  return separate > pooled ? separate : pooled;
}

[[gnu::always_inline]] inline Rise test_rise(const stats::LevelSums& reference, const stats::LevelSums& current,
                                             const ScanContext& context) {
  const auto before = samples_of(reference, context.total[0], context);
  const auto now = samples_of(current, context.total[1], context);
  const double change = now.segment.mean - before.segment.mean;
  const double variance = difference_variance(before.segment, now.segment);
  return {change, change - (now.rest.mean - before.rest.mean), variance,
          variance + difference_variance(before.rest, now.rest)};
}

[[gnu::always_inline]] inline bool has_support(const stats::LevelSums& reference, const stats::LevelSums& current,
                                               const ScanContext& context) {
  return (reference.rows >= context.min_rows[0]) & (context.total[0].rows - reference.rows >= context.min_rows[0]) &
         (current.rows >= context.min_rows[1]) & (context.total[1].rows - current.rows >= context.min_rows[1]);
}

using ScanRow = bool (*)(const double* from, const double* to, size_t lanes, const ScanContext& context, double bar,
                         int64_t* hits, int64_t& tested);

/// Tests the segments of all lanes for one right run, given by the sums before its first and behind its last column.
/// Flags those that rose and exceed `bar`, adds those with support to `tested`; true if any is flagged.
[[gnu::always_inline]] inline bool scan_row(const double* __restrict from, const double* __restrict to, size_t lanes,
                                            const ScanContext& shared, double bar, int64_t* __restrict hits,
                                            int64_t& tested) {
  const ScanContext context = shared;
  int64_t count = 0, found = 0;
  for (size_t lane = 0; lane < lanes; ++lane) {
    const auto sum = [&](size_t q) { return to[q * lanes + lane] - from[q * lanes + lane]; };
    const stats::LevelSums reference{sum(0), sum(1), sum(2)}, current{sum(3), sum(4), sum(5)};
    const Rise result = test_rise(reference, current, context);
    const bool enough = has_support(reference, current, context);
    const bool hit = enough & (result.change > 0) & (result.excess > 0) &
                     (result.change * result.change > bar * result.change_variance) &
                     (result.excess * result.excess > bar * result.excess_variance);
    count += enough;
    found |= hit;
    hits[lane] = hit;
  }
  tested += count;
  return found != 0;
}

#define LEEWAY_VECTORISED __attribute__((optimize("O3")))

LEEWAY_VECTORISED bool scan_row_portable(const double* from, const double* to, size_t lanes,
                                         const ScanContext& context, double bar, int64_t* hits, int64_t& tested) {
  return scan_row(from, to, lanes, context, bar, hits, tested);
}

#if defined(__x86_64__)

LEEWAY_VECTORISED __attribute__((target("avx2"))) bool scan_row_avx2(const double* from, const double* to,
                                                                     size_t lanes, const ScanContext& context,
                                                                     double bar, int64_t* hits, int64_t& tested) {
  return scan_row(from, to, lanes, context, bar, hits, tested);
}

LEEWAY_VECTORISED __attribute__((target("avx512f,avx512dq,prefer-vector-width=512"))) bool scan_row_avx512(
    const double* from, const double* to, size_t lanes, const ScanContext& context, double bar, int64_t* hits,
    int64_t& tested) {
  return scan_row(from, to, lanes, context, bar, hits, tested);
}

#endif

#undef LEEWAY_VECTORISED

struct Kernel {
  std::string_view name;
  ScanRow scan;
};

constexpr Kernel all_kernels[] = {
#if defined(__x86_64__)
    {"avx512", scan_row_avx512},
    {"avx2", scan_row_avx2},
#endif
    {"portable", scan_row_portable},
};

/// How many of all_kernels, from the front, this processor lacks the instructions for.
size_t unsupported_kernels() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return 0;
  if (__builtin_cpu_supports("avx2")) return 1;
  return 2;
#else
  return 0;
#endif
}

}  // namespace

Rise rise(const stats::LevelSums& reference, const stats::LevelSums& current, const ScanContext& context) {
  return test_rise(reference, current, context);
}

bool supported(const stats::LevelSums& reference, const stats::LevelSums& current, const ScanContext& context) {
  return has_support(reference, current, context);
}

std::span<const std::string_view> scan_kernels() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> supported;
    for (const auto& kernel : std::span(all_kernels).subspan(unsupported_kernels())) supported.push_back(kernel.name);
    return supported;
  }();
  return names;
}

GridScan::GridScan(std::string_view kernel) : scan_row_(scan_row_portable) {
  for (const auto& one : all_kernels)
    if (one.name == kernel) scan_row_ = one.scan;
}

void BestList::add(double z2, const Found& found) {
  if (!(z2 > bar())) return;
  if (entries_.size() == limit_) entries_.pop_back();
  auto at = entries_.end();
  while (at != entries_.begin() && z2 > std::prev(at)->z2) --at;
  entries_.insert(at, {z2, found});
}

void GridScan::accumulate(const Grid& grid, std::span<const Run> lefts) {
  lanes_ = (lefts.size() + width - 1) / width * width;
  const size_t plane = quantities * lanes_;
  cumulative_.assign((grid.columns + 1) * plane, 0.0);
  prefix_.assign(grid.rows + 1, 0.0);
  for (size_t column = 0; column < grid.columns; ++column)
    for (size_t q = 0; q < quantities; ++q) {
      const auto& cells = grid.cells[q / 3];
      for (size_t i = 0; i < grid.rows; ++i) {
        const auto& cell = cells[i * grid.columns + column];
        const double part[3] = {cell.rows, cell.weights, cell.squares};
        prefix_[i + 1] = prefix_[i] + part[q % 3];
      }
      const double* before = &cumulative_[column * plane + q * lanes_];
      double* after = &cumulative_[(column + 1) * plane + q * lanes_];
      for (size_t lane = 0; lane < lefts.size(); ++lane)
        after[lane] = before[lane] + (prefix_[lefts[lane].last + 1] - prefix_[lefts[lane].first]);
    }
}

int64_t GridScan::operator()(const Grid& grid, const ScanFeature& left, const ScanFeature& right,
                             const ScanContext& context, BestList& best) {
  accumulate(grid, left.runs);
  const size_t plane = quantities * lanes_;
  std::vector<int64_t> hits(lanes_);
  int64_t tested = 0;
  for (const Run& run : right.runs) {
    const double* from = &cumulative_[run.first * plane];
    const double* to = &cumulative_[(run.last + 1) * plane];
    if (!scan_row_(from, to, lanes_, context, best.bar(), hits.data(), tested)) continue;
    for (size_t lane = 0; lane < left.runs.size(); ++lane) {
      if (hits[lane] == 0) continue;
      const auto sum = [&](size_t q) { return to[q * lanes_ + lane] - from[q * lanes_ + lane]; };
      const stats::LevelSums reference{sum(0), sum(1), sum(2)}, current{sum(3), sum(4), sum(5)};
      best.add(rise(reference, current, context).z2(), {left.number, right.number, left.runs[lane], run});
    }
  }
  return tested;
}

}  // namespace leeway::explain
