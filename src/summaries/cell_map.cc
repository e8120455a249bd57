#include "summaries/cell_map.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/simd.h"
#include "stats/order_key.h"

namespace leeway {
namespace {

using stats::order_key;

constexpr uint32_t first_level = 1u << 14;
constexpr size_t block = CellMap::block_size;

// The maps as small functors: one definition serves single values and vectorised blocks. All clamp first, so that
// doubles beyond the reference, and hostile parameters, still give a bucket in range.
struct Linear {
  double origin, scale, last;
  explicit Linear(const CellMap& m) : origin(m.origin), scale(m.scale), last(m.buckets - 1.0) {}
  LEEWAY_SIMD_LOOP uint32_t operator()(double x) const {
    double t = (x - origin) * scale;
    t = t > 0 ? t : 0;
    t = t < last ? t : last;
    return static_cast<uint32_t>(static_cast<int32_t>(t));
  }
};

struct Key {
  uint64_t first, last_key, shift;
  explicit Key(const CellMap& m) : first(m.first_key), last_key(m.last_key), shift(m.shift) {}
  LEEWAY_SIMD_LOOP uint64_t clamped(double x) const {
    uint64_t key = order_key(x);
    key = key < first ? first : key;
    return key > last_key ? last_key : key;
  }
};

struct KeyShift : Key {
  uint32_t last;
  explicit KeyShift(const CellMap& m) : Key(m), last(m.buckets - 1) {}
  LEEWAY_SIMD_LOOP uint32_t operator()(double x) const {
    const auto bucket = static_cast<uint32_t>((clamped(x) - first) >> shift);
    return bucket < last ? bucket : last;
  }
};

struct TwoLevel : Key {
  const CellMap::Segment* segments;
  explicit TwoLevel(const CellMap& m) : Key(m), segments(m.segments.data()) {}
  LEEWAY_SIMD_LOOP uint32_t operator()(double x) const {
    const uint64_t key = clamped(x);
    const CellMap::Segment& s = segments[(key - first) >> shift];
    const uint64_t start = s.first_key;
    const uint64_t offset = ((key > start ? key : start) - start) >> s.shift;
    return s.base + static_cast<uint32_t>(offset < s.last ? offset : s.last);
  }
};

template <class Map>
struct Pivoted {
  Map map;
  const double* pivots;
  LEEWAY_SIMD_LOOP uint32_t operator()(double x) const {
    const uint32_t bucket = map(x);
    const double pivot = pivots[bucket];
    return 3 * bucket + static_cast<uint32_t>(x >= pivot) + static_cast<uint32_t>(x > pivot);
  }
};

/// Calls use(functor) with the functor of this map.
template <class Use>
auto with_map(const CellMap& m, Use use) {
  const auto maybe_pivoted = [&](auto map) {
    return m.pivots.empty() ? use(map) : use(Pivoted<decltype(map)>{map, m.pivots.data()});
  };
  switch (m.kind) {
    case CellMap::Kind::key_shift: return maybe_pivoted(KeyShift(m));
    case CellMap::Kind::two_level: return maybe_pivoted(TwoLevel(m));
    case CellMap::Kind::linear: break;
  }
  return maybe_pivoted(Linear(m));
}

/// A reference as rows per distinct value.
struct Sample {
  std::span<const double> distinct;
  std::span<const uint32_t> cumulative;
  double size() const { return at_most(distinct.size() - 1); }
  double at_most(size_t i) const { return cumulative.empty() ? static_cast<double>(i) + 1 : cumulative[i]; }
  double count(size_t i) const { return i == 0 ? at_most(0) : at_most(i) - at_most(i - 1); }
  /// The value below which a share q of the rows lies.
  double quantile(double q) const {
    const double rank = q * size();
    if (cumulative.empty()) return distinct[std::min(distinct.size() - 1, static_cast<size_t>(rank))];
    const auto at = std::upper_bound(cumulative.begin(), cumulative.end() - 1, static_cast<uint32_t>(rank));
    return distinct[static_cast<size_t>(at - cumulative.begin())];
  }
};

/// Calls each(bucket, first, last) for the runs of distinct values that share a bucket.
template <class Each>
void for_each_bucket(const CellMap& map, std::span<const double> distinct, Each each) {
  std::vector<double> values(block);
  std::vector<uint32_t> ids(block);
  size_t run = 0;
  uint32_t bucket = 0;
  for (size_t from = 0; from < distinct.size(); from += block) {
    const size_t count = std::min(block, distinct.size() - from);
    std::copy_n(distinct.begin() + static_cast<ptrdiff_t>(from), count, values.begin());
    map.cells_of_block(values.data(), ids.data());
    for (size_t i = 0; i < count; ++i) {
      if (from + i == 0) bucket = ids[0];
      if (ids[i] == bucket) continue;
      each(bucket, run, from + i);
      run = from + i;
      bucket = ids[i];
    }
  }
  each(bucket, run, distinct.size());
}

size_t heaviest(const Sample& sample, size_t first, size_t last) {
  if (sample.cumulative.empty()) return first;
  size_t best = first;
  for (size_t i = first + 1; i < last; ++i)
    if (sample.count(i) > sample.count(best)) best = i;
  return best;
}

/// Σ mass² over the buckets that hold several values, the pivot's left out: the expected work of a refinement.
double crowding(const CellMap& map, const Sample& sample, bool pivoted) {
  double sum = 0;
  for_each_bucket(map, sample.distinct, [&](uint32_t, size_t first, size_t last) {
    if (last - first < 2) return;
    double rows = sample.at_most(last - 1) - (first == 0 ? 0 : sample.at_most(first - 1));
    if (pivoted) rows -= sample.count(heaviest(sample, first, last));
    sum += rows / sample.size() * rows / sample.size();
  });
  return sum;
}

/// The least shift after which numbers up to `range` are below `count`.
uint64_t shift_for(uint64_t range, uint64_t count) {
  uint64_t shift = 0;
  while (range >> shift >= count) ++shift;
  return shift;
}

CellMap linear_map(const Sample& sample, uint32_t buckets) {
  CellMap map;
  map.buckets = buckets;
  map.origin = sample.quantile(0.0005);
  const double width = sample.quantile(0.9995) - map.origin;
  map.scale = (buckets - 1) / width;
  // Too narrow or too wide for the arithmetic: one bucket, which loses every comparison.
  if (!(width > 0) || !std::isnormal(width) || !std::isnormal(map.scale)) map.scale = 0, map.buckets = 1, map.origin = 0;
  return map;
}

CellMap key_shift_map(const Sample& sample, uint32_t buckets) {
  CellMap map;
  map.kind = CellMap::Kind::key_shift;
  map.first_key = order_key(sample.distinct.front());
  map.last_key = order_key(sample.distinct.back());
  map.shift = shift_for(map.last_key - map.first_key, buckets);
  map.buckets = static_cast<uint32_t>((map.last_key - map.first_key) >> map.shift) + 1;
  return map;
}

CellMap two_level_map(const Sample& sample, uint32_t buckets, std::vector<CellMap::Segment>& segments) {
  CellMap map = key_shift_map(sample, first_level);
  map.kind = CellMap::Kind::two_level;
  segments.assign(map.buckets, {});
  std::vector<std::pair<size_t, size_t>> runs(map.buckets, {0, 0});
  CellMap level = map;
  level.kind = CellMap::Kind::key_shift;
  for_each_bucket(level, sample.distinct, [&](uint32_t cell, size_t first, size_t last) { runs[cell] = {first, last}; });
  uint32_t next = 0;
  for (size_t cell = 0; cell < segments.size(); ++cell) {
    const auto [first, last] = runs[cell];
    if (first == last) {  // no reference value: share the bucket before
      segments[cell] = {0, next > 0 ? next - 1 : 0, 0, 0};
      continue;
    }
    const double mass = sample.at_most(last - 1) - (first == 0 ? 0 : sample.at_most(first - 1));
    const auto share = static_cast<uint64_t>(mass / sample.size() * buckets) + 1;
    const uint64_t low = order_key(sample.distinct[first]), range = order_key(sample.distinct[last - 1]) - low;
    const uint64_t shift = shift_for(range, share);
    segments[cell] = {low, next, static_cast<uint32_t>(range >> shift), shift};
    next += segments[cell].last + 1;
  }
  map.buckets = next;
  map.segments = segments;
  return map;
}

std::vector<double> choose_pivots(const CellMap& map, const Sample& sample) {
  std::vector<double> pivots(map.buckets, std::numeric_limits<double>::infinity());
  for_each_bucket(map, sample.distinct, [&](uint32_t bucket, size_t first, size_t last) {
    pivots[bucket] = sample.distinct[heaviest(sample, first, last)];
  });
  return pivots;
}

bool has_atom(const Sample& sample) {
  if (sample.cumulative.empty()) return sample.size() < 2048;
  for (size_t i = 0; i < sample.distinct.size(); ++i)
    if (sample.count(i) * 2048 > sample.size()) return true;
  return false;
}

}  // namespace

uint32_t CellMap::cell(double x) const {
  return with_map(*this, [x](auto map) { return map(x); });
}

void CellMap::cells_of_block(const double* values, uint32_t* out) const {
  with_map(*this, [=](auto map) {
    simd::run([=]() LEEWAY_SIMD_LOOP {
      const double* __restrict from = values;
      uint32_t* __restrict to = out;
      for (size_t i = 0; i < block; ++i) to[i] = map(from[i]);
    });
  });
}

CellMap choose_cell_map(std::span<const double> distinct, std::span<const uint32_t> cumulative, uint32_t buckets,
                        bool pivots, CellMapTables& tables) {
  const Sample sample{distinct, cumulative};
  const bool pivoted = pivots && has_atom(sample);
  if (pivoted) buckets = std::max(64u, buckets / 4);  // three cells each
  const double good = 8.0 / buckets;
  CellMap best = linear_map(sample, buckets);
  double best_crowding = crowding(best, sample, pivoted);
  if (best_crowding > good) {
    const CellMap keyed = key_shift_map(sample, buckets);
    const double keyed_crowding = crowding(keyed, sample, pivoted);
    if (keyed_crowding <= good || keyed_crowding * 2 < best_crowding) best = keyed, best_crowding = keyed_crowding;
  }
  if (best_crowding > good) {
    const CellMap fine = two_level_map(sample, buckets, tables.segments);
    if (crowding(fine, sample, pivoted) * 4 < best_crowding) best = fine;
    else tables.segments.clear();
  }
  if (pivoted) {
    tables.pivots = choose_pivots(best, sample);
    best.pivots = tables.pivots;
  }
  return best;
}

}  // namespace leeway
